"""Makes this bundle again: python models/chinese_diabetes_risk/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.undiagnosed_diabetes import CHINESE_DIABETES_RISK

if __name__ == "__main__":
    write(CHINESE_DIABETES_RISK, Path(__file__).parent)
