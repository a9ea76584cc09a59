"""Makes this bundle again: python models/qtc/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.body_size import QTC

if __name__ == "__main__":
    write(QTC, Path(__file__).parent)
