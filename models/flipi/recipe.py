"""Makes this bundle again: python models/flipi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lymphoma import FLIPI

if __name__ == "__main__":
    write(FLIPI, Path(__file__).parent)
