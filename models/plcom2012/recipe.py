"""Makes this bundle again: python models/plcom2012/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lung_cancer import PLCOM2012

if __name__ == "__main__":
    write(PLCOM2012, Path(__file__).parent)
