"""Makes this bundle again: python models/spesi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.embolism_outcome import SPESI

if __name__ == "__main__":
    write(SPESI, Path(__file__).parent)
