"""The full table of figures: complete, consistent, and quiet about what does not exist."""

import numpy as np
import pytest

from medgui.evaluation.figures import Row, auroc, sigmoid
from medgui.evaluation.report import full_rows, peer_rows, survival_rows


def sample(n: int = 600) -> tuple[np.ndarray, np.ndarray, dict[str, list[str]]]:
    random = np.random.default_rng(1)
    score = random.normal(-1.0, 1.2, n)
    y = (random.random(n) < sigmoid(score)).astype(np.float64)
    groups = {
        "sex": random.choice(["female", "male"], n).tolist(),
        "age": random.choice(["20-39", "40-59", "60-79"], n).tolist(),
    }
    return y, sigmoid(score), groups


def counts(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """The people of each group; all lines of a group must agree."""
    found: dict[str, set[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(row.group, set()).add((row.n, row.events))
    assert all(len(each) == 1 for each in found.values())
    return {group: next(iter(each)) for group, each in found.items()}


def test_the_table_of_a_yes_or_no_holds_every_figure() -> None:
    y, p, groups = sample()
    rows = full_rows("set", y, p, groups, (0.2,))
    whole = {row.metric for row in rows if row.group == "all"}
    assert whole >= {"auroc", "average_precision", "brier", "brier_prevalence", "calibration_slope"}
    assert whole >= {"calibration_intercept", "calibration_in_the_large", "net_benefit@0.2"}
    names = ("accuracy", "sensitivity", "specificity", "ppv", "npv", "f1", "net_benefit_treat_all")
    assert whole >= {f"{name}@0.2" for name in names}
    for group in ("sex: female", "age: 40-59"):
        metrics = {row.metric for row in rows if row.group == group}
        assert metrics == {"auroc", "calibration_in_the_large", "sensitivity@0.2"}
    gaps = {row.metric for row in rows if row.group == "sex"}
    assert gaps == {"calibration_gap", "equal_opportunity_difference@0.2"}
    assert sum(row.group.startswith("risk: ") for row in rows) == 10


def test_no_line_stands_twice_and_every_value_lies_in_its_interval() -> None:
    y, p, groups = sample()
    rows = full_rows("set", y, p, groups, (0.1, 0.2), np.random.default_rng(2).exponential(1.0, len(y)))
    assert len({(row.group, row.metric) for row in rows}) == len(rows)
    for row in rows:
        assert row.estimate.lo <= row.estimate.value <= row.estimate.hi, row


@pytest.mark.parametrize("key", ["sex", "age", "risk"])
def test_the_groups_of_a_key_make_the_whole(key: str) -> None:
    y, p, groups = sample()
    found = counts(full_rows("set", y, p, groups, (0.2,)))
    parts = [n for group, n in found.items() if group.startswith(f"{key}: ")]
    assert tuple(map(sum, zip(*parts, strict=True))) == found["all"]


def test_weights_add_weighted_figures() -> None:
    y, p, groups = sample()
    plain = {row.metric for row in full_rows("set", y, p, groups)}
    weighted = {row.metric for row in full_rows("set", y, p, groups, weights=np.ones(len(y)))}
    assert weighted - plain == {"auroc_weighted", "brier_weighted", "calibration_in_the_large_weighted"}


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_one_class_has_rates_and_no_ranking(value: float) -> None:
    _y, p, groups = sample(60)
    rows = full_rows("set", np.full(60, value), p, groups, (0.2,))
    metrics = {row.metric for row in rows}
    assert "brier" in metrics
    assert "auroc" not in metrics
    assert all(np.isfinite(row.estimate.value) for row in rows)


@pytest.mark.parametrize("n", [0, 1, 2, 12])
def test_a_handful_of_people_breaks_nothing(n: int) -> None:
    y, p, groups = sample(n)
    rows = full_rows("set", y, p, groups, (0.2,))
    assert all(np.isfinite(row.estimate.value) for row in rows)
    assert bool(rows) == (n > 0)


def test_a_peer_has_its_own_ranking_and_the_paired_difference() -> None:
    y, p, _groups = sample()
    q = 10 * p + np.random.default_rng(3).normal(0, 2, len(p))
    alone, difference = peer_rows("set", y, p, {"peer": q})
    assert (alone.metric, difference.metric) == ("auroc_peer", "auroc_minus_peer")
    assert difference.estimate.value == pytest.approx(auroc(y, p).value - alone.estimate.value)
    assert difference.estimate.lo > 0


def test_a_peer_that_is_a_probability_has_a_paired_brier_difference_too() -> None:
    y, p, _groups = sample()
    q = np.full(len(p), y.mean())
    rows = {row.metric: row.estimate for row in peer_rows("set", y, p, {"peer": q}, "sex: female")}
    difference = rows["brier_minus_peer"]
    assert difference.value == pytest.approx(((p - y) ** 2).mean() - rows["brier_peer"].value)
    assert difference.hi < 0


def followed(n: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, list[str]]]:
    random = np.random.default_rng(4)
    x = random.normal(0, 1, n)
    first, lost = random.exponential(10 * np.exp(-x)), random.uniform(2, 12, n)
    event = (first <= lost).astype(np.float64)
    groups = {"sex": random.choice(["female", "male"], n).tolist()}
    return np.minimum(first, lost), event, -np.expm1(-0.5 * np.exp(x)), groups


def test_the_table_of_a_risk_under_censoring_is_complete_and_calibrated() -> None:
    time, event, p, groups = followed()
    rows = survival_rows("set", time, event, p, 5.0, groups)
    whole = {row.metric: row for row in rows if row.group == "all"}
    assert set(whole) == {
        "auroc_ipcw",
        "calibration_in_the_large",
        "calibration_slope",
        "brier_ipcw",
        "c_index",
    }
    assert whole["auroc_ipcw"].observed == pytest.approx(whole["auroc_ipcw"].predicted, abs=0.04)
    assert whole["calibration_slope"].estimate.lo <= 1 <= whole["calibration_slope"].estimate.hi
    found = counts(rows)
    for key in ("sex", "risk"):
        parts = [n for group, n in found.items() if group.startswith(f"{key}: ")]
        assert tuple(map(sum, zip(*parts, strict=True))) == found["all"]


def test_a_risk_under_censoring_takes_survey_weights() -> None:
    time, event, p, groups = followed()
    weights = np.where(p > np.median(p), 3.0, 1.0)
    plain, weighted = (
        next(row for row in survival_rows("set", time, event, p, 5.0, groups, w) if row.group == "all")
        for w in (None, weights)
    )
    assert weighted.predicted > plain.predicted
    assert weighted.observed > plain.observed


def test_nobody_followed_has_no_table_and_all_censored_breaks_nothing() -> None:
    nobody = np.zeros(0)
    assert survival_rows("set", nobody, nobody, nobody, 5.0, {}) == []
    time, _event, p, groups = followed(60)
    rows = survival_rows("set", time, np.zeros(60), p, 2.0, groups)
    assert all(np.isfinite(row.estimate.value) for row in rows)
