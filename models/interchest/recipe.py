"""Makes this bundle again: python models/interchest/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.coronary import INTERCHEST

if __name__ == "__main__":
    write(INTERCHEST, Path(__file__).parent)
