"""Makes this bundle again: python models/alvarado/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.infection import ALVARADO

if __name__ == "__main__":
    write(ALVARADO, Path(__file__).parent)
