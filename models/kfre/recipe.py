"""Makes this bundle again: python models/kfre/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.kidney_failure import KFRE

if __name__ == "__main__":
    write(KFRE, Path(__file__).parent)
