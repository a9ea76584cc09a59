"""Makes this bundle again: python models/glasgow_alcoholic_hepatitis/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_disease import GLASGOW_ALCOHOLIC_HEPATITIS

if __name__ == "__main__":
    write(GLASGOW_ALCOHOLIC_HEPATITIS, Path(__file__).parent)
