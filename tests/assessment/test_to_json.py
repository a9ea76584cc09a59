"""`medgui.assessment/1` keeps its keys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from medgui.assessment.run import assess
from medgui.assessment.to_json import assessment_json
from tests.assessment.people import TODAY, example, shipped


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    record = example()
    return assessment_json(record, assess(record, shipped()))


def prevent(data: dict[str, Any]) -> dict[str, Any]:
    return next(f for f in data["findings"] if f["model"] == "prevent")


def test_the_contracts_keys_are_there(data: dict[str, Any]) -> None:
    assert data["schema"] == "medgui.assessment/1"
    assert {"record", "questions", "findings"} <= set(data)
    keys = {"model", "version", "kind", "evidence", "status", "outputs", "inputs", "explanation"}
    assert keys | {"cautions", "provider", "sha256"} <= set(prevent(data))
    assert data["record"]["as_of"] == TODAY


def test_outputs_have_interval_and_category_as_named(data: dict[str, Any]) -> None:
    output = prevent(data)["outputs"][0]
    assert {"name", "value", "unit", "interval", "category"} <= set(output)
    assert set(output["interval"]) == {"lo", "hi", "level", "kind"}
    assert output["interval"]["lo"] <= output["value"] <= output["interval"]["hi"]
    assert 0 < output["value"] < 1


def test_inputs_lead_back_to_the_file(data: dict[str, Any]) -> None:
    used = next(i for i in prevent(data)["inputs"] if i["name"] == "systolic_bp")
    assert used["value"] == 160.0
    assert used["unit"] == "mm[Hg]"
    assert used["origin"] == "file"
    assert set(used["source"]) == {"file", "location", "time", "text"}


def test_the_explanation_adds_up(data: dict[str, Any]) -> None:
    explanation = prevent(data)["explanation"]
    assert {"method", "baseline", "baseline_name", "unit", "contributions", "residual"} <= set(explanation)
    total = explanation["baseline"] + sum(c["value"] for c in explanation["contributions"])
    assert total == pytest.approx(prevent(data)["outputs"][0]["value"], abs=1e-6)


def test_a_required_input_that_is_missing_has_no_origin() -> None:
    record = example(systolic_bp=None)
    data = assessment_json(record, assess(record, shipped()))
    used = next(i for i in prevent(data)["inputs"] if i["name"] == "systolic_bp")
    assert used["value"] is None
    assert used["origin"] is None


def test_it_is_json_without_nan(data: dict[str, Any]) -> None:
    json.dumps(data, allow_nan=False)
