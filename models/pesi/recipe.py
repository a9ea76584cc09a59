"""Makes this bundle again: python models/pesi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.embolism_outcome import PESI

if __name__ == "__main__":
    write(PESI, Path(__file__).parent)
