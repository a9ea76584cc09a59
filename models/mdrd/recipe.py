"""Makes this bundle again: python models/mdrd/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.kidney_function import MDRD

if __name__ == "__main__":
    write(MDRD, Path(__file__).parent)
