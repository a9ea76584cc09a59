"""Makes this bundle again: python models/das28_crp/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.rheumatology import DAS28_CRP

if __name__ == "__main__":
    write(DAS28_CRP, Path(__file__).parent)
