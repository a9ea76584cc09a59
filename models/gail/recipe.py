"""Makes this bundle again: python models/gail/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.gail import GAIL

if __name__ == "__main__":
    write(GAIL, Path(__file__).parent)
