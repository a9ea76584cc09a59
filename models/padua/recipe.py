"""Makes this bundle again: python models/padua/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.surgery_thrombosis import PADUA

if __name__ == "__main__":
    write(PADUA, Path(__file__).parent)
