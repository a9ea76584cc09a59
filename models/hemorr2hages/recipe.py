"""Makes this bundle again: python models/hemorr2hages/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.bleeding import HEMORR2HAGES

if __name__ == "__main__":
    write(HEMORR2HAGES, Path(__file__).parent)
