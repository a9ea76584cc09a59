"""Makes this bundle again: python models/cockcroft_gault/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.kidney_function import COCKCROFT_GAULT

if __name__ == "__main__":
    write(COCKCROFT_GAULT, Path(__file__).parent)
