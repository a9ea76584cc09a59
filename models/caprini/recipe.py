"""Makes this bundle again: python models/caprini/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.surgery_thrombosis import CAPRINI

if __name__ == "__main__":
    write(CAPRINI, Path(__file__).parent)
