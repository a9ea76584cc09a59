"""Fairness figures by hand and on simulated groups with a known gap."""

import numpy as np
import pytest

from medgui.evaluation.figures import Estimate, proportion, sigmoid
from medgui.evaluation.groups import difference, fairness_rows


def people(seed: int, shift: float = 0.0, n: int = 4000) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Two groups; the log odds of the second are `shift` above those predicted."""
    random = np.random.default_rng(seed)
    second = random.random(n) < 0.3
    score = random.normal(-1.5, 1.0, n)
    y = (random.random(n) < sigmoid(score + shift * second)).astype(np.float64)
    return y, sigmoid(score), np.where(second, "second", "first").tolist()


def test_a_group_whose_risk_is_underestimated_shows_it_with_its_interval() -> None:
    y, p, group = people(5, shift=0.6)
    rows = {(row.group, row.metric): row for row in fairness_rows("set", y, p, {"site": group}, (0.2,))}
    first, second = (
        rows[f"site: {name}", "calibration_in_the_large"].estimate for name in ("first", "second")
    )
    assert first.lo <= 0 <= first.hi
    assert second.lo > 0
    gap = rows["site", "calibration_gap"].estimate
    assert gap.value == pytest.approx(second.value - first.value)
    assert gap.lo <= 0.6 <= gap.hi
    assert gap.lo > 0
    row = rows["site: second", "auroc"]
    assert row.observed > row.predicted


def test_the_equal_opportunity_difference_is_that_of_the_sensitivities() -> None:
    y, p = np.tile([1.0, 1.0, 0.0, 0.0], 20), np.tile([0.6, 0.6, 0.1, 0.1], 20)
    group = ["one"] * 40 + ["two"] * 40
    p[40:60:4] = 0.2  # five of twenty events of the second group fall below the threshold
    rows = fairness_rows("set", y, p, {"sex": group}, (0.5,))
    (gap,) = [row for row in rows if row.metric == "equal_opportunity_difference@0.5"]
    assert (gap.group, gap.n, gap.events) == ("sex", 80, 40)
    assert gap.estimate.value == pytest.approx(0.25)
    assert gap.estimate.lo > 0


def test_the_difference_of_two_shares_has_newcombes_interval() -> None:
    # Newcombe RG, Stat Med 1998;17:873, table II (a), method 10: 56/70 against 48/80 gives 0.0524 to 0.3339
    found = difference(proportion(56, 70), proportion(48, 80))
    assert (found.value, found.lo, found.hi) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_a_group_too_small_takes_no_part_in_a_gap_and_still_shows_its_observed_rate() -> None:
    y, p, group = people(2)
    group[:5] = ["tiny"] * 5
    y[:5] = 1.0
    rows = fairness_rows("set", y, p, {"site": group}, (0.2,))
    (tiny,) = [row for row in rows if row.group == "site: tiny" and row.metric == "observed_rate"]
    assert (tiny.n, tiny.events, tiny.estimate.value) == (5, 5, 1.0)
    (gap,) = [row for row in rows if row.metric == "calibration_gap"]
    assert gap.n == len(y) - 5


def test_one_group_alone_has_no_gap() -> None:
    y, p, _group = people(3, n=200)
    rows = fairness_rows("set", y, p, {"sex": ["female"] * 200}, (0.2,))
    assert {row.group for row in rows} == {"sex: female"}


def test_every_line_of_a_group_counts_the_same_people_and_the_groups_make_the_whole() -> None:
    y, p, group = people(4)
    rows = fairness_rows("set", y, p, {"site": group}, (0.1, 0.2))
    counts = {
        row.group: {(other.n, other.events) for other in rows if other.group == row.group} for row in rows
    }
    first, second = counts["site: first"], counts["site: second"]
    assert len(first) == len(second) == 1
    assert sum(next(iter(each))[0] for each in (first, second)) == len(y)


def test_a_gap_of_wald_figures_adds_their_variances() -> None:
    found = difference(Estimate(1.0, 0.7, 1.3), Estimate(0.2, -0.2, 0.6))
    assert (found.value, found.lo, found.hi) == pytest.approx((0.8, 0.3, 1.3))
