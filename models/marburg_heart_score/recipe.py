"""Makes this bundle again: python models/marburg_heart_score/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.coronary import MARBURG

if __name__ == "__main__":
    write(MARBURG, Path(__file__).parent)
