"""Makes this bundle again: python models/dutch_lipid_clinic/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lipids import DLCN

if __name__ == "__main__":
    write(DLCN, Path(__file__).parent)
