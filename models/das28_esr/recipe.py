"""Makes this bundle again: python models/das28_esr/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.rheumatology import DAS28_ESR

if __name__ == "__main__":
    write(DAS28_ESR, Path(__file__).parent)
