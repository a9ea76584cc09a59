"""Makes this bundle again: python models/ckd_epi_2012_cystatin/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.kidney_function import CKD_EPI_2012_CYSTATIN

if __name__ == "__main__":
    write(CKD_EPI_2012_CYSTATIN, Path(__file__).parent)
