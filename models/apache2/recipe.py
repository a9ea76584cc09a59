"""Makes this bundle again: python models/apache2/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.intensive_care import APACHE2

if __name__ == "__main__":
    write(APACHE2, Path(__file__).parent)
