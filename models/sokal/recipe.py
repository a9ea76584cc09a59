"""Makes this bundle again: python models/sokal/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.leukaemia import SOKAL

if __name__ == "__main__":
    write(SOKAL, Path(__file__).parent)
