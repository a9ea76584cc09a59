"""Makes this bundle again: python models/capra/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.oncology import CAPRA

if __name__ == "__main__":
    write(CAPRA, Path(__file__).parent)
