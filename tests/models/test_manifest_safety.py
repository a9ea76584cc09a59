"""What the clinical safety rules ask of every manifest that ships (docs/hazards.md)."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from medgui.inference.attributes import ATTRIBUTES
from medgui.inference.manifest import Manifest
from medgui.inference.manifest_io import read_manifest
from medgui.record.variables import VARIABLES

FOLDERS = sorted(
    path.parent for path in (Path(__file__).resolve().parents[2] / "models").glob("*/manifest.toml")
)
MANIFESTS = {folder.name: read_manifest(folder) for folder in FOLDERS}
each = pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=MANIFESTS)


RACE_TERM = ("pce",)
"""Published equations whose own form has coefficients by race: they may ask for the group, and refuse nobody."""


@each
def test_no_rule_and_no_requirement_looks_at_ethnicity(manifest: Manifest) -> None:
    rules = [rule for rule in manifest.exclusions if rule.input == "ethnicity"]
    if manifest.id in RACE_TERM:
        assert all(rule.effect == "caution" for rule in rules)
        groups = manifest.input("ethnicity").categories
        assert set(groups) == set(VARIABLES["ethnicity"].categories), "each group gets a number"
    else:
        assert not rules
        assert not any(spec.name == "ethnicity" and spec.required for spec in manifest.inputs)


@each
def test_a_band_names_guideline_and_year(manifest: Manifest) -> None:
    for output in manifest.outputs:
        if output.bands:
            for text in output.bands_source.values():
                assert re.search(r"\b(19|20)\d\d", text), output.name


@each
def test_a_demonstration_says_so_in_its_title(manifest: Manifest) -> None:
    if manifest.evidence == "demonstration":
        assert "demonstration" in manifest.title["en"].lower()
        assert "演示" in manifest.title["zh"]


@each
def test_external_validation_has_a_hundred_events_and_calibration(manifest: Manifest) -> None:
    if manifest.evidence != "trained, externally validated":
        return
    whole = [row for row in manifest.evaluation if row.group == "all"]
    auroc = [row for row in whole if row.metric == "auroc"]
    assert any(row.events >= 100 and row.n - row.events >= 100 for row in auroc)
    assert any(row.metric == "calibration_slope" for row in whole)


@each
def test_an_interval_has_its_own_words_and_never_a_blanket_95_percent(manifest: Manifest) -> None:
    if manifest.interval.kind != "none":
        for text in manifest.interval.words.values():
            assert len(text) > 10
            assert not re.fullmatch(r".{0,10}95 ?%.{0,12}", text)


@each
def test_a_death_risk_stands_under_prognosis(manifest: Manifest) -> None:
    if any("death" in output.name for output in manifest.outputs):
        assert manifest.group == "prognosis"


@each
def test_all_source_attributes_have_words_in_both_languages(manifest: Manifest) -> None:
    assert set(manifest.attributes) == set(ATTRIBUTES)
    for name, text in manifest.attributes.items():
        assert text["en"].strip(), name
        assert text["zh"].strip(), name


@each
def test_groups_of_one_kind_make_the_whole(manifest: Manifest) -> None:
    if manifest.evidence.startswith("published"):
        return  # their papers give some groups only
    whole = {row.dataset: (row.n, row.events) for row in manifest.evaluation if row.group == "all"}
    parts: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in manifest.evaluation:
        kind, colon, _group = row.group.partition(":")
        if colon:  # a group too small for one figure has another: each counts once
            parts[row.dataset, kind][row.group] = (row.n, row.events)
    assert parts or "no groups are recorded" in manifest.attributes["fairness.approach"]["en"]
    for (dataset, kind), groups in parts.items():
        total = tuple(map(sum, zip(*groups.values(), strict=True)))
        assert total == whole[dataset], (dataset, kind)


def test_no_two_outputs_have_the_same_title() -> None:
    for language in ("en", "zh"):
        titles = Counter(output.title[language] for m in MANIFESTS.values() for output in m.outputs)
        assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.skipif("breast_mass" not in MANIFESTS, reason="the bundle is not in this checkout")
def test_a_breast_mass_result_is_no_reason_against_a_biopsy() -> None:
    manifest = MANIFESTS["breast_mass"]
    assert "biopsy" in manifest.not_for["en"]
    assert "活检" in manifest.not_for["zh"]


@pytest.mark.skipif("cad" not in MANIFESTS, reason="the bundle is not in this checkout")
def test_a_chest_pain_result_is_not_for_acute_coronary_syndrome() -> None:
    manifest = MANIFESTS["cad"]
    assert "acute coronary syndrome" in manifest.not_for["en"]
    assert "known coronary disease" in manifest.not_for["en"]
