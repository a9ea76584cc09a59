"""Makes this bundle again: python models/ukeld/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_failure import UKELD

if __name__ == "__main__":
    write(UKELD, Path(__file__).parent)
