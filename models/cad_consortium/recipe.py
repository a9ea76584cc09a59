"""Makes this bundle again: python models/cad_consortium/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.coronary import CAD_CONSORTIUM

if __name__ == "__main__":
    write(CAD_CONSORTIUM, Path(__file__).parent)
