"""Makes this bundle again: python models/news2/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.early_warning import NEWS2

if __name__ == "__main__":
    write(NEWS2, Path(__file__).parent)
