"""Makes this bundle again: python models/four_ts/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.heparin import FOUR_TS

if __name__ == "__main__":
    write(FOUR_TS, Path(__file__).parent)
