"""Makes this bundle again: python models/serum_osmolality/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.water import SERUM_OSMOLALITY

if __name__ == "__main__":
    write(SERUM_OSMOLALITY, Path(__file__).parent)
