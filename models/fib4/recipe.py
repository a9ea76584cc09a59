"""Makes this bundle again: python models/fib4/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.liver_fibrosis import FIB4

if __name__ == "__main__":
    write(FIB4, Path(__file__).parent)
