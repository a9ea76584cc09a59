"""Makes this bundle again: python models/years/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.venous_thrombosis import YEARS

if __name__ == "__main__":
    write(YEARS, Path(__file__).parent)
