"""One record through the bundles that ship."""

from __future__ import annotations

import logging
import math
from dataclasses import replace

import pytest

from medgui.assessment.finding import Finding, Level, Status
from medgui.assessment.run import assess, what_if
from medgui.errors import ModelRefused
from medgui.i18n import using_language
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.record.model import Answer, Completeness, Origin, Question
from tests.assessment.people import TODAY, example, person, problem, seen, shipped


def finding(record: object, model: str, **options: object) -> Finding:
    assessment = assess(record, shipped(), **options)  # type: ignore[arg-type]
    return next(f for f in assessment.findings if f.model == model)


def codes(found: Finding) -> set[str]:
    return {caution.code for caution in found.cautions}


def test_the_published_example_comes_out_as_published() -> None:
    found = finding(example(), "prevent")
    values = {output.name: output.value for output in found.outputs}
    assert found.status is Status.READY
    assert values["cvd_10y"] == pytest.approx(0.147, abs=5e-4)
    assert values["ascvd_10y"] == pytest.approx(0.092, abs=5e-4)
    assert values["hf_10y"] == pytest.approx(0.081, abs=5e-4)


def test_every_explanation_adds_up_to_its_number() -> None:
    found = finding(example(), "prevent")
    assert {e.output for e in found.explanations} == {o.name for o in found.outputs if o.value is not None}
    for explanation in found.explanations:
        value = next(o.value for o in found.outputs if o.name == explanation.output)
        total = explanation.baseline + math.fsum(c.value for c in explanation.contributions)
        assert value == pytest.approx(total, abs=1e-6)
        assert "50" in explanation.baseline_name
        assert "{" not in explanation.baseline_name


def test_egfr_comes_from_creatinine_where_the_file_has_none() -> None:
    record = example(egfr=None)
    creatinine = seen("creatinine", 0.8, "mg/dL", "2026-11-03")
    record = replace(record, observations=(*record.observations, creatinine))
    used = next(i for i in finding(record, "prevent").inputs if i.name == "egfr")
    own = finding(record, "ckd_epi_2021").outputs[0]
    assert used.value == own.value
    assert used.origin is Origin.DERIVED
    assert "creatinine" in used.derived_from
    assert used.source == creatinine.source
    assert used.time == "2026-11-03"


def test_a_measured_egfr_wins_over_a_computed_one() -> None:
    record = example(egfr=55.0)
    record = replace(record, observations=(*record.observations, seen("creatinine", 0.8, "mg/dL")))
    used = next(i for i in finding(record, "prevent").inputs if i.name == "egfr")
    assert used.value == 55.0
    assert used.origin is Origin.FILE


def test_one_missing_input_gives_a_range_and_a_curve_and_no_number() -> None:
    found = finding(example(systolic_bp=None), "prevent")
    assert found.status is Status.MISSING_INPUT
    main = found.outputs[0]
    assert main.value is None
    assert main.interval is not None
    assert main.interval.kind == "plausible_missing"
    assert main.interval.lo < main.interval.hi
    curve = next(c for c in found.curves if c.output == main.name)
    assert curve.input == "systolic_bp"
    assert min(curve.y) == pytest.approx(main.interval.lo)
    assert "missing" in codes(found)
    assert len(found.reason) <= 90


def test_unknown_sex_gives_both_results_and_no_default() -> None:
    record = example()
    found = finding(replace(record, patient=replace(record.patient, sex=None)), "prevent")
    woman = finding(example(), "prevent").outputs[0].value
    interval = found.outputs[0].interval
    assert found.status is Status.MISSING_INPUT
    assert found.outputs[0].value is None
    assert interval is not None
    assert woman in (pytest.approx(interval.lo), pytest.approx(interval.hi))
    assert "14.7" in found.reason


@pytest.mark.parametrize(
    ("changes", "born", "code"),
    [
        ({"systolic_bp": 195.0}, "1976-03-14", "above_accepted"),
        ({}, "1940-01-01", "above_age"),
        ({}, "2010-01-01", "below_age"),
    ],
)
def test_out_of_scope_says_why_and_has_no_number(changes: dict[str, float], born: str, code: str) -> None:
    record = example(**changes)
    found = finding(replace(record, patient=replace(record.patient, birth_date=born)), "prevent")
    assert found.status is Status.OUT_OF_SCOPE
    assert all(output.value is None for output in found.outputs)
    assert code in codes(found)
    assert any(not check.inside for check in found.checks)
    assert found.advice
    assert len(found.reason) <= 90


def test_a_value_above_the_range_is_said_not_to_be_low_risk() -> None:
    found = finding(example(systolic_bp=195.0), "prevent")
    assert any("above" in c.message and "not low risk" in c.message for c in found.cautions)


def test_prior_infarction_puts_primary_prevention_out_of_scope() -> None:
    record = replace(example(), conditions=(problem("22298006", "Myocardial infarction"),))
    found = finding(record, "prevent")
    assert found.status is Status.OUT_OF_SCOPE
    assert "secondary_prevention" in codes(found)
    assert any(not check.inside and check.patient == "yes" for check in found.checks)


def test_history_that_is_not_stated_is_a_caution_beside_the_number() -> None:
    record = replace(example(), completeness={"observations": Completeness.COMPLETE})
    found = finding(record, "prevent")
    assert found.status is Status.READY
    assert "history_not_stated" in codes(found)


def test_silence_of_a_complete_section_is_no_and_says_so() -> None:
    found = finding(example(statin=None), "prevent")
    used = next(i for i in found.inputs if i.name == "statin")
    assert used.value == 0.0
    assert used.origin is Origin.ASSUMED_ABSENT


def test_silence_of_an_incomplete_section_is_missing() -> None:
    record = replace(example(statin=None), completeness={})
    found = finding(record, "prevent")
    assert found.status is Status.MISSING_INPUT
    assert [i.name for i in found.inputs if i.required and i.value is None] == ["statin"]


def test_stale_lipids_are_not_used_and_the_reader_is_told() -> None:
    record = example(total_cholesterol=None)
    record = replace(
        record, observations=(*record.observations, seen("total_cholesterol", 200.0, "mg/dL", "2024-05-01"))
    )
    found = finding(record, "prevent")
    assert found.status is Status.MISSING_INPUT
    used = next(i for i in found.inputs if i.name == "total_cholesterol")
    assert "older" in used.reason


def test_lipids_of_different_days_are_not_one_sample() -> None:
    record = example(hdl_cholesterol=None)
    record = replace(
        record, observations=(*record.observations, seen("hdl_cholesterol", 45.0, "mg/dL", "2026-06-01"))
    )
    assert finding(record, "prevent").status is Status.MISSING_INPUT


def test_an_earlier_pair_of_lipids_is_used_where_the_latest_are_apart() -> None:
    record = example(hdl_cholesterol=None)
    earlier = (
        seen("hdl_cholesterol", 45.0, "mg/dL", "2026-06-01"),
        seen("total_cholesterol", 220.0, "mg/dL", "2026-06-01"),
    )
    found = finding(replace(record, observations=(*record.observations, *earlier)), "prevent")
    used = {i.name: i for i in found.inputs}
    assert found.status is Status.READY
    assert used["total_cholesterol"].value == 220.0
    assert used["total_cholesterol"].time == used["hdl_cholesterol"].time == "2026-06-01"


def test_thirty_year_figures_stop_at_sixty_while_the_rest_stands() -> None:
    record = example()
    found = finding(replace(record, patient=replace(record.patient, birth_date="1961-01-01")), "prevent")
    by_name = {o.name: o for o in found.outputs}
    assert found.status is Status.READY
    assert by_name["cvd_10y"].value is not None
    assert by_name["cvd_30y"].value is None
    assert "30 to 59" in by_name["cvd_30y"].reason


def test_the_variant_follows_from_what_is_known() -> None:
    record = example()
    more = replace(record, observations=(*record.observations, seen("hba1c", 7.4, "%")))
    base, with_hba1c = finding(record, "prevent"), finding(more, "prevent")
    assert base.outputs[0].variant != with_hba1c.outputs[0].variant
    assert with_hba1c.outputs[0].variant in with_hba1c.reason


def test_diabetes_from_forty_takes_the_computed_chip_away() -> None:
    found = finding(example(), "prevent")
    assert all(output.category is None for output in found.outputs)
    assert "category_fixed" in codes(found)


def test_a_category_is_the_guidelines_own_word() -> None:
    found = finding(example(diabetes=False, systolic_bp=120.0), "prevent")
    ascvd = next(o for o in found.outputs if o.name == "ascvd_10y")
    assert ascvd.category is not None
    assert ascvd.category.guideline
    assert next(o for o in found.outputs if o.name == "stroke_10y").category is None


def test_the_dead_get_one_note_and_no_prediction() -> None:
    record = example()
    assessment = assess(replace(record, patient=replace(record.patient, deceased="2026-05-01")), shipped())
    assert len(assessment.findings) == 1
    assert assessment.findings[0].outputs == ()
    assert assessment.findings[0].kind == "note"


def test_a_model_that_is_not_indicated_gives_no_finding() -> None:
    models = {f.model for f in assess(person(seen("weight", 70.0, "kg")), shipped()).findings}
    assert not models & {"prevent", "ckd_epi_2021", "cad", "breast_mass"}


def test_a_model_that_was_asked_for_answers_although_nothing_points_to_it() -> None:
    found = finding(person(seen("weight", 70.0, "kg")), "prevent", models=["prevent"])
    assert found.status is Status.MISSING_INPUT


def test_naming_a_model_that_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(ModelRefused, match="no model"):
        assess(example(), shipped(), models=["cad_of_atlantis"])


def test_naming_one_model_lists_that_one_only() -> None:
    record = example(egfr=None)
    record = replace(record, observations=(*record.observations, seen("creatinine", 0.8, "mg/dL")))
    assessment = assess(record, shipped(), models=["prevent"])
    assert [f.model for f in assessment.findings] == ["prevent"]
    assert assessment.findings[0].status is Status.READY


def test_every_finding_carries_the_key_of_the_record() -> None:
    record = example().with_answer(Answer("hba1c", 7.4, "%", TODAY))
    assessment = assess(record, shipped())
    assert {f.record_key for f in assessment.findings} == {record.key}


def test_an_override_holds_for_one_run_and_keeps_the_records_key() -> None:
    record = example()
    found = finding(record, "prevent", overrides=[Answer("systolic_bp", 120.0, "mm[Hg]", TODAY)])
    used = next(i for i in found.inputs if i.name == "systolic_bp")
    assert used.value == 120.0
    assert used.origin is Origin.ENTERED
    assert found.record_key == record.key


def test_what_if_changes_the_result_and_not_the_record() -> None:
    record = example()
    before = finding(record, "prevent")
    after = what_if(record, shipped(), "prevent", {"systolic_bp": 130.0, "current_smoker": None})
    assert after.record_key == before.record_key
    assert record.answers == ()
    changed = what_if(record, shipped(), "prevent", {"systolic_bp": 130.0})
    assert changed.outputs[0].value is not None
    assert before.outputs[0].value is not None
    assert changed.outputs[0].value < before.outputs[0].value


def test_what_if_on_creatinine_moves_what_feeds_on_it() -> None:
    record = example(egfr=None)
    record = replace(record, observations=(*record.observations, seen("creatinine", 0.8, "mg/dL")))
    worse = what_if(record, shipped(), "prevent", {"creatinine": 2.0})
    used = next(i for i in worse.inputs if i.name == "egfr")
    assert isinstance(used.value, float)
    assert used.value < 40


def test_an_open_question_blocks_the_value_and_is_said() -> None:
    record = example()
    record = replace(
        record,
        questions=(Question("q1", "unit_mismatch", "?", observation=record.observations[1].id),),
    )
    found = finding(record, "prevent")
    assert found.status is Status.MISSING_INPUT
    used = next(i for i in found.inputs if i.name == "total_cholesterol")
    assert "question" in used.reason


def test_unchanged_findings_are_taken_over() -> None:
    record = example()
    first = assess(record, shipped())
    again = assess(record.with_answer(Answer("weight", 71.0, "kg", TODAY)), shipped(), previous=first)
    old = next(f for f in first.findings if f.model == "prevent")
    new = next(f for f in again.findings if f.model == "prevent")
    assert new.milliseconds == old.milliseconds
    assert new.record_key == again.record_key != old.record_key


def test_a_change_that_matters_is_run_again() -> None:
    record = example()
    first = assess(record, shipped())
    again = assess(
        record.with_answer(Answer("systolic_bp", 120.0, "mm[Hg]", TODAY)), shipped(), previous=first
    )
    values = [next(f for f in a.findings if f.model == "prevent").outputs[0].value for a in (first, again)]
    assert values[0] != values[1]


def test_another_language_is_not_served_from_before() -> None:
    record = example()
    first = assess(record, shipped())
    with using_language("zh"):
        again = assess(record, shipped(), previous=first)
    titles = [next(f.title for f in a.findings if f.model == "prevent") for a in (first, again)]
    assert titles[0] != titles[1]


def test_cancelling_keeps_what_is_done_and_says_it_is_not_all() -> None:
    done: list[int] = []
    record = example(egfr=None)
    record = replace(record, observations=(*record.observations, seen("creatinine", 0.8, "mg/dL")))
    assessment = assess(
        record,
        shipped(),
        models=["ckd_epi_2021", "prevent"],
        progress=lambda n, _total, _finding: done.append(n),
        cancel=lambda: bool(done),
    )
    assert not assessment.complete
    assert [f.model for f in assessment.findings] == ["ckd_epi_2021"]


def test_a_fault_of_one_model_leaves_the_others_and_no_patient_text_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = Catalogue.load()
    broken_one = catalogue.bundles["ckd_epi_2021"]
    evaluate_all = Bundle.run

    def broken(self: Bundle, *arguments: object) -> object:
        if self is broken_one:
            raise RuntimeError("Helen Marlow, 160 mmHg")
        return evaluate_all(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Bundle, "run", broken)
    record = example()
    record = replace(record, observations=(*record.observations, seen("creatinine", 0.8, "mg/dL")))
    with caplog.at_level(logging.DEBUG):
        findings = {f.model: f for f in assess(record, catalogue).findings}
    assert findings["ckd_epi_2021"].status is Status.FAILED
    assert findings["ckd_epi_2021"].outputs == ()
    assert findings["prevent"].status is Status.READY
    assert "Marlow" not in caplog.text
    assert "160" not in caplog.text


def test_a_clinic_elsewhere_is_told_where_the_model_was_made() -> None:
    assert "made_elsewhere" in codes(finding(example(), "prevent", region="china"))
    assert "made_elsewhere" not in codes(finding(example(), "prevent", region="us"))


def test_treatment_flags_are_markers_that_are_not_edited() -> None:
    found = finding(example(), "prevent")
    marker = next(i for i in found.inputs if i.name == "bp_treatment")
    assert marker.marker
    assert not marker.editable


def test_cautions_come_before_information() -> None:
    found = finding(example(), "prevent", region="china")
    levels = [c.level is Level.INFO for c in found.cautions]
    assert levels == sorted(levels)


def mass(**more: object) -> object:
    found = (
        seen("birads", 4.0, ""),
        seen("mass_shape", 4.0, ""),
        seen("mass_margin", 4.0, ""),
        seen("mass_density", 3.0, ""),
    )
    return person(*found, **more)  # type: ignore[arg-type]


def test_a_model_made_for_women_says_nothing_of_a_woman_and_stops_for_a_man() -> None:
    woman, man = finding(mass(), "breast_mass"), finding(mass(sex="male"), "breast_mass")
    assert woman.status is Status.READY
    assert "sex_not_stated" not in codes(woman)
    assert man.status is Status.OUT_OF_SCOPE
    assert any(not check.inside for check in man.checks)


def test_the_risks_of_death_stand_last_under_prognosis() -> None:
    findings = assess(example(), shipped()).findings
    last = {f.model for f in findings if f.group == "prognosis"}
    assert last == {"cvd_death_10y", "mortality_10y"}
    assert {f.model for f in findings[-2:]} == last


def test_what_is_imputed_is_said_once_and_marked_at_each_input() -> None:
    found = finding(example(), "mortality_10y")
    said = [c for c in found.cautions if c.code == "input_imputed"]
    missing = [i for i in found.inputs if i.value is None]
    assert len(said) == 1
    assert len(missing) > 5
    assert all(i.origin is Origin.IMPUTED for i in missing)


def test_a_demonstration_says_so_in_its_title() -> None:
    found = finding(person(seen("chest_pain_type", 3.0, "")), "cad")
    assert found.title.casefold().count("demonstration") == 1


def test_every_reason_fits_its_line_in_both_languages() -> None:
    records = [
        example(),
        example(systolic_bp=None, total_cholesterol=None, hdl_cholesterol=None),
        replace(example(), conditions=(problem("22298006", "Myocardial infarction"),)),
        example(systolic_bp=200.0),
    ]
    for lang in ("en", "zh"):
        with using_language(lang):
            for record in records:
                for found in assess(record, shipped()).findings:
                    assert 0 < len(found.reason) <= 90
