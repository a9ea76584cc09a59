"""Makes this bundle again: python models/predict_breast_v30/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.breast_cancer import PREDICT_BREAST_V30

if __name__ == "__main__":
    write(PREDICT_BREAST_V30, Path(__file__).parent)
