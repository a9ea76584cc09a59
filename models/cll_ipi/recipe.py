"""Makes this bundle again: python models/cll_ipi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.leukaemia import CLL_IPI

if __name__ == "__main__":
    write(CLL_IPI, Path(__file__).parent)
