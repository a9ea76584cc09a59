"""Makes this bundle again: python models/ldl_sampson/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.metabolism import LDL_SAMPSON

if __name__ == "__main__":
    write(LDL_SAMPSON, Path(__file__).parent)
