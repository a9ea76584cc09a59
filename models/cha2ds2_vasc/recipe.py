"""Makes this bundle again: python models/cha2ds2_vasc/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.atrial_fibrillation import CHA2DS2_VASC

if __name__ == "__main__":
    write(CHA2DS2_VASC, Path(__file__).parent)
