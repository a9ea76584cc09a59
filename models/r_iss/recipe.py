"""Makes this bundle again: python models/r_iss/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.leukaemia import R_ISS

if __name__ == "__main__":
    write(R_ISS, Path(__file__).parent)
