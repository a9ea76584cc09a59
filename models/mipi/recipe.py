"""Makes this bundle again: python models/mipi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lymphoma import MIPI

if __name__ == "__main__":
    write(MIPI, Path(__file__).parent)
