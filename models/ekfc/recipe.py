"""Makes this bundle again: python models/ekfc/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.kidney_function import EKFC

if __name__ == "__main__":
    write(EKFC, Path(__file__).parent)
