"""Makes this bundle again: python models/glasgow_pancreatitis/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.pancreatitis import GLASGOW_PANCREATITIS

if __name__ == "__main__":
    write(GLASGOW_PANCREATITIS, Path(__file__).parent)
