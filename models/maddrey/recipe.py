"""Makes this bundle again: python models/maddrey/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_disease import MADDREY

if __name__ == "__main__":
    write(MADDREY, Path(__file__).parent)
