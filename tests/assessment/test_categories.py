"""The shown figure and its chip never disagree."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.assessment.categories import as_shown, band_of, bands_of, category_of
from medgui.assessment.finding import Finding, Interval, Level, Output, Status
from medgui.assessment.order import in_page_order
from medgui.i18n import format_percent
from medgui.inference.manifest import BandSpec
from tests.assessment.people import shipped

ASCVD = shipped().get("prevent").manifest.output("ascvd_10y")
EGFR = shipped().get("ckd_epi_2021").manifest.output("egfr")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0294, "Low"),
        (0.02951, "Borderline"),  # shown as 3.0 %
        (0.0499, "Intermediate"),  # shown as 5.0 %
        (0.0494, "Borderline"),
        (0.0995, "High"),  # shown as 10.0 % (halves up)
        (0.0994, "Intermediate"),
        (0.99, "High"),
    ],
)
def test_a_risk_falls_into_the_band_of_its_shown_percent(value: float, text: str) -> None:
    category = category_of(ASCVD, value)
    assert category is not None
    assert category.text == text


@pytest.mark.parametrize(
    ("age", "text"),
    [(49.0, "High"), (50.0, "Low"), (69.0, "Low"), (70.0, None), (math.nan, None)],
)
def test_bands_that_go_by_age_hold_at_that_age_alone(age: float, text: str | None) -> None:
    bands = (
        BandSpec(0, 0.025, {"en": "Low"}, "info", (0, 50)),
        BandSpec(0.025, 1.01, {"en": "High"}, "high", (0, 50)),
        BandSpec(0, 0.05, {"en": "Low"}, "info", (50, 70)),
        BandSpec(0.05, 1.01, {"en": "High"}, "high", (50, 70)),
    )
    spec = replace(ASCVD, bands=bands)
    category = category_of(spec, 0.0249501, age)  # shown as 2.5 %
    assert (category.text if category else None) == text
    assert len(bands_of(spec, age)) == (2 if text else 0)


def test_an_egfr_is_judged_as_the_whole_number_that_laboratories_report() -> None:
    assert [c.text for c in (category_of(EGFR, v) for v in (59.4, 59.6, 89.5)) if c] == ["G3a", "G2", "G1"]


@given(st.floats(0.0001, 0.9999))
def test_the_band_is_that_of_the_printed_figure(value: float) -> None:
    printed = float(format_percent(value).rstrip("\u00a0%").lstrip("<>\u00a0")) / 100
    band = band_of(ASCVD, value)
    assert band is not None
    assert band.lo - 1e-12 <= printed < band.hi


def test_risks_below_one_percent_are_shown_with_two_decimals() -> None:
    assert str(as_shown("cvd_10y", 0.00456, "1")) == "0.0046"


def row(name: str, status: Status, *outputs: Output, group: str = "", kind: str = "risk") -> Finding:
    return Finding(name, "1", kind, name, "", status, "", outputs=outputs, group=group)


def output(level: Level | None, *, plausible: tuple[float, float] | None = None) -> Output:
    category = None
    bands = ()
    interval = None
    if level is not None:
        from medgui.assessment.finding import Category

        category = Category("word", "guideline", level)
    if plausible is not None:
        from medgui.assessment.finding import Band

        bands = (Band(0, 0.1, "low"), Band(0.1, 1, "high", Level.HIGH))
        interval = Interval(*plausible, 1.0, "plausible_missing")
    return Output("x", "x", None, "1", interval, category, bands)


def test_the_page_goes_by_status_then_category_and_prognosis_comes_last() -> None:
    findings = [
        row("death", Status.READY, output(Level.HIGH), group="prognosis"),
        row("failed", Status.FAILED),
        row("refused", Status.REFUSED),
        row("out", Status.OUT_OF_SCOPE),
        row("missing_low", Status.MISSING_INPUT, output(None, plausible=(0.01, 0.05))),
        row("missing_high", Status.MISSING_INPUT, output(None, plausible=(0.01, 0.2))),
        row("plain", Status.READY, output(None)),
        row("info", Status.READY, output(Level.INFO)),
        row("caution", Status.READY, output(Level.CAUTION)),
        row("high", Status.READY, output(Level.HIGH)),
    ]
    order = [f.model for f in in_page_order(findings)]
    assert order == [
        "high",
        "caution",
        "info",
        "plain",
        "missing_high",
        "missing_low",
        "out",
        "refused",
        "failed",
        "death",
    ]
