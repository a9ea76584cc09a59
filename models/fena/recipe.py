"""Makes this bundle again: python models/fena/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.urine import FENA

if __name__ == "__main__":
    write(FENA, Path(__file__).parent)
