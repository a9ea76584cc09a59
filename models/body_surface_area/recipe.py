"""Makes this bundle again: python models/body_surface_area/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.body_size import BODY_SURFACE_AREA

if __name__ == "__main__":
    write(BODY_SURFACE_AREA, Path(__file__).parent)
