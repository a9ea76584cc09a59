"""Makes this bundle again: python models/r_factor/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_disease import R_FACTOR

if __name__ == "__main__":
    write(R_FACTOR, Path(__file__).parent)
