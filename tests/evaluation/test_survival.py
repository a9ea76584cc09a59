"""Figures under censoring against scipy, plain re-computation, hand-made examples and simulated truth."""

import itertools
import warnings

import numpy as np
import pytest

from medgui.evaluation import survival as sv
from medgui.evaluation.figures import auroc, brier, sigmoid
from medgui.evaluation.ranking import bootstrap
from medgui.evaluation.survival import (
    aalen_johansen,
    brier_ipcw,
    c_index,
    calibration_in_the_large_ipcw,
    calibration_slope_ipcw,
    censoring_weights,
    cox_slope,
    kaplan_meier,
    time_auc,
)


def cohort(seed: int, n: int = 400, competing: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, events and log hazards: exponential event with hazard 0.1 exp(x), competing 0.05, censoring 0.05."""
    random = np.random.default_rng(seed)
    x = random.normal(0, 1, n)
    first = random.exponential(10 * np.exp(-x))
    second = random.exponential(20.0, n) if competing else np.full(n, np.inf)
    lost = random.exponential(20.0, n)
    time = np.minimum.reduce([first, second, lost])
    event = np.where(time == first, 1.0, np.where(time == second, 2.0, 0.0))
    return time, event, x


def true_incidence(horizon: float, x: np.ndarray | float, competing: float = 0.05) -> np.ndarray:
    hazard = 0.1 * np.exp(x)
    total = hazard + competing
    return np.asarray(hazard / total * -np.expm1(-total * horizon))


def test_kaplan_meier_is_that_of_scipy_also_with_ties() -> None:
    stats = pytest.importorskip("scipy.stats")
    time, event, _x = cohort(1, competing=False)
    time = np.ceil(time)
    data = stats.CensoredData(uncensored=time[event == 1], right=time[event == 0])
    expected = stats.ecdf(data).sf
    curve = kaplan_meier(time, event)
    assert curve.at(expected.quantiles) == pytest.approx(expected.probabilities)
    assert curve.before(time.min()) == 1.0


def test_a_small_incidence_with_a_competing_event_by_hand() -> None:
    time = np.array([1.0, 2.0, 2.0, 3.0, 4.0])
    event = np.array([1.0, 2.0, 0.0, 1.0, 0.0])
    # 1/5 at 1; at 2 one of four has the other event; at 3 one of two: 0.2 + 0.8 x 3/4 x 1/2
    assert aalen_johansen(time, event, 2.5).value == pytest.approx(0.2)
    assert aalen_johansen(time, event, 3.5).value == pytest.approx(0.5)


def test_without_censoring_the_incidence_is_a_share_with_its_binomial_error() -> None:
    time = np.arange(1.0, 101.0)
    event = np.where(np.arange(100) % 3 == 0, 2.0, 1.0)
    found = aalen_johansen(time, event, 30.5)
    share = float((event[:30] == 1).sum()) / 100
    assert found.value == pytest.approx(share)
    error = np.sqrt(share * (1 - share) / 99)
    middle, half = np.log(-np.log1p(-share)), 1.959964 * error / ((1 - share) * -np.log1p(-share))
    assert found.lo == pytest.approx(-np.expm1(-np.exp(middle - half)))
    assert found.hi == pytest.approx(-np.expm1(-np.exp(middle + half)))


def test_the_error_of_one_cause_is_that_of_greenwood() -> None:
    stats = pytest.importorskip("scipy.stats")
    time, event, _x = cohort(2, 500, competing=False)
    data = stats.CensoredData(uncensored=time[event == 1], right=time[event == 0])
    curve = stats.ecdf(data).sf
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        band = curve.confidence_interval(0.95, method="log-log")
    found = aalen_johansen(time, event, 5.0)
    at = np.searchsorted(curve.quantiles, 5.0, side="right") - 1
    assert found.lo == pytest.approx(1 - band.high.probabilities[at], abs=4e-4)
    assert found.hi == pytest.approx(1 - band.low.probabilities[at], abs=4e-4)


def test_weights_count_people_as_often_as_they_stand_for() -> None:
    time, event, _x = cohort(3, 200)
    w = np.random.default_rng(4).integers(1, 4, 200)
    repeated = aalen_johansen(np.repeat(time, w), np.repeat(event, w), 5.0)
    weighted = aalen_johansen(time, event, 5.0, w.astype(np.float64))
    assert weighted.value == pytest.approx(repeated.value)
    assert weighted.hi - weighted.lo > repeated.hi - repeated.lo


@pytest.mark.parametrize("weighted", [False, True])
def test_the_interval_of_the_incidence_covers_the_truth(weighted: bool) -> None:
    hits = 0
    draws = np.random.default_rng(0).normal(0, 1, 400_000)
    truth = float(true_incidence(5.0, draws).mean())
    for seed in range(300):
        time, event, x = cohort(seed, 1500 if weighted else 300)
        w = None
        if weighted:
            chance = np.where(x > 0, 0.3, 0.1)
            drawn = np.random.default_rng(5000 + seed).random(len(x)) < chance
            time, event, w = time[drawn], event[drawn], 1 / chance[drawn]
        found = aalen_johansen(time, event, 5.0, w)
        hits += found.lo <= truth <= found.hi
    assert 275 <= hits <= 296


def test_a_horizon_beyond_all_follow_up_has_no_incidence_unless_everybody_had_an_event() -> None:
    time, event = np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0])
    assert np.isnan(aalen_johansen(time, event, 4.0).value)
    assert aalen_johansen(time, event, 3.0).value == pytest.approx(1 / 3)
    assert aalen_johansen(time, np.array([1.0, 2.0, 1.0]), 4.0).value == pytest.approx(2 / 3)


def test_nobody_and_all_censored_and_no_event() -> None:
    nobody = np.zeros(0)
    assert np.isnan(aalen_johansen(nobody, nobody, 1.0).value)
    time, event = np.array([1.0, 2.0, 3.0]), np.zeros(3)
    assert np.isnan(aalen_johansen(time, event, 4.0).value)
    assert aalen_johansen(time, event, 2.0).value == 0.0
    assert np.isnan(c_index(time, event, time).value)
    assert np.isnan(cox_slope(time, event, time).value)
    assert np.isnan(time_auc(time, event, time, 2.0).value)
    assert np.isnan(calibration_in_the_large_ipcw(time, event, np.full(3, 0.3), 2.0).value)


def test_censoring_weights_by_hand() -> None:
    time = np.array([1.0, 2.0, 2.0, 3.0, 4.0])
    event = np.array([1.0, 1.0, 0.0, 2.0, 0.0])
    # one censoring, at 2, among the three who are left after the event at 2: G = 2/3 from then on
    assert censoring_weights(time, event, 3.5) == pytest.approx([1, 1, 0, 1.5, 1.5])
    assert censoring_weights(time, event, 2.0) == pytest.approx([1, 1, 1, 1, 1])


def test_censoring_weights_sum_to_the_number_of_people() -> None:
    time, event, _x = cohort(5)
    assert censoring_weights(time, event, 5.0).sum() == pytest.approx(len(time))


def plain_c_index(time: np.ndarray, event: np.ndarray, risk: np.ndarray) -> float:
    right = pairs = 0.0
    for i, j in itertools.permutations(range(len(time)), 2):
        if event[i] == 1 and (time[i] < time[j] or (time[i] == time[j] and event[j] != 1)):
            pairs += 1
            right += 1.0 if risk[i] > risk[j] else 0.5 if risk[i] == risk[j] else 0.0
    return right / pairs


def test_the_c_index_counts_the_pairs_also_with_ties() -> None:
    time, event, x = cohort(6, 120)
    time, x = np.ceil(time), np.round(x, 1)
    assert c_index(time, event, x).value == pytest.approx(plain_c_index(time, event, x))


def test_the_c_index_in_pieces_is_that_of_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    time, event, x = cohort(7, 150)
    whole = c_index(time, event, x)
    monkeypatch.setattr(sv, "PIECE", 500)
    parts = c_index(time, event, x)
    assert (parts.value, parts.lo, parts.hi) == pytest.approx((whole.value, whole.lo, whole.hi))


def test_the_interval_of_the_c_index_agrees_with_a_bootstrap() -> None:
    time, event, x = cohort(8, 300)
    found = c_index(time, event, x)
    drawn = bootstrap(lambda *a: c_index(*a).value, time, event, x, resamples=400)
    assert found.lo == pytest.approx(drawn.lo, abs=0.012)
    assert found.hi == pytest.approx(drawn.hi, abs=0.012)


def test_without_censoring_the_figures_are_those_of_a_yes_or_no() -> None:
    time, _event, x = cohort(9)
    event = np.where(np.arange(len(time)) % 4 == 0, 2.0, 1.0)
    y, p = ((event == 1) & (time <= 5)).astype(np.float64), true_incidence(5.0, x)
    figure, plain = time_auc(time, event, p, 5.0), auroc(y, p)
    assert (figure.value, figure.lo, figure.hi) == pytest.approx((plain.value, plain.lo, plain.hi))
    assert brier_ipcw(time, event, p, 5.0).value == pytest.approx(brier(y, p).value)


def test_weighting_for_censoring_finds_the_auroc_and_brier_score_of_complete_follow_up() -> None:
    time, event, x = cohort(10, 40_000)
    p = true_incidence(5.0, x)
    random = np.random.default_rng(11)
    y = (random.random(40_000) < p).astype(np.float64)  # what complete follow-up would show
    assert time_auc(time, event, p, 5.0).value == pytest.approx(auroc(y, p).value, abs=0.01)
    assert brier_ipcw(time, event, p, 5.0).value == pytest.approx(brier(y, p).value, abs=0.005)


def test_calibration_under_censoring_finds_a_known_shift_and_slope_and_covers_them() -> None:
    large = steep = 0
    for seed in range(200):
        time, event, x = cohort(seed, 500)
        truth = np.log(true_incidence(5.0, x)) - np.log1p(-true_incidence(5.0, x))
        shifted = calibration_in_the_large_ipcw(time, event, sigmoid(truth - 0.5), 5.0)
        flat = calibration_slope_ipcw(time, event, sigmoid(truth / 0.8), 5.0)
        large += shifted.lo <= 0.5 <= shifted.hi
        steep += flat.lo <= 0.8 <= flat.hi
    assert 183 <= large <= 199
    assert 183 <= steep <= 199


def test_survey_weights_multiply_the_weights_of_censoring() -> None:
    time, event, x = cohort(12, 300)
    p = true_incidence(5.0, x)
    w = np.random.default_rng(13).integers(1, 4, 300)
    repeated = [np.repeat(each, w) for each in (time, event, p)]
    for figure in (time_auc, brier_ipcw, calibration_in_the_large_ipcw):
        expected = figure(*repeated, 5.0).value
        assert figure(time, event, p, 5.0, w.astype(np.float64)).value == pytest.approx(expected)


def efron(slope: float, time: np.ndarray, event: np.ndarray, x: np.ndarray) -> float:
    """Minus the partial log likelihood, as the definition says it."""
    total = 0.0
    for when in np.unique(time[event == 1]):
        tied = (time == when) & (event == 1)
        weight, own = np.exp(slope * x), int(tied.sum())
        total += slope * x[tied].sum()
        for number in range(own):
            total -= np.log(weight[time >= when].sum() - number / own * weight[tied].sum())
    return -total


def test_the_cox_slope_maximises_the_partial_likelihood_also_with_ties() -> None:
    optimise = pytest.importorskip("scipy.optimize")
    time, event, x = cohort(14, 200)
    time = np.ceil(time)
    found = cox_slope(time, event, x)
    best = optimise.minimize_scalar(efron, args=(time, event, x), bracket=(0.5, 1.5), tol=1e-10)
    assert found.value == pytest.approx(best.x, abs=1e-5)
    step = 1e-3
    bend = sum(
        weight * efron(found.value + at * step, time, event, x) for at, weight in ((-1, 1), (0, -2), (1, 1))
    )
    assert (found.hi - found.lo) / 2 / 1.959964 == pytest.approx((bend / step**2) ** -0.5, rel=1e-3)


def test_the_cox_slope_covers_the_truth_and_a_constant_or_a_perfect_order_has_none() -> None:
    hits = 0
    for seed in range(200):
        time, event, x = cohort(seed, 250)
        found = cox_slope(time, event, x / 0.9)
        hits += found.lo <= 0.9 <= found.hi
    assert 182 <= hits <= 199
    time = np.arange(1.0, 11.0)
    assert np.isnan(cox_slope(time, np.ones(10), np.full(10, 2.0)).value)
    assert np.isnan(cox_slope(time, np.ones(10), -time).value)
