"""Makes this bundle again: python models/framingham_lipid/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.framingham import FRAMINGHAM_LIPID

if __name__ == "__main__":
    write(FRAMINGHAM_LIPID, Path(__file__).parent)
