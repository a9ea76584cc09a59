"""Makes this bundle again: python models/china_par/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.china_par import CHINA_PAR

if __name__ == "__main__":
    write(CHINA_PAR, Path(__file__).parent)
