"""The survival curve in a finding, in JSON and in a what-if; a damaged one gives no number."""

from pathlib import Path
from typing import Any

import pytest

from medgui.assessment.finding import Status
from medgui.assessment.run import assess, what_if
from medgui.assessment.to_json import assessment_json
from medgui.cli.assessment_text import assessment_lines
from medgui.inference.catalogue import Catalogue
from tests.assessment.people import person, seen
from tests.helpers import bundles


def catalogue(folder: Path, **keys: Any) -> Catalogue:
    bundles.survival_bundle(folder, **keys)
    return Catalogue.load(folder, bundles.TRUST)


RECORD = person(seen("glucose", 100.0, "mg/dL"))


def test_a_finding_carries_the_curve_and_its_limits(tmp_path: Path) -> None:
    finding = assess(RECORD, catalogue(tmp_path), models=["survival"]).findings[0]
    curve = finding.survival
    assert curve is not None
    assert (curve.output, curve.title, curve.unit, curve.times) == (
        "risk",
        "Free of it",
        "a",
        (1.0, 2.0, 5.0),
    )
    assert curve.values[-1] == pytest.approx(1 - (finding.outputs[0].value or 0.0), abs=1e-12)
    assert all(lo <= value <= hi for lo, value, hi in zip(curve.lo, curve.values, curve.hi, strict=True))


def test_json_has_the_curve_under_survival_and_null_without_one(tmp_path: Path) -> None:
    models = catalogue(tmp_path)
    bundles.logistic_bundle(tmp_path)
    models = Catalogue.load(tmp_path, bundles.TRUST)
    data = assessment_json(RECORD, assess(RECORD, models, models=["survival", "logistic"]))
    found = {each["model"]: each["survival"] for each in data["findings"]}
    assert found["logistic"] is None
    assert set(found["survival"]) == {"output", "title", "times", "unit", "values", "lo", "hi"}
    assert found["survival"]["times"] == [1.0, 2.0, 5.0]
    assert len(found["survival"]["values"]) == len(found["survival"]["lo"]) == 3


def test_the_terminal_says_the_curve_in_words(tmp_path: Path) -> None:
    lines = list(assessment_lines(RECORD, assess(RECORD, catalogue(tmp_path), models=["survival"])))
    (said,) = [line for line in lines if "Free of it" in line]
    assert "after 1 year" in said
    assert "after 5 years" in said


def test_a_what_if_moves_the_curve(tmp_path: Path) -> None:
    models = catalogue(tmp_path)
    before = assess(RECORD, models, models=["survival"]).findings[0].survival
    after = what_if(RECORD, models, "survival", {"glucose": 200.0}).survival
    assert before is not None
    assert after is not None
    assert all(b > a for b, a in zip(before.values, after.values, strict=True))


def test_a_damaged_curve_stops_the_result_in_words(tmp_path: Path) -> None:
    finding = assess(RECORD, catalogue(tmp_path, hazard=(0.3, 0.1, 0.6)), models=["survival"]).findings[0]
    assert finding.status is Status.FAILED
    assert "no valid survival curve" in finding.reason
    assert finding.survival is None
    assert [output.value for output in finding.outputs] == [None]
    assert [caution.code for caution in finding.cautions] == ["fault"]


def test_a_finding_without_a_number_has_no_curve(tmp_path: Path) -> None:
    finding = assess(person(born="1910-01-01"), catalogue(tmp_path), models=["survival"]).findings[0]
    assert finding.status is Status.OUT_OF_SCOPE
    assert finding.survival is None
