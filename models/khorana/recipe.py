"""Makes this bundle again: python models/khorana/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.oncology import KHORANA

if __name__ == "__main__":
    write(KHORANA, Path(__file__).parent)
