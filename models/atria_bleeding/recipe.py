"""Makes this bundle again: python models/atria_bleeding/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.bleeding import ATRIA_BLEEDING

if __name__ == "__main__":
    write(ATRIA_BLEEDING, Path(__file__).parent)
