"""Makes this bundle again: python models/grace/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.acute_coronary import GRACE

if __name__ == "__main__":
    write(GRACE, Path(__file__).parent)
