"""People that each trained bundle of the shelf is judged on: rows that it was not trained on.

A new bundle adds its loader to `COHORTS`; where it has few numeric inputs, contradictory people to `FAR` too.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pytest

from medgui.evaluation.survival import aalen_johansen
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir
from tests.shared_data import data_file

Rows = np.ndarray


@dataclass(frozen=True)
class Cohort:
    """x [N, F] in manifest order, y [N] (0/1, NaN: not known), `output` of the model (None: its first).

    p [N]: predictions that did not see their own row, where there are no external people. rate: the observed rate of
    some rows where it is no plain mean (censoring). smallest: people that a risk group has at least.
    """

    name: str
    x: Rows
    y: Rows
    output: str | None = None
    p: Rows | None = None
    rate: Callable[[Rows], float] | None = None
    smallest: int = 30
    known_gap: str = ""

    def observed(self, rows: Rows) -> float:
        """Observed rate of the rows."""
        return float(self.y[rows].mean()) if self.rate is None else self.rate(rows)


def recipe(name: str) -> ModuleType:
    """Import the recipe of a bundle, or skip without the extra `train`."""
    for module in ("lightgbm", "sklearn", "spox"):
        pytest.importorskip(module)
    spec = importlib.util.spec_from_file_location(f"recipe_{name}", models_dir() / name / "recipe.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mortality_10y() -> list[Cohort]:
    """NHANES 1999-2004."""
    data_file("tabular/nhanes_mortality.csv.gz")
    module = recipe("mortality_10y")
    frame = module.load("1999-2004")
    return [Cohort("NHANES 1999-2004", module.features(frame), frame.death_10y.to_numpy())]


def cvd_death_10y() -> list[Cohort]:
    """NHANES 2001-2004, by which nothing was set. Nobody is censored before ten years: shares are Aalen-Johansen's."""
    data_file("tabular/nhanes_mortality.csv.gz")
    module = recipe("cvd_death_10y")
    frame = module.load("1999-2004")
    frame = frame[frame.year > 2000]
    return [Cohort("NHANES 2001-2004", module.features(frame), frame.cvd_10y.to_numpy())]


def cad() -> list[Cohort]:
    """Hungary and Long Beach VA. Switzerland has six people without disease here: its card says how it differs."""
    data_file("tabular/cad_uci_heart.csv")
    x, y, site = recipe("cad").load()
    return [Cohort(name, x[site == name], y[site == name]) for name in ("Hungary", "VA")]


def breast_mass() -> list[Cohort]:
    """The only set there is, cross-validated."""
    data_file("tabular/breast_mammographic_mass.csv")
    module = recipe("breast_mass")
    x, y = module.load()
    return [Cohort("Erlangen, cross-validated", x, y, p=module.cross_validated(x, y))]


def pdac_urine() -> list[Cohort]:
    """The collections outside London's BPTB, at their own share of cases, with CA 19-9 where it is known."""
    data_file("tabular/pdac_urine.csv")
    module = recipe("pdac_urine")
    everyone = module.load()
    abroad = everyone.part(everyone.site != "BPTB")
    x = abroad.x.copy()
    x[:, module.PRIOR] = 100 * abroad.y.mean()
    return [Cohort("LIV, ESP and UCL", x, abroad.y, "pdac_probability")]


def leukaemia_expression() -> list[Cohort]:
    """Golub's independent arrays."""
    data_file("tabular/leukaemia_golub.csv.gz")
    x, y, training, every = recipe("leukaemia_expression").load()
    names = [spec.name for spec in read_manifest(models_dir() / "leukaemia_expression").inputs]
    places = [[each.lower() for each in every].index(name.lower()) for name in names]
    return [Cohort("Golub independent arrays", x[~training][:, places], y[~training])]


def breast_recurrence() -> list[Cohort]:
    """The women of the German trial; the observed rate is that of Kaplan and Meier at five years.

    One in six is followed for longer than five years: 70 women a group, so that some are left at the end.
    """
    data_file("tabular/breast_rotterdam_gbsg.csv")
    x, y = recipe("breast_recurrence").load("GBSG")
    time, event = y[:, 0], y[:, 1]
    return [
        Cohort(
            "GBSG",
            x,
            event,
            rate=lambda rows: aalen_johansen(time[rows], event[rows], 5.0).value,
            smallest=70,
            known_gap="the women of the trial had more events than any group of Rotterdam lets expect",
        )
    ]


def screen(name: str) -> list[Cohort]:
    """NHANES 2011-2020."""
    data_file("tabular/nhanes_cardiometabolic.csv.gz")
    rows = pytest.importorskip("medgui.workshop.screening").load(recipe(name).SCREEN, external=True)
    return [Cohort("NHANES 2011-2020", rows.x, rows.y)]


def undiagnosed_diabetes() -> list[Cohort]:
    """NHANES 2017-18, cross-validated."""
    data_file("tabular/nhanes_diabetes_2017_18.csv")
    module = recipe("undiagnosed_diabetes")
    frame = module.load()
    x, y = module.features(frame), frame.undiagnosed_diabetes.to_numpy(dtype=np.float64)
    return [Cohort("NHANES 2017-18, cross-validated", x, y, p=module.cross_validated(x, y))]


COHORTS: dict[str, Callable[[], list[Cohort]]] = {
    "mortality_10y": mortality_10y,
    "cvd_death_10y": cvd_death_10y,
    "cad": cad,
    "breast_mass": breast_mass,
    "pdac_urine": pdac_urine,
    "leukaemia_expression": leukaemia_expression,
    "breast_recurrence": breast_recurrence,
    "ckd_screen": lambda: screen("ckd_screen"),
    "albuminuria": lambda: screen("albuminuria"),
    "undiagnosed_diabetes": undiagnosed_diabetes,
}

FAR: dict[str, list[dict[str, float]]] = {
    # two metres and the weight of a child; a tall man's waist on a small child's body
    "mortality_10y": [{"height": 200, "bmi": 6.5}, {"height": 120, "waist": 160, "bmi": 12}],
    # what the reader calls benign looks malignant, and the other way round
    "breast_mass": [
        {"birads": 2, "age": 100, "mass_shape": 4, "mass_margin": 1, "mass_density": 1},
        {"birads": 5, "age": 18, "mass_shape": 1, "mass_margin": 1, "mass_density": 1},
        {"birads": 2, "age": 18, "mass_shape": 4, "mass_margin": 5, "mass_density": 1},
    ],
    "cad": [{"age": 90, "max_heart_rate": 225, "st_depression": -3}],
}
