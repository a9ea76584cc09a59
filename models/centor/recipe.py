"""Makes this bundle again: python models/centor/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.infection import CENTOR

if __name__ == "__main__":
    write(CENTOR, Path(__file__).parent)
