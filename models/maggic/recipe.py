"""Makes this bundle again: python models/maggic/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.heart_failure import MAGGIC

if __name__ == "__main__":
    write(MAGGIC, Path(__file__).parent)
