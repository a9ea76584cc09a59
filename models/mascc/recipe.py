"""Makes this bundle again: python models/mascc/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.oncology import MASCC

if __name__ == "__main__":
    write(MASCC, Path(__file__).parent)
