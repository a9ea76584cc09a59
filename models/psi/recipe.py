"""Makes this bundle again: python models/psi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.pneumonia import PSI

if __name__ == "__main__":
    write(PSI, Path(__file__).parent)
