"""Makes this bundle again: python models/who_cvd_lab/recipe.py

coefficients.csv: constant and slope by country and sex, of the working group's program for the published charts.
"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.who_cvd import laboratory, read_recalibration

FOLDER = Path(__file__).parent

if __name__ == "__main__":
    write(laboratory(read_recalibration(FOLDER / "coefficients.csv")), FOLDER)
