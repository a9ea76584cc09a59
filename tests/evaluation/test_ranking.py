"""Ranking figures against scikit-learn, scipy, hand-made examples and simulated data with a known truth."""

import numpy as np
import pytest

from medgui.evaluation.figures import auroc
from medgui.evaluation.ranking import auroc_weighted, average_precision, bootstrap, paired_auroc

NORMAL_AUROC = 0.7602499389065233
"""P(X > Y) for X of N(1, 1) and Y of N(0, 1): the normal distribution at 1 / sqrt(2)."""


def sample(seed: int, n: int = 400, ties: bool = False) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    y = (random.random(n) < 0.3).astype(np.float64)
    p = random.normal(y, 1.0)
    return y, np.round(p, 1) if ties else p


@pytest.mark.parametrize("ties", [False, True])
def test_average_precision_is_that_of_scikit_learn(ties: bool) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    y, p = sample(1, ties=ties)
    w = np.random.default_rng(2).integers(1, 4, len(y)).astype(np.float64)
    assert average_precision(y, p).value == pytest.approx(metrics.average_precision_score(y, p))
    expected = metrics.average_precision_score(y, p, sample_weight=w)
    assert average_precision(y, p, w).value == pytest.approx(expected)


def test_average_precision_of_ties_alone_is_the_prevalence_and_of_one_class_is_not_known() -> None:
    y = np.array([1.0, 0.0, 0.0, 0.0])
    assert average_precision(y, np.full(4, 0.2)).value == 0.25
    assert np.isnan(average_precision(np.ones(4), np.arange(4.0)).value)
    assert np.isnan(average_precision(np.zeros(4), np.arange(4.0)).value)


def test_a_bootstrap_gives_the_same_interval_again_and_that_of_a_mean_is_near_the_formula() -> None:
    values = np.random.default_rng(3).normal(5.0, 2.0, 500)
    first = bootstrap(lambda v: float(v.mean()), values)
    assert first == bootstrap(lambda v: float(v.mean()), values)
    half = 1.96 * values.std(ddof=1) / np.sqrt(500)
    assert first.lo == pytest.approx(values.mean() - half, abs=0.03)
    assert first.hi == pytest.approx(values.mean() + half, abs=0.03)


def test_a_bootstrap_whose_resamples_mostly_fail_gives_no_limits() -> None:
    found = bootstrap(lambda v: float(v.mean()) if v[0] > 0.5 else float("nan"), np.array([1.0, 0.0, 0.0]))
    assert found.value == pytest.approx(1 / 3)
    assert np.isnan([found.lo, found.hi]).all()


@pytest.mark.parametrize("ties", [False, True])
def test_the_weighted_auroc_is_that_of_scikit_learn(ties: bool) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    y, p = sample(4, ties=ties)
    w = np.random.default_rng(5).exponential(1.0, len(y))
    assert auroc_weighted(y, p, w).value == pytest.approx(metrics.roc_auc_score(y, p, sample_weight=w))


def test_equal_weights_give_delong_and_rows_of_weight_zero_do_not_count() -> None:
    y, p = sample(6, ties=True)
    plain, equal = auroc(y, p), auroc_weighted(y, p, np.full(len(y), 3.0))
    assert [equal.value, equal.lo, equal.hi] == pytest.approx([plain.value, plain.lo, plain.hi])
    w = (np.arange(len(y)) % 2).astype(np.float64)
    half = auroc(y[1::2], p[1::2])
    found = auroc_weighted(y, p, w)
    assert [found.value, found.lo, found.hi] == pytest.approx([half.value, half.lo, half.hi])


def test_weights_recover_the_auroc_of_the_population_and_the_interval_covers_it() -> None:
    hits = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        y = (random.random(4000) < 0.4).astype(np.float64)
        p = random.normal(y, 1.0)
        chance = np.where(p > 1.0, 0.15, 0.05)  # higher scores are drawn more often
        drawn = random.random(4000) < chance
        found = auroc_weighted(y[drawn], p[drawn], 1 / chance[drawn])
        hits += found.lo <= NORMAL_AUROC <= found.hi
    assert 180 <= hits <= 199


def test_the_difference_of_two_aurocs_is_that_of_the_two_and_reverses_its_sign() -> None:
    y, p = sample(7)
    q = p + np.random.default_rng(8).normal(0, 1, len(p))
    found, back = paired_auroc(y, p, q), paired_auroc(y, q, p)
    assert found.value == pytest.approx(auroc(y, p).value - auroc(y, q).value)
    assert [back.lo, back.hi] == pytest.approx([-found.hi, -found.lo])
    nothing = paired_auroc(y, p, 3 * p - 1)
    assert [nothing.value, nothing.lo, nothing.hi] == pytest.approx([0, 0, 0], abs=1e-12)


def test_the_paired_interval_agrees_with_a_bootstrap_of_the_same_people() -> None:
    y, p = sample(9, 600)
    q = p + np.random.default_rng(10).normal(0, 1, len(p))
    found = paired_auroc(y, p, q)
    drawn = bootstrap(lambda *a: auroc(a[0], a[1]).value - auroc(a[0], a[2]).value, y, p, q)
    assert found.lo == pytest.approx(drawn.lo, abs=0.008)
    assert found.hi == pytest.approx(drawn.hi, abs=0.008)


def test_the_paired_interval_covers_no_difference_in_about_95_of_100_samples() -> None:
    hits = 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        y = (random.random(300) < 0.3).astype(np.float64)
        p, q = random.normal(y, 1.0), random.normal(y, 1.0)
        found = paired_auroc(y, p, q)
        hits += found.lo <= 0 <= found.hi
    assert 275 <= hits <= 296


@pytest.mark.parametrize("events", [0, 1, 7, 8])
def test_one_class_has_no_ranking(events: int) -> None:
    y = (np.arange(8) < events).astype(np.float64)
    p = np.arange(8.0)
    assert np.isnan(paired_auroc(y, p, -p).value)
    assert np.isnan(auroc_weighted(y, p, np.ones(8)).value)
