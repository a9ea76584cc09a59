"""What stays away unasked, what a row says beside its number, and where a limit comes from."""

from dataclasses import replace

import pytest

from medgui.assessment.finding import Finding, Interval, Output, Status
from medgui.assessment.lead import said_reason
from medgui.assessment.run import assess
from medgui.assessment.to_json import finding_json
from medgui.charts import figures
from medgui.cli.assessment_text import finding_lines
from medgui.i18n import using_language
from medgui.record.model import Record
from tests.assessment.people import example, problem, seen, shipped
from tests.report.test_points_and_groups import printed

DIABETES = problem("44054006", "Type 2 diabetes mellitus")
INFARCTION = problem("22298006", "Myocardial infarction")


def found(record: Record, region: str, *, also: tuple[str, ...] = ()) -> dict[str, Finding]:
    return {f.model: f for f in assess(record, shipped(), region=region, also=also).findings}


def open_(finding: Finding | None) -> bool:
    return finding is not None and finding.status is not Status.READY


def test_a_score_of_another_region_that_cannot_run_stays_away() -> None:
    record = example()
    assert "qrisk3" not in found(record, "us")
    assert open_(found(record, "uk")["qrisk3"])
    assert open_(found(record, "us", also=("qrisk3",))["qrisk3"])


@pytest.mark.parametrize("region", ["us", "europe", "uk", "china", "other"])
def test_after_an_event_every_clinic_is_told_why_there_is_no_first_risk(region: str) -> None:
    record = example()
    made = found(replace(record, conditions=(*record.conditions, INFARCTION)), region)
    told = [f for f in made.values() if f.question == "cvd_10y"]
    assert told
    assert all(f.status is Status.OUT_OF_SCOPE for f in told)


@pytest.mark.parametrize("region", ["us", "europe", "uk", "china", "other"])
def test_the_risk_of_a_diabetes_that_is_known_is_no_row(region: str) -> None:
    record = example()
    known = replace(record, conditions=(*record.conditions, DIABETES))
    assert not [f for f in found(known, region).values() if f.question == "diabetes_risk"]
    asked = found(known, region, also=("findrisc",))
    assert asked["findrisc"].status is Status.OUT_OF_SCOPE


def test_a_limit_is_told_with_its_source_on_screen_in_json_terminal_and_report() -> None:
    finding = found(example(systolic_bp=195.0), "us")["prevent"]
    outside = next(check for check in finding.checks if not check.inside)
    assert "90–180\u00a0mmHg" in outside.limits
    assert "Khan 2024" in outside.limits
    assert any("Khan 2024" in line for line in finding_lines(finding))
    assert any("Khan 2024" in check["source"] for check in finding_json(finding)["checks"])
    _pdf, text = printed(example(systolic_bp=195.0))
    assert "Khan 2024" in text.replace("\r\n", " ")


def test_the_source_of_a_limit_is_in_the_language_of_the_reader() -> None:
    with using_language("zh"):
        finding = found(example(systolic_bp=195.0), "us")["prevent"]
        outside = next(check for check in finding.checks if not check.inside)
        assert "可接受范围" in outside.limits
        assert "参考实现" in outside.source


def test_a_model_of_several_outputs_names_the_one_beside_the_number() -> None:
    finding = found(example(), "us")["prevent"]
    by_name = {output.name: output for output in finding.outputs}
    assert said_reason(finding, finding.outputs[0]).startswith("Total CVD: PREVENT")
    assert said_reason(finding, by_name["hf_10y"]).startswith("Heart failure: PREVENT")
    only = next(f for f in found(example(), "us").values() if len(f.outputs) == 1)
    assert said_reason(only, only.outputs[0]) == only.reason


@pytest.mark.parametrize(
    ("lo", "hi", "open_range"), [(0.13, 256.0, True), (0.13, 3.0, False), (2.0, 8.0, False)]
)
def test_a_range_over_the_whole_scale_says_nothing(lo: float, hi: float, open_range: bool) -> None:
    span = Interval(lo, hi, 1.0, "plausible_missing")
    output = Output("fib4", "FIB-4", None, "{ratio}", interval=span, scale=(0.0, 6.0))
    assert figures.says_nothing(output) is open_range


def test_fib4_without_platelets_has_no_range_that_says_nothing() -> None:
    record = example()
    record = replace(
        record, observations=(*record.observations, seen("ast", 30, "U/L"), seen("alt", 30, "U/L"))
    )
    finding = found(record, "us")["fib4"]
    assert finding.status is Status.MISSING_INPUT
    assert figures.says_nothing(finding.outputs[0])
