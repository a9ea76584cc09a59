"""Makes this bundle again: python models/rems/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.early_warning import REMS

if __name__ == "__main__":
    write(REMS, Path(__file__).parent)
