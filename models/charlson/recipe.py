"""Makes this bundle again: python models/charlson/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.comorbidity import CHARLSON

if __name__ == "__main__":
    write(CHARLSON, Path(__file__).parent)
