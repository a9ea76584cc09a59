"""Makes this bundle again: python models/sic/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.coagulation import SIC

if __name__ == "__main__":
    write(SIC, Path(__file__).parent)
