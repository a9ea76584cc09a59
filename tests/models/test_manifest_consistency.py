"""What has to agree between the manifests of published scores, whoever wrote them (docs/hazards.md)."""

import re
from collections import Counter, defaultdict

import numpy as np
import pytest

from medgui.assessment.encounter import changes_by_the_hour
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.manifest import InputSpec, Manifest, OutputSpec
from medgui.inference.questions import QUESTIONS
from medgui.paths import models_dir
from medgui.record.variables import VARIABLES
from tests.models.test_manifest_safety import MANIFESTS

PUBLISHED = {
    name: manifest for name, manifest in MANIFESTS.items() if not manifest.evidence.startswith("trained")
}
SCORES = {
    name: manifest
    for name, manifest in PUBLISHED.items()
    if manifest.evidence != "demonstration" or manifest.question
}
each = pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=MANIFESTS)
score = pytest.mark.parametrize("manifest", SCORES.values(), ids=SCORES)

REGIONS = {"us", "europe", "uk", "china"}
YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")
NO_DOI = {
    "news2": "a report of the Royal College of Physicians, not a journal",
    "cambridge_diabetes": "its DOI of 2000 holds signs that do not survive print (<, ;)",
}
"""Published scores whose citation names no DOI, and why."""
CHILDREN = {
    **dict.fromkeys(
        (
            *("anion_gap", "delta_ratio", "corrected_sodium", "serum_osmolality", "urine_anion_gap"),
            *("corrected_calcium", "free_water_deficit", "fena", "feurea", "albumin_creatinine_ratio"),
        ),
        "arithmetic of one sample, the same at any age",
    ),
    **dict.fromkeys(("body_surface_area", "maintenance_fluids"), "made for children and adults"),
    **dict.fromkeys(("mean_arterial_pressure", "qtc"), "arithmetic of one reading"),
    "ekfc": "made from 2 years on (Pottel 2021)",
    "apgar": "for newborns alone",
    "canadian_syncope": "made from 16 years on (Thiruganasambandamoorthy 2016)",
    "news2": "from 16 years on (RCP 2017)",
    "centor": "McIsaac counts points from 3 years on",
    "feverpain": "made from 3 years on (Little 2013)",
}
"""Scores that people under 18 may get, and why; all others are for adults (SAFETY 3)."""


@score
def test_a_score_names_the_question_that_it_answers(manifest: Manifest) -> None:
    assert manifest.question in QUESTIONS


def test_every_question_is_answered_by_some_model() -> None:
    assert {manifest.question for manifest in MANIFESTS.values()} >= set(QUESTIONS)


@each
def test_an_acute_score_waits_to_be_asked_and_takes_values_of_one_day(manifest: Manifest) -> None:
    if not manifest.acute:
        return
    assert manifest.on_request
    assert not manifest.inpatient, "an acute score takes hospital values anyway"
    changing = [spec for spec in manifest.inputs if changes_by_the_hour(spec.name)]
    assert [spec.name for spec in changing if spec.max_age_days is None or spec.max_age_days > 1] == []
    together = {
        name
        for spec in manifest.inputs
        if spec.max_spread_days is not None and spec.max_spread_days <= 1
        for name in (spec.name, *spec.spread_with)
    }
    if len(changing) > 1:
        assert {spec.name for spec in changing} - together == set()


@each
def test_bands_follow_each_other_and_cover_the_scale(manifest: Manifest) -> None:
    for output in manifest.outputs:
        by_age = defaultdict(list)
        for band in output.bands:
            by_age[band.age].append((band.lo, band.hi))
        for edges in by_age.values():
            assert [hi for _lo, hi in edges[:-1]] == [lo for lo, _hi in edges[1:]], output.name
            assert edges[0][0] <= output.scale[0], output.name
            assert edges[-1][1] >= output.scale[1], output.name
            assert not output.is_points or _whole_points(output, edges), output.name


def _whole_points(output: OutputSpec, edges: list[tuple[float, float]]) -> bool:
    """Whether bands of points have whole ends and take in the highest total."""
    whole = all(float(end).is_integer() for edge in edges for end in edge)
    return whole and edges[-1][1] > output.scale[1]


@each
def test_ages_of_bands_leave_nobody_out(manifest: Manifest) -> None:
    for output in manifest.outputs:
        ages = sorted({band.age for band in output.bands if band.age is not None})
        assert [hi for _lo, hi in ages[:-1]] == [lo for lo, _hi in ages[1:]], output.name


@each
def test_the_reference_person_is_inside_and_has_a_number(manifest: Manifest) -> None:
    if manifest.explanation.method != "enumeration":
        return
    ages = manifest.age or (18.0, 110.0)
    age = ages[0] + 0.4 * (min(ages[1], 90.0) - ages[0])
    same = {"age": age, "age_at_diabetes": age, "sex": manifest.sexes[0]}
    row = []
    for spec in manifest.inputs:
        value = manifest.explanation.reference.get(spec.name, np.nan)
        if value == "same":
            value = same.get(spec.name, next(iter(spec.categories), _usual(spec)))
        row.append(spec.categories[value] if isinstance(value, str) else float(value))
        if spec.accepted and np.isfinite(row[-1]):
            assert spec.accepted[0] <= row[-1] <= spec.accepted[1], spec.name
    facts = {name: 1.0 for rule in manifest.indications for name in rule.any[:1]}
    facts |= {"age": same["age"], "sex": float(same["sex"] == "male")}  # type: ignore[dict-item]
    made = Bundle(manifest, models_dir() / manifest.id, manifest.hashes)
    batch = evaluate(made, np.array([row]), facts)  # type: ignore[arg-type]
    assert batch.status_of(0) == "ready", [mark.text for mark in batch.marks.of(0)]


def _usual(spec: InputSpec) -> float:
    """A value that many have; 0 for a yes/no."""
    lo, hi = spec.plausible or spec.accepted or (0.0, 0.0)
    return (lo + hi) / 2


@score
def test_all_names_are_standard_inputs_with_a_title_in_both_languages(manifest: Manifest) -> None:
    names = [*(spec.name for spec in manifest.inputs), *manifest.needs_any, *manifest.answered_by]
    names += [name for rule in manifest.indications for name in rule.any]
    names += [rule.input for rule in manifest.exclusions]
    for name in names:
        assert name in VARIABLES, name
        title = VARIABLES[name].title
        assert title["en"].strip(), name
        assert re.search(r"[\u4e00-\u9fff]|^[A-Z0-9 /.()-]+$", title["zh"], re.IGNORECASE), name


@each
def test_regions_are_known_and_name_a_guideline_with_its_year(manifest: Manifest) -> None:
    assert set(manifest.regions) <= REGIONS
    if manifest.regions:
        assert manifest.guideline, "which guideline names it there?"
    for text in manifest.guideline.values():
        assert YEAR.search(text), text


@each
def test_a_citation_has_a_year_and_a_doi(manifest: Manifest) -> None:
    assert YEAR.search(manifest.citation)
    if manifest.id in SCORES:
        assert ("doi:10." in manifest.citation.lower()) is not (manifest.id in NO_DOI)


@each
def test_the_reference_person_is_named_in_both_languages(manifest: Manifest) -> None:
    if manifest.explanation.method != "none":
        assert manifest.explanation.baseline_name["en"].strip()
        assert re.search(r"[\u4e00-\u9fff]", manifest.explanation.baseline_name["zh"])


def test_no_two_models_have_one_title_or_one_name() -> None:
    for language in ("en", "zh"):
        for texts in (
            [manifest.title[language] for manifest in MANIFESTS.values()],
            [manifest.name[language] for manifest in MANIFESTS.values()],
        ):
            assert [text for text, count in Counter(texts).items() if count > 1] == []


@each
def test_a_score_of_primary_prevention_is_not_for_people_after_an_event(manifest: Manifest) -> None:
    if manifest.question != "cvd_10y":
        return
    rule = next(rule for rule in manifest.exclusions if rule.input == "prior_ascvd" and rule.value == 1)
    assert rule.effect == "out_of_scope"
    assert (rule.code, rule.unknown) == ("secondary_prevention", "history_not_stated")


@score
def test_a_score_is_for_adults_unless_there_is_a_reason(manifest: Manifest) -> None:
    assert manifest.age is not None
    assert (manifest.age[0] < 18) is (manifest.id in CHILDREN)
    assert manifest.age[0] < manifest.age[1]


@each
def test_an_optional_value_is_held_to_the_sample_or_stands_alone(manifest: Manifest) -> None:
    """A rule of one sample has at least one value that the score cannot do without: it sets the day."""
    for spec in manifest.inputs:
        if spec.max_spread_days is None:
            continue
        assert spec.spread_with, spec.name
        members = [manifest.input(name) for name in (spec.name, *spec.spread_with)]
        if manifest.id in SCORES:
            assert any(member.required for member in members), spec.name


@score
def test_a_score_shown_unasked_waits_for_a_value_or_for_its_indication(manifest: Manifest) -> None:
    """Nobody is asked for ten answers by a score that the record gives no reason for."""
    if manifest.on_request:
        return
    required = [spec for spec in manifest.inputs if spec.required]
    measured = [spec for spec in required if VARIABLES[spec.name].kind == "quantity" and spec.name != "age"]
    assert manifest.indications or manifest.needs_any or measured
