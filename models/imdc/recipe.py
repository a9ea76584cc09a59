"""Makes this bundle again: python models/imdc/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.oncology import IMDC

if __name__ == "__main__":
    write(IMDC, Path(__file__).parent)
