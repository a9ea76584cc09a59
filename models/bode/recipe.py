"""Makes this bundle again: python models/bode/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lung import BODE

if __name__ == "__main__":
    write(BODE, Path(__file__).parent)
