"""Makes this bundle again: python models/apgar/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.emergency import APGAR

if __name__ == "__main__":
    write(APGAR, Path(__file__).parent)
