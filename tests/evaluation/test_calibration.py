"""Calibration against independent fits, by hand and on simulated data with a known truth."""

import numpy as np
import pytest

from medgui.evaluation.calibration import calibration_curve, in_the_large, risk_groups, slope
from medgui.evaluation.figures import brier, calibration, logit, sigmoid


def sample(seed: int, n: int = 800, shift: float = 0.4, steep: float = 0.7) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes whose true log odds are `shift + steep x` those predicted."""
    random = np.random.default_rng(seed)
    score = random.normal(-1.0, 1.0, n)
    return (random.random(n) < sigmoid(shift + steep * score)).astype(np.float64), sigmoid(score)


def test_slope_and_intercept_are_those_of_an_unpenalised_regression_of_scikit_learn() -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    y, p = sample(1)
    fitted = linear.LogisticRegression(C=np.inf, tol=1e-10, max_iter=500).fit(logit(p)[:, None], y)
    found = calibration(y, p)
    assert found["calibration_slope"].value == pytest.approx(fitted.coef_[0, 0], abs=1e-5)
    assert found["calibration_intercept"].value == pytest.approx(fitted.intercept_[0], abs=1e-5)
    assert slope(y, p).value == pytest.approx(found["calibration_slope"].value)


def test_in_the_large_is_the_shift_at_which_the_mean_prediction_meets_the_observed_rate() -> None:
    y, p = sample(2)
    found = in_the_large(y, p)
    assert sigmoid(logit(p) + found.value).mean() == pytest.approx(y.mean())
    assert found.value == pytest.approx(calibration(y, p)["calibration_in_the_large"].value)


def test_weights_count_people_as_often_as_they_stand_for() -> None:
    y, p = sample(3, 200)
    w = np.random.default_rng(4).integers(1, 4, 200)
    repeated = in_the_large(np.repeat(y, w), np.repeat(p, w))
    weighted = in_the_large(y, p, w.astype(np.float64))
    assert weighted.value == pytest.approx(repeated.value)
    assert weighted.hi - weighted.lo > repeated.hi - repeated.lo


def test_the_weighted_interval_covers_the_truth_of_the_population() -> None:
    hits = 0
    for seed in range(300):
        y, p = sample(seed, 3000, shift=0.3, steep=1.0)
        random = np.random.default_rng(1000 + seed)
        chance = np.where(y > 0, 0.2, 0.05)  # events are drawn more often
        drawn = random.random(len(y)) < chance
        found = in_the_large(y[drawn], p[drawn], 1 / chance[drawn])
        hits += found.lo <= 0.3 <= found.hi
    assert 275 <= hits <= 297


def test_the_weighted_brier_score_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    y, p = sample(5)
    w = np.random.default_rng(6).exponential(1.0, len(y))
    assert brier(y, p, w).value == pytest.approx(metrics.brier_score_loss(y, p, sample_weight=w))
    equal, plain = brier(y, p, np.full(len(y), 2.0)), brier(y, p)
    assert (equal.value, equal.lo, equal.hi) == pytest.approx((plain.value, plain.lo, plain.hi))


@pytest.mark.parametrize("y", [np.zeros(5), np.ones(5), np.zeros(0)])
def test_one_class_has_no_calibration(y: np.ndarray) -> None:
    p = np.linspace(0.1, 0.9, len(y))
    assert np.isnan(in_the_large(y, p).value)
    assert np.isnan(slope(y, p).value)
    assert all(np.isnan(figure.value) for figure in calibration(y, p).values())


def test_equal_predictions_have_a_calibration_in_the_large_and_no_slope() -> None:
    y, p = np.array([1.0, 0.0, 0.0, 0.0]), np.full(4, 0.5)
    found = calibration(y, p)
    assert found["calibration_in_the_large"].value == pytest.approx(-np.log(3))
    assert np.isnan(found["calibration_slope"].value)


def test_separated_outcomes_have_no_slope() -> None:
    y, p = np.repeat([0.0, 1.0], 10), np.linspace(0.05, 0.95, 20)
    assert np.isnan(slope(y, p).value)


def test_a_certain_prediction_that_fails_is_counted_and_breaks_nothing() -> None:
    y = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 0.0])
    p = np.array([0.0, 1.0, 0.5, 0.5, 1.0, 0.0])
    assert np.isfinite(in_the_large(y, p).value)
    assert slope(y, p).value < 0.1


def test_the_curve_has_groups_of_one_size_by_rising_prediction_that_make_the_whole() -> None:
    y, p = sample(7, 803)
    found = calibration_curve(y, p)
    assert len(found) == 10
    assert {point.n for point in found} == {80, 81}
    assert sum(point.n for point in found) == 803
    assert sum(point.events for point in found) == y.sum()
    predicted = [point.predicted for point in found]
    assert predicted == sorted(predicted)
    assert all(point.observed.lo <= point.events / point.n <= point.observed.hi for point in found)


def test_the_curve_agrees_with_that_of_scikit_learn() -> None:
    module = pytest.importorskip("sklearn.calibration")
    y, p = sample(8, 800)
    observed, predicted = module.calibration_curve(y, p, n_bins=10, strategy="quantile")
    found = calibration_curve(y, p)
    assert [point.predicted for point in found] == pytest.approx(list(predicted), abs=2e-3)
    assert [point.observed.value for point in found] == pytest.approx(list(observed), abs=0.02)


def test_a_small_sample_has_fewer_groups_each_as_large_as_asked() -> None:
    p = np.linspace(0, 1, 95)
    assert [len(part) for part in risk_groups(p, 10, 30)] == [32, 32, 31]
    assert [len(part) for part in risk_groups(p[:7], 10, 30)] == [7]
    assert [len(part) for part in risk_groups(p[:3])] == [1, 1, 1]
