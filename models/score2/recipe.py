"""Makes this bundle again: python models/score2/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.score2 import SCORE2

if __name__ == "__main__":
    write(SCORE2, Path(__file__).parent)
