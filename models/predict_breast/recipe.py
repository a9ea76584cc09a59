"""Makes this bundle again: python models/predict_breast/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.breast_cancer import PREDICT_BREAST

if __name__ == "__main__":
    write(PREDICT_BREAST, Path(__file__).parent)
