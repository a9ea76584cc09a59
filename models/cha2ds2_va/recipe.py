"""Makes this bundle again: python models/cha2ds2_va/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.atrial_fibrillation import CHA2DS2_VA

if __name__ == "__main__":
    write(CHA2DS2_VA, Path(__file__).parent)
