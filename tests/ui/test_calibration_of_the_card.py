"""Observed against predicted in the model card: what is drawn, and which differences are said."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from medgui.charts import calibration
from medgui.inference.manifest import EvaluationRow
from medgui.ui.pages.models import figures


def measure(text: str, size: float, bold: bool = False) -> float:
    return len(text) * size * 0.55


def row(group: str, predicted: float, observed: float, n: int = 5000, **more: Any) -> EvaluationRow:
    plain = EvaluationRow("set", group, "auroc", 0.8, None, None, n, round(n * observed), predicted, observed)
    return replace(plain, **more)


def manifest(*rows: EvaluationRow) -> Any:
    return SimpleNamespace(evaluation=rows)


def tenth(number: int, predicted: float, observed: float, n: int = 500) -> EvaluationRow:
    return row(f"risk: {number:02d}", predicted, observed, n, metric="observed_rate")


TENTHS = (tenth(2, 0.1, 0.11), tenth(1, 0.02, 0.021), tenth(3, 0.4, 0.2))


def test_the_tenths_are_one_curve_and_no_groups() -> None:
    card = manifest(row("all", 0.2, 0.2), *TENTHS)
    assert figures.calibration_points(card) == []
    assert [each.predicted for each in figures.calibration_tenths(card)] == [0.02, 0.1, 0.4]
    low, middle, _high = figures.calibration_tenths(card)
    assert low.lo < low.observed < low.hi
    assert middle.hi - middle.lo > low.hi - low.lo


def test_the_stated_interval_of_a_tenth_is_taken() -> None:
    stated = replace(TENTHS[0], lo=0.07, hi=0.16)
    found = figures.calibration_tenths(manifest(stated, TENTHS[1]))[1]
    assert (found.lo, found.hi) == (0.07, 0.16)


def test_a_small_difference_is_not_said_however_many_people_show_it() -> None:
    card = manifest(row("sex: female", 0.30, 0.308, 10**6), row("sex: male", 0.00002, 0.00001, 10**9))
    assert figures.calibration_words(card) == []
    assert not any(point.flagged for point in figures.calibration_points(card))


def test_a_difference_that_may_be_chance_is_not_said() -> None:
    assert figures.calibration_words(manifest(row("sex: female", 0.30, 0.40, 20))) == []


def test_groups_of_every_dimension_are_said_the_worst_first_and_five_at_most() -> None:
    rows = [row(f"site: S{n}", 0.1, 0.12 + n / 50) for n in range(6)]
    said = figures.calibration_words(manifest(*rows, row("sex: female", 0.1, 0.5)))
    assert len(said) == 6
    assert said[0].startswith("Women: 10.0")
    assert "understates" in said[0]
    assert said[-1] == "2 more groups"


def test_the_curve_is_said_in_one_sentence() -> None:
    (said,) = figures.calibration_words(manifest(*TENTHS))
    assert "1 of 3 tenths" in said
    assert "40.0" in said
    assert "20.0" in said


def test_gaps_between_groups_are_said_where_they_are_more_than_chance() -> None:
    whole = row("all", 0.2, 0.2)
    gap = replace(whole, group="sex", metric="calibration_gap", value=0.2151, lo=0.0677, hi=0.3646)
    low = replace(whole, group="sex", metric="equal_opportunity_difference@0.1", value=0.05, lo=-0.01, hi=0.1)
    high = replace(low, metric="equal_opportunity_difference@0.2", value=0.08, lo=0.02, hi=0.14)
    calibrated, opportunity = figures.gap_words(manifest(whole, gap, low, high))
    assert "1.24 (1.07" in calibrated
    assert "1.44)" in calibrated
    assert "8.0 (2.0" in opportunity
    (none,) = figures.gap_words(manifest(whole, replace(gap, lo=-0.1)))
    assert "No gap" in none
    assert "Sex" in none


def test_the_drawing_names_the_groups_and_tells_each_tenth() -> None:
    tenths = figures.calibration_tenths(manifest(*TENTHS))
    points = [calibration.Point("Women", 0.2, 0.21)]
    drawing = calibration.draw(points, measure, 420, 250, tenths=tenths)
    shown = [text.text for text in drawing.texts]
    assert "Women" in shown
    assert "groups" in shown
    assert any("tenths" in text for text in shown)
    assert drawing.description.count("Tenth ") == 3
