"""Makes this bundle again: python models/kdigo_stage/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.kidney_failure import KDIGO_STAGE

if __name__ == "__main__":
    write(KDIGO_STAGE, Path(__file__).parent)
