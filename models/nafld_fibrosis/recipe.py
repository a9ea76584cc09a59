"""Makes this bundle again: python models/nafld_fibrosis/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_fibrosis import NAFLD_FIBROSIS

if __name__ == "__main__":
    write(NAFLD_FIBROSIS, Path(__file__).parent)
