"""Makes this bundle again: python models/crb65/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.pneumonia import CRB65

if __name__ == "__main__":
    write(CRB65, Path(__file__).parent)
