"""Makes this bundle again: python models/delta_ratio/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.electrolytes import DELTA_RATIO

if __name__ == "__main__":
    write(DELTA_RATIO, Path(__file__).parent)
