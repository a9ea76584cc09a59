"""Makes this bundle again: python models/findrisc/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.diabetes import FINDRISC

if __name__ == "__main__":
    write(FINDRISC, Path(__file__).parent)
