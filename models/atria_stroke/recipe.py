"""Makes this bundle again: python models/atria_stroke/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.atrial_fibrillation import ATRIA_STROKE

if __name__ == "__main__":
    write(ATRIA_STROKE, Path(__file__).parent)
