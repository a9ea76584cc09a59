"""Makes this bundle again: python models/lrinec/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.infection import LRINEC

if __name__ == "__main__":
    write(LRINEC, Path(__file__).parent)
