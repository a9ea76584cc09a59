"""The demo patients are valid FHIR, marked as test data, and tell the stories that the start page promises."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from medgui.paths import resources_dir
from medgui.readers import open_record
from medgui.record.model import Record
from medgui.record.resolve import resolve

DEMO = resources_dir() / "demo"
INDEX = tomllib.loads((DEMO / "index.toml").read_text(encoding="utf-8"))["patient"]
FILES = [entry["file"] for entry in INDEX]


def demo(name: str) -> Record:
    """Open a demo patient as a user does."""
    return open_record(DEMO / f"{name}.json")


def value(record: Record, name: str) -> object:
    """The value on the patient's own day."""
    return resolve(record, name, as_of=record.as_of).value


def test_the_index_lists_every_demo_file_in_both_languages() -> None:
    assert sorted(FILES) == sorted(path.name for path in DEMO.glob("*.json"))
    for entry in INDEX:
        for key in ("name", "who", "story"):
            assert entry[key]["en"]
            assert entry[key]["zh"]


@pytest.mark.parametrize("file", FILES)
def test_a_demo_is_marked_dated_complete_and_read_whole(file: str) -> None:
    record = open_record(DEMO / file)
    content = json.loads((DEMO / file).read_text(encoding="utf-8"))
    assert record.patient.is_test
    assert record.as_of == content["meta"]["tag"][0]["code"] != ""
    assert record.unread == ()
    assert {str(state) for state in record.completeness.values()} == {"complete"}
    assert {"conditions", "medications", "allergies", "social_history"} <= set(record.completeness)
    assert all(observation.usable for observation in record.observations)
    assert all(observation.variable for observation in record.observations)
    assert max(o.time for o in record.observations) <= record.as_of


@pytest.mark.parametrize("entry", INDEX, ids=FILES)
def test_the_index_gives_age_and_sex_of_the_record(entry: dict) -> None:
    record = open_record(DEMO / entry["file"])
    age = resolve(record, "age", as_of=record.as_of).value
    assert entry["who"]["en"] == f"{age:.0f} y, {record.patient.sex}"
    assert entry["who"]["zh"] == f"{age:.0f} 岁，{'女' if record.patient.sex == 'female' else '男'}"


def test_the_users_own_day_wins_over_the_demos() -> None:
    assert open_record(DEMO / FILES[0], as_of="2026-12-24").as_of == "2026-12-24"


@pytest.mark.parametrize("file", FILES)
def test_a_demo_is_valid_fhir(file: str) -> None:
    bundle = pytest.importorskip(
        "fhir.resources.R4B.bundle", reason="fhir.resources (extra dev) is not installed"
    )
    bundle.Bundle.model_validate_json((DEMO / file).read_bytes())


def test_the_script_writes_the_files_that_are_there(tmp_path: Path, repository: Path) -> None:
    script = repository / "packaging" / "demo"
    if not script.is_dir():
        pytest.skip("the script is in a checkout only")
    code = f"import sys; sys.path.insert(0, {str(script)!r}); import person, pathlib; "
    code += f"person.FOLDER = pathlib.Path({str(tmp_path)!r}); import make_demo; make_demo.main()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    for file in FILES:
        assert (tmp_path / file).read_bytes() == (DEMO / file).read_bytes()


def test_helen_is_the_published_example_with_full_laboratory_values() -> None:
    record = demo("marlow_helen")
    expected = {
        "age": 50.0, "sex": "female", "ethnicity": "NH White", "systolic_bp": 160.0, "total_cholesterol": 200.0,
        "hdl_cholesterol": 45.0, "creatinine": 0.8, "current_smoker": 0.0, "diabetes": 1.0, "bp_treatment": 1.0,
        "statin": 0.0, "prior_ascvd": 0.0, "heart_failure": 0.0,
    }  # fmt: skip
    assert {name: value(record, name) for name in expected} == expected
    assert value(record, "bmi") == pytest.approx(35, abs=0.05)
    for name in (
        "hba1c",
        "uacr",
        "albumin",
        "alkaline_phosphatase",
        "bun",
        "bilirubin_total",
        "uric_acid",
        "crp",
        "ggt",
    ):
        assert value(record, name) is not None
    for name in ("wbc", "rbc", "mcv", "rdw", "lymphocytes_percent", "waist", "glucose"):
        assert value(record, name) is not None
    assert record.questions == ()
    assert len({o.time for o in record.observations if o.variable == "hba1c"}) == 4


def test_thomas_lacks_his_total_cholesterol_alone() -> None:
    record = demo("rowe_thomas")
    needed = (
        "age",
        "sex",
        "systolic_bp",
        "hdl_cholesterol",
        "creatinine",
        "bmi",
        "current_smoker",
        "diabetes",
    )
    assert all(value(record, name) is not None for name in (*needed, "bp_treatment", "statin", "prior_ascvd"))
    assert value(record, "total_cholesterol") is None
    assert value(record, "age") == 68


def test_annas_weight_is_a_question_with_pounds_first() -> None:
    record = demo("bauer_anna")
    (question,) = record.questions
    assert question.variable == "weight"
    assert (question.suggestions[0].value, question.suggestions[0].unit) == (194.0, "[lb_av]")
    assert resolve(record, "weight", as_of=record.as_of).gap == "questioned"
    assert value(record, "statin") == 0.0


def test_grace_has_a_breast_mass_and_an_exercise_test() -> None:
    record = demo("okafor_grace")
    expected = {
        "birads": 4.0, "mass_shape": 4.0, "mass_margin": 4.0, "mass_density": 2.0, "chest_pain_type": 2.0,
        "resting_ecg": 0.0, "max_heart_rate": 138.0, "exercise_angina": 0.0, "st_depression": 1.2, "st_slope": 2.0,
        "age": 61.0, "prior_ascvd": 0.0,
    }  # fmt: skip
    assert {name: value(record, name) for name in expected} == expected
    assert record.questions == ()


def test_per_has_had_an_infarction() -> None:
    record = demo("lindqvist_per")
    assert (value(record, "prior_ascvd"), value(record, "statin"), value(record, "age")) == (1.0, 1.0, 66.0)


def test_huimin_is_helens_case_in_si_units_and_jin() -> None:
    record, helen = demo("lin_huimin"), demo("marlow_helen")
    assert (record.patient.family, record.patient.given) == ("林", "慧敏")
    weight = resolve(record, "weight", as_of=record.as_of)
    assert (weight.value, weight.value_as_written, weight.unit_as_written) == (88.0, "176", "斤")
    for name in ("total_cholesterol", "hdl_cholesterol", "creatinine", "bmi", "systolic_bp", "hba1c"):
        assert value(record, name) == pytest.approx(value(helen, name), rel=0.01)
    for name in ("diabetes", "bp_treatment", "statin", "current_smoker"):
        assert value(record, name) == value(helen, name)
    assert record.questions == ()
