"""Makes this bundle again: python models/feverpain/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.infection import FEVERPAIN

if __name__ == "__main__":
    write(FEVERPAIN, Path(__file__).parent)
