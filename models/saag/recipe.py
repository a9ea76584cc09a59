"""Makes this bundle again: python models/saag/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_disease import SAAG

if __name__ == "__main__":
    write(SAAG, Path(__file__).parent)
