"""Makes this bundle again: python models/ldl_cholesterol/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.metabolism import LDL_CHOLESTEROL

if __name__ == "__main__":
    write(LDL_CHOLESTEROL, Path(__file__).parent)
