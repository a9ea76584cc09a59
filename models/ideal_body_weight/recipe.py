"""Makes this bundle again: python models/ideal_body_weight/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.body_size import IDEAL_BODY_WEIGHT

if __name__ == "__main__":
    write(IDEAL_BODY_WEIGHT, Path(__file__).parent)
