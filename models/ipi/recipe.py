"""Makes this bundle again: python models/ipi/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.lymphoma import IPI

if __name__ == "__main__":
    write(IPI, Path(__file__).parent)
