"""The figures of the workshop agree with independent implementations and with hand calculation."""

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("sklearn")

from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from medgui.evaluation import figures as ev
from medgui.evaluation.thresholds import at_threshold


def people(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    p = ev.sigmoid(random.normal(-1, 1.5, n))
    return (random.random(n) < p).astype(float), np.round(p, 2).clip(0.01, 0.99)


def test_auroc_is_that_of_scikit_learn_and_lies_in_its_interval() -> None:
    y, p = people()
    found = ev.auroc(y, p)
    assert found.value == pytest.approx(roc_auc_score(y, p), abs=1e-12)
    assert found.lo < found.value < found.hi


def test_the_delong_interval_is_as_wide_as_the_bootstrap_says() -> None:
    y, p = people()
    random = np.random.default_rng(1)
    samples = []
    for _draw in range(400):
        rows = random.integers(0, len(y), len(y))
        samples.append(ev.auroc(y[rows], p[rows]).value)
    lo, hi = np.quantile(samples, [0.025, 0.975])
    found = ev.auroc(y, p)
    assert found.hi - found.lo == pytest.approx(hi - lo, rel=0.15)


def test_calibration_is_that_of_a_logistic_regression() -> None:
    y, p = people()
    found = ev.calibration(y, p)
    score = np.log(p / (1 - p))
    peer = LogisticRegression(C=1e10, tol=1e-10, max_iter=1000).fit(score[:, None], y)
    assert found["calibration_slope"].value == pytest.approx(peer.coef_[0, 0], abs=1e-4)
    assert found["calibration_intercept"].value == pytest.approx(peer.intercept_[0], abs=1e-4)
    shifted = ev.sigmoid(score + found["calibration_in_the_large"].value)
    assert shifted.mean() == pytest.approx(y.mean(), abs=1e-9)


def test_a_share_has_the_published_score_interval() -> None:
    found = ev.proportion(81, 263)
    assert (round(found.lo, 4), round(found.hi, 4)) == (0.2553, 0.3662)


def test_groups_sum_to_the_whole() -> None:
    y, p = people()
    labels = {"sex": ["female", "male", "male"] * 200, "age": ev.age_bands(np.arange(600) % 80, (0, 40, 80))}
    rows = ev.group_rows("set", y, p, labels)
    for key in labels:
        mine = [row for row in rows if row.group.startswith(key)]
        assert sum(row.n for row in mine) == 600
        assert sum(row.events for row in mine) == int(y.sum())


def test_a_group_without_events_states_its_rate_instead_of_an_auroc() -> None:
    y, p = np.zeros(20), np.full(20, 0.1)
    (row,) = ev.group_rows("set", y, p, {"sex": ["female"] * 20})
    assert row.metric == "observed_rate"
    assert row.estimate.value == 0


def test_sensitivity_and_specificity_count_people_at_the_threshold_as_positive() -> None:
    y, p = np.array([1.0, 1.0, 0.0, 0.0]), np.array([0.5, 0.2, 0.5, 0.1])
    found = at_threshold(y, p, 0.5)
    assert (found["sensitivity"].value, found["specificity"].value) == (0.5, 0.5)
