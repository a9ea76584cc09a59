"""Makes this bundle again: python models/shock_index/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.early_warning import SHOCK_INDEX

if __name__ == "__main__":
    write(SHOCK_INDEX, Path(__file__).parent)
