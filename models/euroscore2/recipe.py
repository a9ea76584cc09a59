"""Makes this bundle again: python models/euroscore2/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.surgery import EUROSCORE_2

if __name__ == "__main__":
    write(EUROSCORE_2, Path(__file__).parent)
