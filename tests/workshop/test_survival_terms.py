"""Survival candidates over a recipe's own columns, and what the reference data of a survival model hold."""

from dataclasses import replace

import numpy as np
import pytest

for _module in ("scipy", "sklearn", "spox"):
    pytest.importorskip(_module)

from medgui.workshop.selection import c_index  # noqa: E402
from medgui.workshop.survival_reference import between, curve_limits  # noqa: E402
from medgui.workshop.survival_terms import CoxTerms, HazardNetwork, spline  # noqa: E402

TITLE = {"en": "x", "zh": "x"}


def cohort(n: int = 1500, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Two inputs, hazard 0.2 exp(0.8 a) a year, followed up to 7 years."""
    random = np.random.default_rng(seed)
    x = np.column_stack([random.normal(2, 3, n), random.normal(0, 1, n)])
    time = random.exponential(1 / (0.2 * np.exp(0.8 * (x[:, 0] - 2) / 3)))
    return x, np.column_stack([np.minimum(time, 7.0), time <= 7.0]).astype(float)


def test_weights_come_in_the_units_of_the_columns() -> None:
    x, y = cohort()
    fitted = CoxTerms("c", 1, TITLE, lambda rows: rows).fit(x, y, np.ones(len(x)), 0, {"penalty": 0.1})
    assert fitted.weights[0] == pytest.approx(0.8 / 3, abs=0.03)
    assert fitted.weights[1] == pytest.approx(0.0, abs=0.1)
    assert fitted(x).mean() == pytest.approx(0.0, abs=1e-9)


def test_added_people_are_learnt_from() -> None:
    x, y = cohort(400)
    more = cohort(1200, seed=2)
    plain = CoxTerms("c", 1, TITLE, lambda rows: rows)
    alone = plain.fit(np.vstack([x, more[0]]), np.vstack([y, more[1]]), np.ones(1600), 0, {"penalty": 1.0})
    joined = replace(plain, added=more).fit(x, y, np.ones(400), 0, {"penalty": 1.0})
    np.testing.assert_allclose(joined.weights, alone.weights, atol=1e-9)


def test_a_restricted_spline_is_straight_outside_of_its_knots() -> None:
    knots = (35.0, 48.0, 60.0, 77.0)
    ages = np.array([20.0, 25.0, 30.0, 80.0, 85.0, 90.0])
    found = spline(ages, knots)
    assert found.shape == (6, 2)
    np.testing.assert_allclose(np.diff(found[:3], 2, axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(np.diff(found[3:], 2, axis=0), 0, atol=1e-9)
    assert np.abs(np.diff(spline(np.array([45.0, 55.0, 65.0]), knots), 2, axis=0)).max() > 1e-3


def test_the_network_of_hazards_ranks_people() -> None:
    x, y = cohort(600)
    network = HazardNetwork(lambda rows: rows, (1.0, 2.0, 3.0, 5.0, 7.0))
    fitted = network.fit(x, y, np.ones(len(x)), 0, {"alpha": 1.0})
    later = cohort(400, seed=5)
    assert c_index(later[1], fitted(later[0])) > 0.65


def test_calibration_that_is_right_in_all_groups_has_no_spread_and_a_wrong_one_has() -> None:
    x, y = cohort(6000)
    hazard = np.minimum(0.2 * 5 * np.exp(0.8 * (x[:, 0] - 2) / 3), 20.0)
    risk = 1 - np.exp(-hazard)
    groups = np.array([str(n % 6) for n in range(len(x))])
    assert between(y, risk, groups, 5.0) < 0.06
    off = 1 - np.exp(-np.where(np.arange(len(x)) % 6 < 3, 1.5 * hazard, hazard / 1.5))
    assert between(y, off, groups, 5.0) == pytest.approx(np.log(1.5) * np.sqrt(6 / 5), abs=0.08)


def test_limits_hold_the_curve_and_meet_the_interval_of_the_risk() -> None:
    hazard = np.array([0.05, 0.12, 0.3, 0.5])
    margin = np.random.default_rng(3).normal(0, 0.8, 400)
    curve = np.exp(-np.exp(margin)[:, None] * hazard)
    found = curve_limits(curve, np.full_like(curve, 0.2), 2, 0.9)
    np.testing.assert_allclose(found["interval_lo"], 1 - found["survival_hi"][:, 2])
    np.testing.assert_allclose(found["interval_hi"], 1 - found["survival_lo"][:, 2])
    assert (np.diff(found["interval_score"]) > 0).all()
    assert (found["interval_lo"] < found["interval_score"]).all()
    assert (found["interval_score"] < found["interval_hi"]).all()
    for name in ("survival_lo", "survival_hi"):
        assert (np.diff(found[name], axis=1) <= 0).all()
