"""Makes this bundle again: python models/canadian_syncope/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.emergency import CANADIAN_SYNCOPE

if __name__ == "__main__":
    write(CANADIAN_SYNCOPE, Path(__file__).parent)
