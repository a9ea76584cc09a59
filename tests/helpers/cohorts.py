"""Made-up cohorts for a small model, drawn from the model's own predictions so that the truth is known."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medgui.evaluation.figures import logit, sigmoid
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from tests.helpers import bundles

HEADER = ("patient_id", "age", "sex", "glucose", "cough", "outcome")


def catalogue(folder: Path) -> Catalogue:
    """The logistic model of the tests, signed by their key."""
    bundles.logistic_bundle(folder / "models")
    return Catalogue.load(folder / "models", bundles.TRUST)


def rows(
    bundle: Bundle, people: int, *, shift: float = 0.0, slope: float = 1.0, seed: int = 1
) -> list[list[str]]:
    """People whose true log odds are shift + slope x those of the model; the same seed gives the same people."""
    random = np.random.default_rng(seed)
    age = random.integers(35, 76, people)
    male = random.integers(0, 2, people)
    glucose = random.integers(70, 160, people)
    cough = random.integers(0, 2, people)
    p = bundle.run(np.column_stack([age, male, glucose, cough]).astype(float))["risk"]
    y = (random.random(people) < sigmoid(shift + slope * logit(p))).astype(int)
    return [
        [str(n), str(age[n]), ("female", "male")[male[n]], str(glucose[n]), str(cough[n]), str(y[n])]
        for n in range(people)
    ]


def write(path: Path, lines: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """Write a cohort as CSV."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *lines])
    return path
