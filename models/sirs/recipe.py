"""Makes this bundle again: python models/sirs/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.sepsis import SIRS

if __name__ == "__main__":
    write(SIRS, Path(__file__).parent)
