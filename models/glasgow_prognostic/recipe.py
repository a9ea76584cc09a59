"""Makes this bundle again: python models/glasgow_prognostic/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.oncology import GLASGOW_PROGNOSTIC

if __name__ == "__main__":
    write(GLASGOW_PROGNOSTIC, Path(__file__).parent)
