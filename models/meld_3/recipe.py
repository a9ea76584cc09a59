"""Makes this bundle again: python models/meld_3/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_failure import MELD_3

if __name__ == "__main__":
    write(MELD_3, Path(__file__).parent)
