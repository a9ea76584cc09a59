"""Makes this bundle again: python models/timi_stemi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.acute_coronary import TIMI_STEMI

if __name__ == "__main__":
    write(TIMI_STEMI, Path(__file__).parent)
