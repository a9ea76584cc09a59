"""Makes this bundle again: python models/ich_score/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.emergency import ICH

if __name__ == "__main__":
    write(ICH, Path(__file__).parent)
