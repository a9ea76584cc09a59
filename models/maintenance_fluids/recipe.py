"""Makes this bundle again: python models/maintenance_fluids/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.body_size import MAINTENANCE_FLUIDS

if __name__ == "__main__":
    write(MAINTENANCE_FLUIDS, Path(__file__).parent)
