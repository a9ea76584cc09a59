"""Makes this bundle again: python models/perc/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.venous_thrombosis import PERC

if __name__ == "__main__":
    write(PERC, Path(__file__).parent)
