"""Makes this bundle again: python models/corrected_calcium/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.electrolytes import CORRECTED_CALCIUM

if __name__ == "__main__":
    write(CORRECTED_CALCIUM, Path(__file__).parent)
