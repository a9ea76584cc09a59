"""Makes this bundle again: python models/abic/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_disease import ABIC

if __name__ == "__main__":
    write(ABIC, Path(__file__).parent)
