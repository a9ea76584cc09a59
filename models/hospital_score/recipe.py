"""Makes this bundle again: python models/hospital_score/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.discharge import HOSPITAL

if __name__ == "__main__":
    write(HOSPITAL, Path(__file__).parent)
