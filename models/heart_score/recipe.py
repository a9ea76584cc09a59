"""Makes this bundle again: python models/heart_score/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.acute_coronary import HEART_SCORE

if __name__ == "__main__":
    write(HEART_SCORE, Path(__file__).parent)
