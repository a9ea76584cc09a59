"""Makes this bundle again: python models/anion_gap/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.electrolytes import ANION_GAP

if __name__ == "__main__":
    write(ANION_GAP, Path(__file__).parent)
