"""The survival curve as a drawing and in words."""

import pytest

from medgui.assessment.finding import SurvivalCurve
from medgui.charts import describe, survival
from medgui.charts.display import PAPER, SCREEN, Circle, Polygon
from medgui.i18n import using_language
from tests.charts.test_charts_stay_in_their_frame import WIDTHS, check, measure

TIMES = tuple(step / 2 for step in range(1, 15))


def curve(
    fall: float, *, limits: bool = True, times: tuple[float, ...] = TIMES, unit: str = "a"
) -> SurvivalCurve:
    values = tuple((1 - fall) ** time for time in times)
    lo, hi = (tuple(value**power for value in values) for power in (1.3, 0.75))
    return SurvivalCurve("r", "Alive without recurrence", times, unit, values, *((lo, hi) if limits else ()))


@pytest.mark.parametrize("language", ["en", "zh", "pseudo"])
@pytest.mark.parametrize("fall", [0.0, 0.01, 0.13, 0.5, 0.9])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_curve_stays_in_its_frame(language: str, fall: float, width: int) -> None:
    with using_language(language):
        for sizes in (SCREEN, PAPER, SCREEN.scaled(2.0)):
            height = 230 * sizes.text / 13
            check(survival.draw(curve(fall), measure, width, height, sizes=sizes))
            check(survival.draw(curve(fall), measure, width, height, sizes=sizes, before=curve(0.2)))


def test_the_line_starts_with_everybody_and_the_band_is_there_only_with_limits() -> None:
    drawing = survival.draw(curve(0.13), measure, 536, 230)
    band, line = (item for item in drawing.items if isinstance(item, Polygon))
    assert band.closed
    assert line.points[0][1] == min(y for _x, y in line.points)
    assert len(line.points) == len(TIMES) + 1
    assert len([item for item in drawing.items if isinstance(item, Circle)]) == 3
    bare = survival.draw(curve(0.13, limits=False), measure, 536, 230)
    assert len([item for item in bare.items if isinstance(item, Polygon)]) == 1
    assert survival.legend(curve(0.13, limits=False)) == ""


def test_words_tell_one_two_and_five_years_with_their_limits() -> None:
    made = SurvivalCurve(
        "r", "Free", (1.0, 2.0, 5.0), "a", (0.9, 0.8, 0.5), (0.85, 0.7, 0.4), (0.95, 0.88, 0.6)
    )
    drawing = survival.draw(made, measure, 536, 230)
    assert drawing.name == "Free"
    words = drawing.description.replace("\u00a0", " ")
    assert "after 1 year 90 % (between 85 % and 95 %)" in words
    assert "after 5 years 50 % (between 40 % and 60 %)" in words
    with using_language("zh"):
        assert "5 年时" in describe.survival(made).replace("\u00a0", " ")


def test_a_curve_without_those_times_tells_its_end() -> None:
    made = curve(0.1, limits=False, times=(3.0, 9.0), unit="mo")
    assert [time for time, _share in describe.told(made)] == [9.0]
    assert "after 9 months" in describe.survival(made)


def test_nearly_nobody_and_nearly_everybody_are_not_rounded_away() -> None:
    assert describe.share_text(0.002).startswith("<")
    assert describe.share_text(0.998).startswith(">")
