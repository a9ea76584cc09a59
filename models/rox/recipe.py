"""Makes this bundle again: python models/rox/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lung import ROX

if __name__ == "__main__":
    write(ROX, Path(__file__).parent)
