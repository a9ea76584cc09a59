"""Makes this bundle again: python models/feurea/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.urine import FEUREA

if __name__ == "__main__":
    write(FEUREA, Path(__file__).parent)
