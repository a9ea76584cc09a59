"""Makes this bundle again: python models/nottingham_index/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.breast_cancer import NOTTINGHAM_INDEX

if __name__ == "__main__":
    write(NOTTINGHAM_INDEX, Path(__file__).parent)
