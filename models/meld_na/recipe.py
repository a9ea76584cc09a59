"""Makes this bundle again: python models/meld_na/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_failure import MELD_NA

if __name__ == "__main__":
    write(MELD_NA, Path(__file__).parent)
