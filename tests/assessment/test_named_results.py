"""An ordered code whose band names it: "G3b" is shown, never "4"; files keep the number."""

from __future__ import annotations

import tomllib

import pytest

from medgui.assessment.finding import Finding, Output, Status
from medgui.assessment.run import assess
from medgui.assessment.to_json import finding_json
from medgui.charts import describe, figures
from medgui.cli.assessment_text import finding_lines
from medgui.errors import DamagedData
from medgui.i18n import using_language
from medgui.inference.manifest_io import FILE_NAME, made_of
from medgui.paths import models_dir
from medgui.report import words as report_words
from medgui.ui.pages.results import texts
from tests.assessment.people import person, seen, shipped

STAGE = "kdigo_stage"


def staged(egfr: float = 40.0, **values: float) -> Finding:
    observations = [seen("egfr", egfr, "mL/min/{1.73_m2}")]
    observations += [seen(name, value, "mg/g") for name, value in values.items()]
    found = assess(person(*observations), shipped(), models=[STAGE]).findings
    return next(f for f in found if f.model == STAGE)


def output(finding: Finding, name: str) -> Output:
    return next(each for each in finding.outputs if each.name == name)


@pytest.mark.parametrize(("egfr", "stage"), [(95, "G1"), (59.6, "G2"), (45, "G3a"), (44, "G3b"), (14, "G5")])
def test_the_stage_is_shown_by_its_name(egfr: float, stage: str) -> None:
    found = staged(egfr, uacr=100.0)
    assert figures.value_text(output(found, "gfr_stage")) == stage
    assert figures.value_text(output(found, "albuminuria_stage")) == "A2"


def test_the_row_shows_the_letters_of_the_stages_and_what_they_make_together() -> None:
    found = staged(uacr=100.0)
    row = output(found, "gfr_stage")
    assert texts.number(found, row) == ("G3b\u00a0A2", "")
    shown = texts.chip(found, row)
    assert shown is not None
    assert shown[0] == "Very high (red)"
    sentence = texts.sentence(found, row, is_open=False)
    assert "G3b" in sentence
    assert "4" not in sentence.replace(found.title, "").replace(found.reason, "")


def test_the_terminal_and_the_report_say_the_stage_once() -> None:
    found = staged(uacr=100.0)
    line = next(line for line in finding_lines(found) if "GFR stage" in line and "G3b" in line)
    assert line.count("G3b") == 1
    assert report_words.value(found) == "G3b\u00a0A2"
    assert report_words.chip(found).text == "Very high (red)"
    assert "G3b" in describe.scale(output(found, "gfr_stage"))


def test_the_number_stays_in_the_json() -> None:
    outputs = {each["name"]: each for each in finding_json(staged(uacr=100.0))["outputs"]}
    assert outputs["gfr_stage"]["value"] == 4
    assert outputs["gfr_stage"]["category"]["text"] == "G3b"
    assert outputs["kdigo_risk"]["value"] == 4


def test_the_name_is_in_the_language_of_the_reader() -> None:
    with using_language("zh"):
        assert figures.value_text(output(staged(uacr=10.0), "kdigo_risk")) == "高危（橙）"


def test_no_stage_of_albuminuria_without_a_ratio() -> None:
    found = staged()
    assert found.status is Status.READY
    assert output(found, "albuminuria_stage").value is None
    assert output(found, "kdigo_risk").value is None


@pytest.mark.parametrize("broken", [{"decimals": 1}, {"bands": []}, {"unit": "%"}, {"named": 1}])
def test_only_a_whole_number_with_bands_can_be_named(broken: dict[str, object]) -> None:
    data = tomllib.loads((models_dir() / STAGE / FILE_NAME).read_text(encoding="utf-8"))
    data["outputs"][0] |= broken
    with pytest.raises(DamagedData):
        made_of(data, FILE_NAME, STAGE)
