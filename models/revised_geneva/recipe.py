"""Makes this bundle again: python models/revised_geneva/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.embolism_outcome import REVISED_GENEVA

if __name__ == "__main__":
    write(REVISED_GENEVA, Path(__file__).parent)
