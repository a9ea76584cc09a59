"""Reduced eGFR in one value, without a creatinine: boosted trees on NHANES 1999-2010, tested on NHANES 2011-2020.

Run: python models/ckd_screen/recipe.py (needs the extra `train` and the development data; some minutes on one core).
Everything was chosen by leave-one-survey-cycle-out inside 1999-2010; docs/looks/ckd_screen.md lists every look at
2011-2020. Creatinine, urea nitrogen, uric acid and cystatin are no inputs. The trees do not see the ethnic group; where
it is stated, it moves the finished log odds by one shift a group, and where it is not, by nothing.
"""

from pathlib import Path

from medgui.workshop.screening import Screen
from medgui.workshop.screening_bundle import make

HERE = Path(__file__).parent
BEFORE = (
    "age",
    "sex",
    "bmi",
    "systolic_bp",
    "diastolic_bp",
    "bp_treatment",
    "hba1c",
    "diabetes",
    "current_smoker",
    "prior_ascvd",
    "heart_failure",
    "total_cholesterol",
    "hdl_cholesterol",
    "albumin",
    "rbc",
)
REMEDY = ("bp_med_n_class", "uacr")
SCREEN = Screen(
    id="ckd_screen",
    output="egfr_below_60",
    outcome="cc_egfr_lt60",
    names=(*BEFORE, *REMEDY),
    grouped=True,
)
PLAIN = Screen(id="ckd_screen", output="egfr_below_60", outcome="cc_egfr_lt60", names=BEFORE)


def main() -> None:
    make(HERE, SCREEN, thresholds=(0.05, 0.1, 0.2), before=PLAIN)


if __name__ == "__main__":
    main()
