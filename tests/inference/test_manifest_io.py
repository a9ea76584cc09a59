"""A manifest is read strictly: every mistake is refused with the file and the key."""

from typing import Any

import pytest

from medgui.errors import DamagedData
from medgui.i18n import using_language
from medgui.inference.attributes import ATTRIBUTES
from medgui.inference.manifest import Manifest
from medgui.inference.manifest_io import parse_manifest
from tests.helpers.bundles import WORDS, age, manifest, number, output, sex, toml

HASHES = {"model.onnx": "0" * 64, "golden.npz": "1" * 64, "recipe.py": "2" * 64}


def table(**changes: Any) -> dict[str, Any]:
    inputs = [age(), sex(), number("glucose")]
    reference = {"age": "same", "sex": "female", "glucose": 90}
    keys = {
        "explanation": {"method": "enumeration", "baseline_name": WORDS, "reference": reference},
        "hashes": HASHES,
        **changes,
    }
    return manifest("made_up", inputs, [output("risk")], **keys)


def parse(data: dict[str, Any]) -> Manifest:
    return parse_manifest(toml(data).encode(), "made_up/manifest.toml", "made_up")


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(DamagedData) as caught:
        parse(data)
    return str(caught.value)


def with_input(**keys: Any) -> dict[str, Any]:
    data = table()
    data["inputs"][2] |= keys
    return data


def test_a_complete_manifest_is_read_into_types() -> None:
    found = parse(table(age=[30, 79], sexes=["female"], golden_tolerance=1e-9))
    assert found.age == (30.0, 79.0)
    assert found.input("sex").categories == {"female": 0.0, "male": 1.0}
    assert found.input("glucose").accepted == (0.0, 300.0)
    assert found.explanation.reference == {"age": "same", "sex": "female", "glucose": 90.0}
    assert len(found.attributes) == 31


def test_an_input_says_where_another_model_supplies_it() -> None:
    found = parse(with_input(**{"from": "ckd_epi_2021.egfr"}))
    assert found.input("glucose").from_ == "ckd_epi_2021.egfr"


def test_attributes_may_stand_in_tables_by_section() -> None:
    nested: dict[str, dict[str, Any]] = {}
    for key in ATTRIBUTES:
        section, _dot, name = key.partition(".")
        nested.setdefault(section, {})[name] = WORDS
    assert parse(table(attributes=nested)).attributes == parse(table()).attributes


@pytest.mark.parametrize("key", ["version", "licence", "title", "inputs", "interval", "hashes"])
def test_a_missing_key_is_named_with_its_file(key: str) -> None:
    data = table()
    del data[key]
    sentence = refusal(data)
    assert "made_up/manifest.toml" in sentence
    assert f"“{key}”" in sentence


def test_each_of_the_31_source_attributes_is_needed() -> None:
    for key in ATTRIBUTES:
        data = table(attributes={name: WORDS for name in ATTRIBUTES if name != key})
        assert key in refusal(data)


def test_an_attribute_without_words_is_refused() -> None:
    empty = {**dict.fromkeys(ATTRIBUTES, WORDS), "details.funding": {"en": "", "zh": ""}}
    assert "details.funding" in refusal(table(attributes=empty))


def test_a_newer_schema_is_refused_in_words() -> None:
    sentence = refusal(table(schema=2))
    assert "newer" in sentence
    assert "Update medgui" in sentence


def test_an_unknown_key_is_refused() -> None:
    assert "“colour”" in refusal(table(colour="red"))
    assert "inputs[3].range" in refusal(with_input(range=[1, 2]))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"kind": "guess"}, "kind"),
        ({"evidence": "excellent"}, "evidence"),
        ({"id": "other"}, "id"),
        ({"sexes": ["both"]}, "sexes"),
        ({"age": [80, 30]}, "age"),
        ({"age": [30]}, "age"),
        ({"title": {"en": "only English"}}, "title"),
        ({"golden_tolerance": -1.0}, "golden_tolerance"),
        ({"interval": {"kind": "model", "level": 95, "words": WORDS}}, "interval.level"),
        ({"interval": {"kind": "input_variation", "level": 0.9}}, "interval.words"),
        ({"hashes": {**HASHES, "model.onnx": "abc"}}, "hashes.model.onnx"),
        ({"variants": [{"name": "full", "title": WORDS, "needs": ["hba1c"]}]}, "variants[1].needs"),
        ({"explanation": {"method": "tree_shap", "baseline_name": WORDS, "reference": {}}}, "reference.npz"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(change: dict[str, Any], key: str) -> None:
    assert key in refusal(table(**change))


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"required": False}, "missing"),
        ({"missing": "guess"}, "missing"),
        ({"accepted": ["low", "high"]}, "accepted"),
        ({"accepted": [True, False]}, "accepted"),
        ({"accepted_source": ""}, "accepted_source"),
        ({"variation": ["sd", -1], "variation_source": "x"}, "variation"),
        ({"variation": ["sd", 1]}, "variation_source"),
        ({"below": [2.1]}, "below"),
        ({"outputs": ["nothing"]}, "outputs"),
        ({"from": "egfr"}, "from"),
        ({"max_age_days": -1}, "max_age_days"),
    ],
)
def test_a_wrong_input_is_named_by_its_place(keys: dict[str, Any], key: str) -> None:
    assert f"inputs[3].{key}" in refusal(with_input(**keys))


def test_the_reference_person_needs_every_required_input() -> None:
    data = table()
    del data["explanation"]["reference"]["glucose"]
    assert "explanation.reference.glucose" in refusal(data)


def test_a_band_needs_a_source() -> None:
    data = table()
    data["outputs"][0]["bands"] = [{"lo": 0, "hi": 0.1, "text": WORDS, "level": "info"}]
    assert "bands_source" in refusal(data)


def test_bounds_of_an_answer_need_a_reason() -> None:
    data = table()
    data["outputs"][0]["holds"] = [0.0, 5.0]
    assert "holds_reason" in refusal(data)
    data["outputs"][0]["holds_reason"] = {"en": "never negative", "zh": "不会为负"}
    assert parse(data).outputs[0].holds == (0.0, 5.0)


def test_only_probabilities_have_a_difference() -> None:
    data = table()
    data["outputs"][0]["difference"] = True
    assert parse({**data, "kind": "risk"}).outputs[0].difference
    assert "difference" in refusal({**data, "kind": "score"})


def test_bands_go_by_age_all_or_none() -> None:
    data = table()
    by_age = {"lo": 0, "hi": 0.1, "text": WORDS, "level": "info", "age": [40, 50]}
    data["outputs"][0] |= {"bands": [by_age], "bands_source": WORDS}
    assert parse(data).outputs[0].bands[0].age == (40.0, 50.0)
    data["outputs"][0]["bands"].append({key: value for key, value in by_age.items() if key != "age"})
    assert "bands.age" in refusal(data)


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(DamagedData, match="made_up"):
        parse_manifest(b"schema = ", "made_up/manifest.toml", "made_up")
    with pytest.raises(DamagedData, match="made_up"):
        parse_manifest(b"\xff\xfe", "made_up/manifest.toml", "made_up")


def test_a_mistake_is_told_in_chinese_too() -> None:
    with using_language("zh"):
        assert "缺少此键" in refusal({key: value for key, value in table().items() if key != "title"})
