"""Makes this bundle again: python models/abcd2/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.stroke import ABCD2

if __name__ == "__main__":
    write(ABCD2, Path(__file__).parent)
