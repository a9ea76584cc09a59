"""Makes this bundle again: python models/rockall/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.gi_bleeding import ROCKALL

if __name__ == "__main__":
    write(ROCKALL, Path(__file__).parent)
