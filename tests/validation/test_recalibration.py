"""Recalibration changes what the people speak against, by as much as they can prove, and nothing else."""

import numpy as np
import pytest
from numpy.typing import NDArray

from medgui.errors import UserError
from medgui.evaluation.figures import calibration, logistic, logit, sigmoid
from medgui.validation.recalibration import fit, folds, margin, recalibrate

FloatArray = NDArray[np.float64]


def people(n: int, shift: float, slope: float, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    random = np.random.default_rng(seed)
    p = sigmoid(random.normal(-1.5, 1.2, n))
    y = (random.random(n) < sigmoid(shift + slope * logit(p))).astype(float)
    return y, p


def test_a_model_that_fits_is_left_as_it_is() -> None:
    changed = sum(fit(*people(3000, 0.0, 1.0, seed)).method != "none" for seed in range(600))
    assert 0.03 < changed / 600 < 0.08  # a closed test at 5 % changes one in twenty


def test_a_shift_alone_moves_the_intercept_alone() -> None:
    found = fit(*people(6000, 0.6, 1.0, 4))
    assert found.method == "intercept"
    assert found.slope == 1.0
    assert found.intercept == pytest.approx(0.6, abs=0.12)


def test_a_wrong_slope_moves_both() -> None:
    found = fit(*people(8000, 0.4, 0.5, 5))
    assert found.method == "intercept_and_slope"
    assert found.slope == pytest.approx(0.5, abs=0.1)


def test_with_few_events_only_the_intercept_is_free() -> None:
    y, p = people(400, 0.9, 0.3, 6)
    keep = np.flatnonzero(y == 1)[:80]
    rows = np.concatenate([keep, np.flatnonzero(y == 0)])
    assert fit(y[rows], p[rows]).method in ("intercept", "none")


def test_the_change_is_shrunk_and_never_beyond_the_plain_fit() -> None:
    y, p = people(300, 0.7, 1.0, 7)
    found = fit(y, p)
    plain, _error = logistic(np.ones((len(p), 1)), y, margin(p))
    assert 0 < found.intercept < plain[0]
    assert found.shrinkage < 1
    large = fit(*people(20_000, 0.7, 1.0, 7))
    assert large.shrinkage > found.shrinkage


def test_cross_validated_predictions_are_calibrated_where_the_original_is_not() -> None:
    y, p = people(5000, 0.8, 0.6, 8)
    made = recalibrate(y, p)
    before, after = calibration(y, p), calibration(y, made.cross_validated)
    assert not before["calibration_in_the_large"].lo <= 0 <= before["calibration_in_the_large"].hi
    assert abs(after["calibration_in_the_large"].value) < 0.05
    assert abs(after["calibration_slope"].value - 1) < 0.1
    assert not np.allclose(made.cross_validated, made.fit.apply(p))


def test_the_order_of_people_is_kept() -> None:
    y, p = people(3000, 0.8, 0.6, 9)
    assert (np.argsort(fit(y, p).apply(p)) == np.argsort(p)).all()


@pytest.mark.parametrize(("events", "others"), [(29, 400), (400, 29)])
def test_too_few_of_either_are_refused_with_the_number_that_is_needed(events: int, others: int) -> None:
    p = np.linspace(0.05, 0.6, events + others)
    y = np.concatenate([np.ones(events), np.zeros(others)])
    with pytest.raises(UserError, match="at least 30 of each"):
        recalibrate(y, p)


def test_nothing_to_mend_is_refused_in_words() -> None:
    y, p = people(2000, 0.0, 1.0, 2)
    assert fit(y, p).method == "none"
    with pytest.raises(UserError, match="stays as it is"):
        recalibrate(y, p)


def test_folds_cover_everybody_once_with_like_shares() -> None:
    y, _p = people(777, 0.0, 1.0)
    parts = folds(y)
    assert sorted(np.concatenate(parts).tolist()) == list(range(777))
    shares = [y[part].mean() for part in parts]
    assert max(shares) - min(shares) < 0.02


def test_the_error_of_the_new_log_odds_is_that_of_many_cohorts() -> None:
    """Standard deviation of the fit over cohorts against its own standard error."""
    at = np.array([0.05, 0.2, 0.5])
    fits = [fit(*people(2500, 0.8, 0.6, seed)) for seed in range(150)]
    own = np.mean([found.error(at) for found in fits], axis=0)
    spread = np.std([margin(found.apply(at)) for found in fits], axis=0)
    assert np.allclose(own, spread, rtol=0.25)
