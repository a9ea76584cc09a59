"""Makes this bundle again: python models/nottingham_hip/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.emergency import NOTTINGHAM_HIP

if __name__ == "__main__":
    write(NOTTINGHAM_HIP, Path(__file__).parent)
