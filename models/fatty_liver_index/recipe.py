"""Makes this bundle again: python models/fatty_liver_index/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.metabolism import FATTY_LIVER_INDEX

if __name__ == "__main__":
    write(FATTY_LIVER_INDEX, Path(__file__).parent)
