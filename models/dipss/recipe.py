"""Makes this bundle again: python models/dipss/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.leukaemia import DIPSS

if __name__ == "__main__":
    write(DIPSS, Path(__file__).parent)
