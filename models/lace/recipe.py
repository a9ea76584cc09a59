"""Makes this bundle again: python models/lace/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.discharge import LACE

if __name__ == "__main__":
    write(LACE, Path(__file__).parent)
