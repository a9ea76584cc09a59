"""Makes this bundle again: python models/mayo_nodule/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lung_cancer import MAYO_NODULE

if __name__ == "__main__":
    write(MAYO_NODULE, Path(__file__).parent)
