"""Makes this bundle again: python models/improve_vte/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.embolism_outcome import IMPROVE_VTE

if __name__ == "__main__":
    write(IMPROVE_VTE, Path(__file__).parent)
