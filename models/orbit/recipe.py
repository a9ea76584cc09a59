"""Makes this bundle again: python models/orbit/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.bleeding import ORBIT

if __name__ == "__main__":
    write(ORBIT, Path(__file__).parent)
