"""Makes this bundle again: python models/rcri/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.surgery import RCRI

if __name__ == "__main__":
    write(RCRI, Path(__file__).parent)
