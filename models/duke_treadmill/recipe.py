"""Makes this bundle again: python models/duke_treadmill/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.coronary import DUKE

if __name__ == "__main__":
    write(DUKE, Path(__file__).parent)
