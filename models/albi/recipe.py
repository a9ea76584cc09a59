"""Makes this bundle again: python models/albi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_failure import ALBI

if __name__ == "__main__":
    write(ALBI, Path(__file__).parent)
