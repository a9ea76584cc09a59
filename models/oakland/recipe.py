"""Makes this bundle again: python models/oakland/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.gi_bleeding import OAKLAND

if __name__ == "__main__":
    write(OAKLAND, Path(__file__).parent)
