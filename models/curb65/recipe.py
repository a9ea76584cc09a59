"""Makes this bundle again: python models/curb65/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.pneumonia import CURB65

if __name__ == "__main__":
    write(CURB65, Path(__file__).parent)
