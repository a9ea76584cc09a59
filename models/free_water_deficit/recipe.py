"""Makes this bundle again: python models/free_water_deficit/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.water import FREE_WATER_DEFICIT

if __name__ == "__main__":
    write(FREE_WATER_DEFICIT, Path(__file__).parent)
