"""Figures at a threshold and net benefit, against scikit-learn and by hand."""

import numpy as np
import pytest

from medgui.evaluation.decision import net_benefit, net_benefit_at
from medgui.evaluation.thresholds import at_threshold, threshold_for


def sample() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    p = np.round(random.random(300), 2)
    return (random.random(300) < p).astype(np.float64), p


def test_each_figure_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    y, p = sample()
    found, called = at_threshold(y, p, 0.4), p >= 0.4
    assert found["accuracy"].value == pytest.approx(metrics.accuracy_score(y, called))
    assert found["precision"].value == pytest.approx(metrics.precision_score(y, called))
    assert found["recall"].value == pytest.approx(metrics.recall_score(y, called))
    assert found["f1"].value == pytest.approx(metrics.f1_score(y, called))
    assert found["specificity"].value == pytest.approx(metrics.recall_score(1 - y, ~called))
    assert found["npv"].value == pytest.approx(metrics.precision_score(1 - y, ~called))
    assert found["ppv"] == found["precision"]
    assert found["sensitivity"] == found["recall"]


def test_the_shares_have_score_intervals_as_scipy_computes_them() -> None:
    stats = pytest.importorskip("scipy.stats")
    y, p = sample()
    found = at_threshold(y, p, 0.4)["sensitivity"]
    hits, events = int(((p >= 0.4) & (y > 0)).sum()), int(y.sum())
    expected = stats.binomtest(hits, events).proportion_ci(0.95, "wilson")
    assert (found.lo, found.hi) == pytest.approx((expected.low, expected.high))


def test_a_share_of_nobody_is_not_known_and_nobody_called_positive_has_no_precision() -> None:
    y, p = np.array([1.0, 0.0]), np.array([0.1, 0.2])
    found = at_threshold(y, p, 0.9)
    assert np.isnan(found["precision"].value)
    assert found["recall"].value == 0.0
    assert found["f1"].value == 0.0
    assert np.isnan(at_threshold(np.zeros(2), p, 0.9)["recall"].value)
    assert np.isnan(at_threshold(np.zeros(0), np.zeros(0), 0.9)["accuracy"].value)


def test_the_interval_of_f1_covers_the_truth() -> None:
    truth, hits = 2 * 0.3 * 0.8 / (2 * 0.3 * 0.8 + 0.7 * 0.1 + 0.3 * 0.2), 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        y = (random.random(200) < 0.3).astype(np.float64)
        p = (random.random(200) < np.where(y > 0, 0.8, 0.1)).astype(np.float64)
        found = at_threshold(y, p, 0.5)["f1"]
        hits += found.lo <= truth <= found.hi
    assert 275 <= hits <= 297


def test_the_threshold_for_a_sensitivity_reaches_it_and_the_next_one_would_not() -> None:
    y, p = sample()
    cut = threshold_for(y, p, 0.9)
    assert at_threshold(y, p, cut)["sensitivity"].value >= 0.9
    higher = p[p > cut].min()
    assert at_threshold(y, p, higher)["sensitivity"].value < 0.9
    assert np.isnan(threshold_for(np.zeros(3), np.arange(3.0), 0.9))


def test_net_benefit_weighs_false_positives_by_the_odds_of_the_threshold() -> None:
    y = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    p = np.array([0.9, 0.1, 0.6, 0.1, 0.1])
    model, everybody = net_benefit(y, p, (0.2, 0.5))
    assert model == pytest.approx([1 / 5 - 1 / 5 * 0.25, 1 / 5 - 1 / 5])
    assert everybody == pytest.approx([2 / 5 - 3 / 5 * 0.25, 2 / 5 - 3 / 5])


def test_treating_all_is_worth_nothing_at_the_prevalence() -> None:
    y, p = sample()
    assert net_benefit(y, p, [float(y.mean())])[1] == pytest.approx([0.0], abs=1e-12)


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.1, float("nan")])
def test_a_decision_at_a_threshold_outside_0_to_1_is_refused(threshold: float) -> None:
    y, p = sample()
    with pytest.raises(ValueError, match="between 0 and 1"):
        net_benefit_at(y, p, threshold)


def test_the_interval_of_net_benefit_covers_the_truth() -> None:
    truth, hits = 0.3 * 0.8 - 0.7 * 0.1 * 0.25, 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        y = (random.random(300) < 0.3).astype(np.float64)
        p = (random.random(300) < np.where(y > 0, 0.8, 0.1)).astype(np.float64)
        found = net_benefit_at(y, p, 0.2)
        hits += found.lo <= truth <= found.hi
    assert 275 <= hits <= 296
