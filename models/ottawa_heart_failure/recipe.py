"""Makes this bundle again: python models/ottawa_heart_failure/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.emergency import OTTAWA_HEART_FAILURE

if __name__ == "__main__":
    write(OTTAWA_HEART_FAILURE, Path(__file__).parent)
