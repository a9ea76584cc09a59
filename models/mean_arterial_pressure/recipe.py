"""Makes this bundle again: python models/mean_arterial_pressure/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.body_size import MEAN_ARTERIAL_PRESSURE

if __name__ == "__main__":
    write(MEAN_ARTERIAL_PRESSURE, Path(__file__).parent)
