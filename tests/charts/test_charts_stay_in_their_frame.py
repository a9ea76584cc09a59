"""Whatever the figures, the language and the width: nothing outside of the drawing, no two texts on each other."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from medgui.assessment.finding import Contribution, Curve, Explanation, InputUsed, Interval
from medgui.charts import calibration, curve, forest, icon_array, marks, scale, trend, waterfall
from medgui.charts.display import PAPER, SCREEN, Drawing
from medgui.i18n import using_language
from medgui.record.model import Origin
from tests.helpers import findings

WIDTHS = (240, 360, 536, 900)
LANGUAGES = ("en", "zh", "pseudo")


def measure(text: str, size: float, bold: bool) -> float:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return size * (wide + (0.59 if bold else 0.555) * (len(text) - wide))


def faults(drawing: Drawing) -> Iterator[str]:
    for item in drawing.items:
        if not item.box.inside(drawing.w, drawing.h, slack=1.0):
            yield f"outside {drawing.w:.0f} × {drawing.h:.0f}: {item}"
    for one, other in combinations(drawing.texts, 2):
        if one.box.overlaps(other.box, slack=0.6):
            yield f"on each other: {one.text!r} {other.text!r}"


def check(drawing: Drawing) -> None:
    assert list(faults(drawing)) == []
    assert drawing.items


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    with using_language(request.param):
        yield request.param


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("value", [-0.01, 0.0, 0.0004, 0.031, 0.0921, 0.299, 0.3, 0.97])
def test_scales_keep_their_labels_apart(lang: str, width: int, value: float) -> None:

    for base in findings.outputs(lang)[:2]:
        output = replace(base, value=value, interval=Interval(value - 0.02, value + 0.05, 0.9, "model"))
        check(scale.large(output, measure, width, sizes=PAPER))
        check(scale.small(output, measure, min(width, 240), what_if=0.2))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_missing_input_shows_a_box_and_no_dot(lang: str, width: int) -> None:
    output = findings.missing(lang).outputs[0]
    drawing = scale.large(output, measure, width)
    check(drawing)
    assert not [i for i in drawing.items if type(i).__name__ == "Circle"]
    assert [i for i in drawing.items if type(i).__name__ == "Rect" and i.dash]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("sizes", [SCREEN, PAPER, SCREEN.scaled(2)])
def test_the_waterfall_of_the_pictures_fits(lang: str, width: int, sizes: object) -> None:
    finding = findings.prevent(lang)
    for output in finding.outputs[:2]:
        check(waterfall.draw(finding, output, measure, width, sizes=sizes))


@pytest.mark.parametrize("seed", range(40))
def test_waterfalls_of_any_figures_fit(lang: str, seed: int) -> None:

    chance = random.Random(seed)
    count = chance.randint(0, 14)
    names = [
        chance.choice(["Age", "收缩压", "A very long name of an input indeed, with more", "HDL"])
        for _ in range(count)
    ]
    used = tuple(
        InputUsed(f"i{n}", name, chance.choice([None, 1.0, 12345.678, "never", "non-anginal pain of the chest"]),
                  chance.choice(["mg/dL", "1", "", "mL/min/{1.73_m2}"]), Origin.FILE, marker=chance.random() < 0.2)
        for n, name in enumerate(names)
    )  # fmt: skip
    parts = tuple(Contribution(i.name, chance.gauss(0, chance.choice([0.001, 0.03, 0.2]))) for i in used)
    baseline = chance.choice([0.001, 0.03, 0.4])
    value = min(max(baseline + sum(p.value for p in parts), 0.0003), 0.9996)
    title = chance.choice(
        ["Reference", "各项均为方程参照值的 50 岁女性，血压 120 mmHg", "A " + "reference person " * 5]
    )
    base = findings.outputs(lang)[seed % 2]
    output = replace(base, value=value, interval=Interval(value * 0.7, min(1, value * 1.4), 0.9, "model"))
    explained = Explanation(
        output.name, "tree_shap", value - sum(p.value for p in parts), title, "1", parts, 0.0
    )
    finding = replace(findings.prevent(lang), inputs=used, explanations=(explained,), outputs=(output,))
    check(waterfall.draw(finding, output, measure, chance.choice(WIDTHS)))


@pytest.mark.parametrize("value", [0.0, 0.0002, 0.003, 0.0099, 0.01, 0.147, 0.996, 1.0])
def test_icon_arrays_fit(value: float) -> None:

    output = replace(findings.outputs()[0], value=value)
    for width, per_row in ((288, 20), (170, 10), (100, 10)):
        drawing = icon_array.draw(output, width=width, per_row=per_row)
        check(drawing)
        assert drawing.w <= width + 1e-6


@pytest.mark.parametrize("seed", range(30))
def test_trends_fit(lang: str, seed: int) -> None:
    chance = random.Random(seed)
    start = date(2020, 1, 31)
    points = [
        trend.Point(start + timedelta(days=chance.randint(0, 2000)), chance.choice([90, 0.8, 4.5]) + chance.gauss(0, 1),
                    questioned=chance.random() < 0.2)
        for _ in range(chance.randint(1, 14))
    ]  # fmt: skip
    if chance.random() < 0.4:
        points.append(trend.Point(date(2026, 11, 21), chance.choice([194, -50]), questioned=True))
    check(trend.large(points, measure, chance.choice(WIDTHS), 180, name="x", unit="kg", decimals=1))
    spark = trend.sparkline(points)
    check(spark)
    assert (spark.w, spark.h) == (88, 20)


@pytest.mark.parametrize("seed", range(30))
def test_curves_fit(lang: str, seed: int) -> None:
    chance = random.Random(seed)
    lo, hi = chance.choice([(5.0, 3000.0), (4.0, 12.0), (0.0, 1.0), (100.0, 170.0), (0.5, 9000.0)])
    xs = tuple(lo + (hi - lo) * i / 20 for i in range(21))
    slope = chance.choice([-0.3, 0.0, 0.01, 0.5])
    ys = tuple(0.35 + slope * i / 20 for i in range(21))
    output = findings.outputs(lang)[1]
    made = Curve("uacr", "mg/g", xs, ys)
    check(curve.draw(made, output, measure, chance.choice(WIDTHS), 240, title="Urine ACR", unit="mg/g"))


@pytest.mark.parametrize("seed", range(20))
def test_forests_and_calibration_fit(lang: str, seed: int) -> None:
    chance = random.Random(seed)
    rows, points = [], []
    for number in range(chance.randint(1, 12)):
        value = chance.uniform(0.5, 0.97)
        known = chance.random() < 0.8
        rows.append(
            forest.Row(chance.choice(["All", "20 to 49 y", "Non-Hispanic White", "非西班牙裔白人"]), value,
                       value - 0.03 if known else None, value + 0.02 if known else None,
                       chance.randint(10, 20000), chance.randint(0, 3000), whole=number == 0,
                       starts_block=number in (1, 4))
        )  # fmt: skip
        share = chance.uniform(0.01, 0.4)
        points.append(calibration.Point(rows[-1].name, share, min(1, max(0, share + chance.gauss(0, 0.02))),
                                        chance.random() < 0.2))  # fmt: skip
    width = chance.choice(WIDTHS)
    check(forest.draw(rows, measure, max(width, 300), metric="AUROC", events="deaths"))
    check(calibration.draw(points, measure, width, 220))
    shares = sorted(chance.random() for _tenth in range(chance.randint(2, 10)))
    tenths = [calibration.Tenth(p, p * 0.9, p * 0.6, min(1.0, p * 1.3)) for p in shares]
    check(calibration.draw(points[: chance.randint(0, 3)], measure, width, 250, tenths=tenths))


def test_every_sign_and_grade_fits_its_square() -> None:
    for sign in ("info", "caution", "question", "high", "refused", "failed", "inside"):
        check(marks.shape(sign, 12))
    for grade in marks.EVIDENCE_BARS:
        check(marks.evidence(grade))
