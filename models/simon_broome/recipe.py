"""Makes this bundle again: python models/simon_broome/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lipids import SIMON_BROOME

if __name__ == "__main__":
    write(SIMON_BROOME, Path(__file__).parent)
