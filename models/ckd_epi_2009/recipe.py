"""Makes this bundle again: python models/ckd_epi_2009/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.kidney_function import CKD_EPI_2009

if __name__ == "__main__":
    write(CKD_EPI_2009, Path(__file__).parent)
