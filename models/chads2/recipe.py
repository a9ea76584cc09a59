"""Makes this bundle again: python models/chads2/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.atrial_fibrillation import CHADS2

if __name__ == "__main__":
    write(CHADS2, Path(__file__).parent)
