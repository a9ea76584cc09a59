"""Makes this bundle again: python models/timi_nstemi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.acute_coronary import TIMI_NSTEMI

if __name__ == "__main__":
    write(TIMI_NSTEMI, Path(__file__).parent)
