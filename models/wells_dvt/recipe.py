"""Makes this bundle again: python models/wells_dvt/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.venous_thrombosis import WELLS_DVT

if __name__ == "__main__":
    write(WELLS_DVT, Path(__file__).parent)
