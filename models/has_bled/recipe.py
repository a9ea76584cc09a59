"""Makes this bundle again: python models/has_bled/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.bleeding import HAS_BLED

if __name__ == "__main__":
    write(HAS_BLED, Path(__file__).parent)
