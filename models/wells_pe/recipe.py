"""Makes this bundle again: python models/wells_pe/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.venous_thrombosis import WELLS_PE

if __name__ == "__main__":
    write(WELLS_PE, Path(__file__).parent)
