"""Makes this bundle again: python models/qrisk3/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.qrisk3 import QRISK3

if __name__ == "__main__":
    write(QRISK3, Path(__file__).parent)
