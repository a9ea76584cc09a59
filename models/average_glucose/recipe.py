"""Makes this bundle again: python models/average_glucose/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.metabolism import AVERAGE_GLUCOSE

if __name__ == "__main__":
    write(AVERAGE_GLUCOSE, Path(__file__).parent)
