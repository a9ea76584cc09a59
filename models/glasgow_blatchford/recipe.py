"""Makes this bundle again: python models/glasgow_blatchford/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.gi_bleeding import GLASGOW_BLATCHFORD

if __name__ == "__main__":
    write(GLASGOW_BLATCHFORD, Path(__file__).parent)
