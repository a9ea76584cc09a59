"""Makes this bundle again: python models/albumin_creatinine_ratio/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.urine import ALBUMIN_CREATININE_RATIO

if __name__ == "__main__":
    write(ALBUMIN_CREATININE_RATIO, Path(__file__).parent)
