"""Every trained bundle of the shelf: its interval holds what was observed, and who is unlike its people is flagged."""

import functools

import numpy as np
import pytest

from medgui.evaluation.calibration import risk_groups
from medgui.inference.batch import Batch, evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.intervals import intervals
from medgui.inference.manifest import Manifest
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir
from tests.models.cohorts import COHORTS, FAR, Cohort


def shipped() -> dict[str, Manifest]:
    """The manifests of the bundles that are no published equation, whatever the grade of its evidence."""
    folders = sorted(path.parent for path in models_dir().glob("*/manifest.toml"))
    found = {
        folder.name: read_manifest(folder)
        for folder in folders
        if "medgui.workshop.equations" not in (folder / "recipe.py").read_text(encoding="utf-8")
    }
    return {name: found[name] for name in found if not found[name].evidence.startswith("published")}


SHELF = shipped()
each = pytest.mark.parametrize("name", SHELF)


def bundle(name: str) -> Bundle:
    return Bundle(SHELF[name], models_dir() / name, SHELF[name].hashes)


@functools.cache
def cohorts(name: str) -> list[Cohort]:
    assert name in COHORTS, f"tests/models/cohorts.py has no rows to judge {name} on"
    return COHORTS[name]()


CAUTIONS = {"far_from_training", "below_seen", "above_seen"}


def flagged(batch: Batch) -> np.ndarray:
    """Rows that were refused for their values, or that carry a caution for being unlike the training data."""
    return np.array(
        [
            batch.status_of(row) in ("refused", "out_of_scope")
            or bool(CAUTIONS & {mark.code for mark in batch.marks.of(row)})
            for row in range(len(batch.x))
        ]
    )


def limits(model: Bundle, output: str, x: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Interval of each row as a patient's page shows it; of more than 1,000 rows that of the table, never wider."""
    if len(x) > 1000:
        return model.reference.intervals[output].limits(p)
    found = [intervals(model, row, {output: float(value)})[output] for row, value in zip(x, p, strict=True)]
    return np.array([each.lo for each in found]), np.array([each.hi for each in found])


@each
@pytest.mark.shared_data
def test_the_observed_rate_of_each_risk_group_lies_in_its_mean_interval(name: str) -> None:
    model = bundle(name)
    for cohort in cohorts(name):
        output = cohort.output or model.output_names[0]
        batch = evaluate(model, cohort.x)
        answered = np.isfinite(batch.outputs[output])
        assert answered.mean() >= 0.95, cohort.name
        rows = np.flatnonzero(answered & np.isfinite(cohort.y))
        if len(rows) < cohort.smallest:
            continue  # too few people for one group
        p = (batch.outputs[output] if cohort.p is None else cohort.p)[rows]
        lo, hi = limits(model, output, batch.x[rows], p)
        for number, part in enumerate(risk_groups(p, 10, cohort.smallest), start=1):
            observed = cohort.observed(rows[part])
            if observed == 0 and lo[part].sum() < 0.5:
                continue  # nobody, where less than half a person is the least expected
            told = f"{cohort.name}, group {number}: {observed:.4f}"
            if cohort.known_gap and not lo[part].mean() <= observed <= hi[part].mean():
                pytest.xfail(f"{told}: {cohort.known_gap}")
            assert lo[part].mean() <= observed <= hi[part].mean(), told


@each
@pytest.mark.shared_data
def test_at_most_one_in_twenty_ordinary_people_is_flagged_as_unlike_the_training_data(name: str) -> None:
    model = bundle(name)
    for cohort in cohorts(name):
        distance = model.reference.distance(cohort.x)
        flag, refuse = model.reference.distance_limits or (np.inf, np.inf)
        allowed = np.ceil(0.05 * len(distance))  # whole people
        assert (distance > flag).sum() <= allowed, cohort.name
        assert (distance > refuse).sum() <= np.ceil(0.4 * allowed), cohort.name


def corners(model: Bundle, count: int) -> np.ndarray:
    """People with every numeric input at one end of what is accepted, jointly and at random, and random categories."""
    random = np.random.default_rng(0)
    background = model.reference.background
    x = background[np.arange(count) % len(background)].copy()
    for place, spec in enumerate(model.manifest.inputs):
        if spec.categories:
            x[:, place] = random.choice(list(spec.categories.values()), count)
        elif spec.accepted:
            x[:, place] = random.choice(spec.accepted, count)
    return x


@each
def test_people_at_the_ends_of_what_is_accepted_are_flagged_or_refused(name: str) -> None:
    model = bundle(name)
    numeric = [spec for spec in model.manifest.inputs if spec.accepted and not spec.categories]
    if len(numeric) < 3:
        assert name in FAR, f"{name} has few numbers: tests/models/cohorts.py needs contradictory people"
        return
    assert flagged(evaluate(model, corners(model, 64))).mean() >= 0.95


@pytest.mark.parametrize("name", sorted(set(FAR) & set(SHELF)))
def test_people_who_contradict_themselves_are_flagged_or_refused(name: str) -> None:
    model = bundle(name)
    x = np.repeat(model.reference.background[:1], len(FAR[name]), axis=0)
    for row, values in zip(x, FAR[name], strict=True):
        for key, value in values.items():
            row[model.input_names.index(key)] = value
    assert flagged(evaluate(model, x)).all()


@each
def test_the_background_is_like_the_training_data(name: str) -> None:
    model = bundle(name)
    flag, _refuse = model.reference.distance_limits or (np.inf, np.inf)
    assert (model.reference.distance(model.reference.background) > flag).mean() <= 0.05
