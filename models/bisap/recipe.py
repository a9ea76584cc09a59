"""Makes this bundle again: python models/bisap/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.pancreatitis import BISAP

if __name__ == "__main__":
    write(BISAP, Path(__file__).parent)
