"""Makes this bundle again: python models/qsofa/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.sepsis import QSOFA

if __name__ == "__main__":
    write(QSOFA, Path(__file__).parent)
