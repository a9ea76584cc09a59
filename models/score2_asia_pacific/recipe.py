"""Makes this bundle again: python models/score2_asia_pacific/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.score2 import SCORE2_ASIA_PACIFIC

if __name__ == "__main__":
    write(SCORE2_ASIA_PACIFIC, Path(__file__).parent)
