"""Makes this bundle again: python models/homa_ir/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.metabolism import HOMA_IR

if __name__ == "__main__":
    write(HOMA_IR, Path(__file__).parent)
