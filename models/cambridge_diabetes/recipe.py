"""Makes this bundle again: python models/cambridge_diabetes/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.undiagnosed_diabetes import CAMBRIDGE_DIABETES

if __name__ == "__main__":
    write(CAMBRIDGE_DIABETES, Path(__file__).parent)
