"""Albuminuria (ACR 30 mg/g or more in one value): boosted trees on NHANES 1999-2010, tested on NHANES 2011-2020.

Run: python models/albuminuria/recipe.py (needs the extra `train` and the development data; some minutes on one core).
Everything was chosen by leave-one-survey-cycle-out inside 1999-2010; docs/looks/albuminuria.md lists every look at
2011-2020. The ethnic group is no input.
"""

from pathlib import Path

from medgui.workshop.screening import INPUTS, Screen
from medgui.workshop.screening_bundle import make

HERE = Path(__file__).parent
SCREEN = Screen(
    id="albuminuria",
    output="albuminuria",
    outcome="cc_acr_gteq30",
    names=tuple(name for name in INPUTS if name != "uacr"),
)


def main() -> None:
    make(HERE, SCREEN, thresholds=(0.1, 0.2))


if __name__ == "__main__":
    main()
