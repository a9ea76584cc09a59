"""Makes this bundle again: python models/apri/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_fibrosis import APRI

if __name__ == "__main__":
    write(APRI, Path(__file__).parent)
