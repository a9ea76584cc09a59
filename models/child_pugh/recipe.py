"""Makes this bundle again: python models/child_pugh/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_failure import CHILD_PUGH

if __name__ == "__main__":
    write(CHILD_PUGH, Path(__file__).parent)
