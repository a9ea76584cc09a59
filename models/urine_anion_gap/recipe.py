"""Makes this bundle again: python models/urine_anion_gap/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.urine import URINE_ANION_GAP

if __name__ == "__main__":
    write(URINE_ANION_GAP, Path(__file__).parent)
