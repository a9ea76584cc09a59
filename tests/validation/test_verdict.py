"""What local figures mean is said in words, and never more than the people allow."""

from pathlib import Path

import numpy as np
import pytest

from medgui.inference.catalogue import Catalogue
from medgui.validation.cohort import Local, Roles, load
from medgui.validation.performance import Performance, measure, thresholds_of
from medgui.validation.session import validate
from medgui.validation.verdict import judge
from tests.helpers import cohorts


def cohort(folder: Path, people: int, **truth: float) -> tuple[Local, Performance]:
    models = cohorts.catalogue(folder)
    path = cohorts.write(folder / "cohort.csv", cohorts.rows(models.get("logistic"), people, **truth))  # type: ignore[arg-type]
    local = load(models, "logistic", path, Roles(label="outcome"))
    return local, measure(local, (0.1, 0.2))


@pytest.mark.parametrize(
    ("truth", "code", "words"),
    [
        ({}, "fits", "agree within chance"),
        ({"shift": 0.9}, "too_low", "predicts too low here"),
        ({"shift": -0.9}, "too_high", "predicts too high here"),
    ],
)
def test_a_verdict_follows_from_the_truth_that_the_people_were_drawn_from(
    tmp_path: Path, truth: dict[str, float], code: str, words: str
) -> None:
    _local, performance = cohort(tmp_path, 2500, **truth)
    verdict = judge(performance)
    assert verdict.code == code
    assert words in verdict.sentences[0]
    assert not verdict.uncertain
    assert verdict.advisable == (code != "fits")
    assert any("advisable" in sentence for sentence in verdict.sentences) == (code != "fits")


def test_a_slope_that_is_wrong_is_said(tmp_path: Path) -> None:
    _local, performance = cohort(tmp_path, 4000, slope=0.4)
    assert "High risks are predicted too high" in " ".join(judge(performance).sentences)


def test_few_people_are_called_uncertain_with_the_number_that_is_needed(tmp_path: Path) -> None:
    local, performance = cohort(tmp_path, 120)
    verdict = judge(performance)
    assert verdict.uncertain
    assert f"Uncertain: {local.events} with" in verdict.sentences[-1]
    assert "At least 100 of each" in verdict.sentences[-1]
    assert verdict.code == "unclear"


def test_observed_and_predicted_are_those_of_the_people(tmp_path: Path) -> None:
    local, performance = cohort(tmp_path, 600)
    whole = performance.whole
    assert whole.observed == pytest.approx(float(np.mean(local.outcome.y)))
    assert whole.predicted == pytest.approx(float(np.mean(local.p)))
    metrics = {row.metric for row in performance.rows if row.group == "all"}
    assert {"auroc", "average_precision", "brier", "brier_prevalence", "calibration_slope"} <= metrics
    assert {"sensitivity@0.1", "specificity@0.2", "net_benefit@0.1"} <= metrics
    assert {"sex: female", "sex: male"} <= {row.group for row in performance.rows}
    assert len(performance.decision) == 50


def test_the_treat_all_line_of_the_decision_curve_is_that_of_its_formula(tmp_path: Path) -> None:
    local, performance = cohort(tmp_path, 600)
    share = float(np.mean(local.outcome.y))
    for point in performance.decision:
        odds = point.threshold / (1 - point.threshold)
        assert point.treat_all == pytest.approx(share - (1 - share) * odds)


def test_thresholds_are_the_named_ones_else_those_of_the_bands(tmp_path: Path) -> None:
    bundle = cohorts.catalogue(tmp_path).get("logistic")
    assert thresholds_of(bundle, "risk", (0.3, 0.1)) == (0.1, 0.3)
    assert thresholds_of(bundle, "risk") == (0.05, 0.1, 0.2)
    shipped = Catalogue.load().get("prevent")
    own = {band.lo for spec in shipped.manifest.outputs for band in spec.bands} - {0}
    if own:
        with_bands = next(spec for spec in shipped.manifest.outputs if spec.bands)
        assert set(thresholds_of(shipped, with_bands.name)) <= own


def test_people_followed_for_different_times_are_judged_by_their_times(tmp_path: Path) -> None:
    """Everybody is seen for 12 years: the figures are those of the plain outcome by then."""
    models = Catalogue.load()
    bundle = models.get("mortality_10y")
    random = np.random.default_rng(3)
    age = random.integers(40, 85, 700)
    x = np.full((700, len(bundle.input_names)), np.nan)
    x[:, bundle.input_names.index("age")] = age
    x[:, bundle.input_names.index("sex")] = 1
    p = bundle.run(x)["death_10y"]
    died = random.random(700) < p
    years = np.where(died, random.random(700) * 10, 12)
    lines = [[str(a), "male", f"{t:.4f}", str(int(d))] for a, t, d in zip(age, years, died, strict=True)]
    path = cohorts.write(tmp_path / "c.csv", lines, ("age", "sex", "years", "died"))
    roles = Roles(time="years", event="died", time_unit="a")
    timed = validate(models, "mortality_10y", path, roles, day="2026-01-01")
    plain = validate(models, "mortality_10y", path, Roles(label="died"), day="2026-01-01")
    for ours, theirs in (
        ("auroc_ipcw", "auroc"),
        ("brier_ipcw", "brier"),
        ("calibration_slope", "calibration_slope"),
    ):
        one, other = timed.performance.figure(ours), plain.performance.figure(theirs)
        assert one is not None
        assert other is not None
        assert one.value == pytest.approx(other.value, abs=2e-3)
    assert timed.performance.figure("c_index") is not None
    assert timed.local.outcome.horizon == 10
