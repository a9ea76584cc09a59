"""The survival curve under an open result: drawn, told to a screen reader, moved by a what-if."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from medgui.assessment.finding import Finding
from medgui.charts.display import Polygon
from medgui.i18n import using_language
from medgui.ui.pages.results.why import Why
from tests.helpers import findings


def found() -> Finding:
    return replace(findings.death(), survival=findings.survival())


@pytest.fixture
def why(qtbot: QtBot) -> Why:
    made = Why(lambda: "conventional", "female")
    qtbot.addWidget(made)
    made.resize(640, 800)
    made.show()
    return made


def test_a_finding_with_a_curve_shows_it_and_says_it_in_words(why: Why) -> None:
    finding = found()
    why.show_output(finding, finding.outputs[0])
    panel = why.survival
    assert panel.isVisible()
    assert panel.title.text() == "Alive"
    words = panel.chart.accessibleDescription().replace("\u00a0", " ")
    assert "after 5 years 53 % (between 42 % and 62 %)" in words
    assert panel.sentence.text() == panel.chart.accessibleDescription()
    assert panel.chart.accessibleName() == "Alive"


def test_a_finding_without_a_curve_shows_none(why: Why) -> None:
    finding = findings.death()
    why.show_output(finding, finding.outputs[0])
    assert not why.survival.isVisible()


def test_a_what_if_moves_the_curve_and_keeps_the_files_dashed(why: Why) -> None:
    finding = found()
    why.show_output(finding, finding.outputs[0])
    curve = findings.survival()
    lower = replace(curve, values=tuple(value**2 for value in curve.values), lo=(), hi=())
    why.show_what_if(replace(finding, survival=lower))
    panel = why.survival
    assert panel.chart.drawing is not None
    lines = [item for item in panel.chart.drawing.items if isinstance(item, Polygon)]
    assert [bool(line.dash) for line in lines] == [True, False]
    assert "after 5 years 28 %" in panel.sentence.text().replace("\u00a0", " ")
    assert "Dashed: as in the file." in panel.note.text()
    why.show_what_if(None)
    assert "after 5 years 53 %" in panel.sentence.text().replace("\u00a0", " ")
    assert "Dashed" not in panel.note.text()


def test_a_what_if_without_a_number_takes_the_curve_away(why: Why) -> None:
    finding = found()
    why.show_output(finding, finding.outputs[0])
    why.show_what_if(replace(finding, survival=None))
    assert not why.survival.isVisible()


def test_the_curve_speaks_chinese(qtbot: QtBot) -> None:
    with using_language("zh"):
        made = Why(lambda: "si", "female")
        qtbot.addWidget(made)
        made.resize(640, 800)
        made.show()
        finding = replace(findings.death("zh"), survival=findings.survival("zh"))
        made.show_output(finding, finding.outputs[0])
        assert "5 年时" in made.survival.sentence.text().replace("\u00a0", " ")
