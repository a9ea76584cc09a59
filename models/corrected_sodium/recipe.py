"""Makes this bundle again: python models/corrected_sodium/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.electrolytes import CORRECTED_SODIUM

if __name__ == "__main__":
    write(CORRECTED_SODIUM, Path(__file__).parent)
