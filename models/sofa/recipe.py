"""Makes this bundle again: python models/sofa/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.sepsis import SOFA

if __name__ == "__main__":
    write(SOFA, Path(__file__).parent)
