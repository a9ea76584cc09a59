"""Makes this bundle again: python models/hscore/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.coagulation import HSCORE

if __name__ == "__main__":
    write(HSCORE, Path(__file__).parent)
