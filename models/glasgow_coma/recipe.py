"""Makes this bundle again: python models/glasgow_coma/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.emergency import GLASGOW_COMA

if __name__ == "__main__":
    write(GLASGOW_COMA, Path(__file__).parent)
