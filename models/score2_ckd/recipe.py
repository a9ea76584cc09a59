"""Makes this bundle again: python models/score2_ckd/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.score2_conditions import SCORE2_CKD

if __name__ == "__main__":
    write(SCORE2_CKD, Path(__file__).parent)
