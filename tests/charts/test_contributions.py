"""The shown figures of an explanation add up, in the order and with the words that a doctor reads."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.assessment.finding import Contribution, Explanation, Interval
from medgui.charts import contributions, describe, waterfall
from medgui.charts.display import Rect
from medgui.charts.layout import largest_remainder
from medgui.i18n import format_number
from tests.charts.test_charts_stay_in_their_frame import measure
from tests.helpers import findings

OUTPUT = findings.outputs()[0]


def rows_of(values: list[float], baseline: float = 0.03) -> list[contributions.Row]:
    parts = tuple(Contribution(f"i{n}", v) for n, v in enumerate(values))
    total = baseline + sum(values)
    explained = Explanation("cvd_10y", "tree_shap", baseline, "Reference", "1", parts, 0.0)
    return contributions.rows(explained, replace(OUTPUT, value=total), ())


@given(st.lists(st.floats(-0.02, 0.05, allow_nan=False), max_size=20), st.floats(0.4, 0.5))
def test_shown_figures_add_up_to_the_shown_result(values: list[float], baseline: float) -> None:
    rows = rows_of(values, baseline)
    shown = sum(row.shown for row in rows[:-1])
    assert format_number(shown, 1) == format_number((baseline + sum(values)) * 100, 1)


@given(st.lists(st.floats(-50, 50, allow_nan=False), min_size=1, max_size=15), st.integers(0, 2))
def test_rounding_moves_no_part_by_a_whole_step(parts: list[float], decimals: int) -> None:
    rounded = largest_remainder(parts, sum(parts), decimals)
    assert all(abs(r - p) <= 10.0**-decimals * 1.001 for r, p in zip(rounded, parts, strict=True))


def test_the_example_reads_as_in_the_design() -> None:
    rows = contributions.rows(findings.explanation(), OUTPUT, findings.inputs())
    expected = ["2.7", "+5.8", "+4.0", "+1.4", "+1.3", "−0.7", "+0.1", "+0.1", "0.0", "14.7"]
    assert [row.points for row in rows] == expected
    assert rows[0].name == "Woman of 50 at the equation's reference values"
    assert rows[-1].name == "This patient"


def test_more_than_seven_inputs_are_summed_in_one_row() -> None:
    rows = rows_of([0.01 * n for n in range(1, 11)])
    assert [row.kind for row in rows] == ["baseline", *["input"] * 7, "rest", "patient"]
    assert rows[-2].name == "3 smaller inputs"
    assert rows[-2].shown == pytest.approx(6.0)


def test_an_input_equal_to_the_reference_has_no_row() -> None:
    rows = rows_of([0.02, 0.0])
    assert [row.input for row in rows if row.kind == "input"] == ["i0"]


def test_a_treatment_flag_reads_on_treatment_and_is_explained() -> None:
    finding = findings.prevent()
    rows = contributions.rows(findings.explanation(), OUTPUT, finding.inputs)
    treated = next(row for row in rows if row.input == "bp_treatment")
    assert (treated.value, treated.marker) == ("on treatment", True)
    drawing = waterfall.draw(finding, OUTPUT, measure, 536)
    assert any("does not cause the risk" in text.text for text in drawing.texts)


def test_a_missing_input_says_so_instead_of_a_value() -> None:
    parts = (Contribution("hba1c", 0.02),)
    explained = Explanation("cvd_10y", "enumeration", 0.1272, "Reference", "1", parts, 0.0)
    row = contributions.rows(explained, OUTPUT, findings.inputs())[1]
    assert row.missing
    assert row.value == "not measured"


def test_no_step_of_the_way_leaves_what_a_risk_can_be() -> None:
    rows = rows_of([-0.08, 0.06, 0.03], baseline=0.03)
    assert all(-1e-9 <= end <= 1 for row in rows for end in (row.start, row.end))


def test_an_output_without_a_number_has_no_explanation() -> None:
    with pytest.raises(ValueError):
        contributions.rows(findings.explanation(), replace(OUTPUT, value=None), ())


def test_risks_under_one_per_cent_add_up_with_two_decimals() -> None:
    rows = rows_of([0.0013, 0.0006], baseline=0.004)
    assert rows[-1].points == "0.59"
    assert sum(row.shown for row in rows[:-1]) == pytest.approx(0.59)


def test_the_legend_names_the_reference_person_and_never_says_raises() -> None:
    drawing = waterfall.draw(findings.prevent(), OUTPUT, measure, 900)
    words = " ".join(text.text for text in drawing.texts)
    assert "above the reference person" in words
    assert "below the reference person" in words
    assert "raises" not in words
    assert "lowers" not in words


def test_falls_are_hatched_and_rises_solid() -> None:
    drawing = waterfall.draw(findings.prevent(), OUTPUT, measure, 900)
    bars = [i for i in drawing.items if isinstance(i, Rect)]
    assert sum(1 for bar in bars if bar.hatch) == 2  # one fall, one in the legend
    assert sum(1 for bar in bars if bar.fill == "rise") == 8


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0.147, "Of 100 women like her, about 15 have a stroke."),
        (0.0031, "Of 1,000 women like her, about 3 have a stroke."),
        (0.0001, "Of 1,000 women like her, fewer than 1 have a stroke."),
        (0.9999, "Of 100 women like her, nearly all have a stroke."),
        (0.0099, "Of 1,000 women like her, about 10 have a stroke."),
        (0.005, "Of 1,000 women like her, about 5 have a stroke."),
    ],
)
def test_natural_frequencies_count_whole_people(value: float, sentence: str) -> None:
    output = replace(OUTPUT, value=value, event="have a stroke")
    assert describe.frequency(output, "female") == sentence


def test_words_of_a_scale_hold_number_interval_category_and_bands() -> None:
    words = describe.scale(findings.outputs()[1])
    assert "9.2\u00a0%" in words
    assert "6.9–12.1\u00a0%" in words
    assert "Intermediate (2026 ACC/AHA)" in words
    assert "High from 10" in words


def test_words_of_a_missing_input_give_the_range_and_no_number() -> None:
    assert "0.6–9.6\u00a0%" in describe.scale(findings.missing().outputs[0])


def test_a_value_beyond_the_scale_is_said() -> None:
    output = replace(OUTPUT, value=0.6, interval=Interval(0.5, 0.7, 0.9, "model"))
    assert "Beyond the upper end of the scale." in describe.scale(output)
