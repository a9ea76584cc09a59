"""Makes this bundle again: python models/pce/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.pooled_cohort import PCE

if __name__ == "__main__":
    write(PCE, Path(__file__).parent)
