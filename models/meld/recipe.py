"""Makes this bundle again: python models/meld/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_failure import MELD

if __name__ == "__main__":
    write(MELD, Path(__file__).parent)
