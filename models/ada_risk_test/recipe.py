"""Makes this bundle again: python models/ada_risk_test/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.diabetes import ADA_RISK_TEST

if __name__ == "__main__":
    write(ADA_RISK_TEST, Path(__file__).parent)
