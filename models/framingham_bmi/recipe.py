"""Makes this bundle again: python models/framingham_bmi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.framingham import FRAMINGHAM_BMI

if __name__ == "__main__":
    write(FRAMINGHAM_BMI, Path(__file__).parent)
