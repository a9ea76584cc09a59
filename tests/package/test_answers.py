"""What the installed program answers where there is no network is what the source answers, byte for byte."""

from __future__ import annotations

import json

import pytest

from tests.package import questions
from tests.package.answers import OWN_KEY, Both, changed_since, comparable, other_versions
from tests.package.machine import Machine

pytestmark = pytest.mark.package
PATIENTS = questions.patients()
WORDS = [
    part
    for name in ("title", "intended-use", "not-for", "population", "data-licence", "developer")
    for part in (f"--{name}", f"words for {name}")
]


@pytest.fixture(scope="module", autouse=True)
def _files(both: Both) -> None:
    assert not changed_since(both.machine), changed_since(both.machine)
    differing = other_versions(both.machine)
    assert not differing, (
        f"the source run needs the versions of the package (MEDGUI_SOURCE_PYTHON): {differing}"
    )
    for name, data in PATIENTS.items():
        both.put(name, data)


def test_the_machine_has_no_network_python_screen_or_settings(clinic: Machine) -> None:
    assert clinic.run("ls", "/sys/class/net").out.split() == ["lo"]
    assert clinic.run("cat", "/sys/class/net/lo/operstate").out.strip() == "down"
    look = "command -v python3 python Xorg Xvfb Xwayland; ls -A ~/.config ~/.local 2>/dev/null"
    assert clinic.run("sh", "-c", look).out == ""


def test_the_version_is_that_of_the_source(both: Both) -> None:
    both.agree("--version")


def test_every_model_is_verified(both: Both) -> None:
    told = json.loads(both.agree("models", "verify", "--json"))
    assert told


@pytest.mark.parametrize("command", ["read", "assess"])
@pytest.mark.parametrize("name", PATIENTS)
def test_records_and_findings_are_the_same_bytes(name: str, command: str, both: Both) -> None:
    told = json.loads(both.agree(command, name, "--json"))
    assert told["findings"] if command == "assess" else told["observations"]


@pytest.mark.parametrize("name", ["lin_huimin.json", "ccd.xml"])
def test_findings_in_chinese_are_the_same_bytes(name: str, both: Both) -> None:
    both.agree("assess", name, "--json", "--lang", "zh")


@pytest.mark.parametrize("model", questions.SCORED)
def test_scores_with_their_reasons_are_the_same_bytes(model: str, both: Both) -> None:
    both.put(f"{model}.csv", questions.table(model))
    both.agree("score", model, f"{model}.csv", "-o", f"{model}.out.csv", "--explain")
    packaged, source = both.files(f"{model}.out.csv")
    assert packaged == source
    assert packaged.count(b"\n") == 1 + questions.ROWS
    assert b",ready," in packaged


def test_parquet_is_the_same_bytes(both: Both) -> None:
    both.put("prevent.csv", questions.table("prevent"))
    both.agree("score", "prevent", "prevent.csv", "-o", "prevent.parquet")
    packaged, source = both.files("prevent.parquet")
    assert packaged == source


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["marlow_helen.json", "lin_huimin.json"])
def test_reports_are_the_same_bytes(name: str, language: str, both: Both) -> None:
    for _again in range(3):  # the report names the minute in which it was made
        both.agree("report", name, "-o", f"{language}.pdf", "--lang", language)
        packaged, source = both.files(f"{language}.pdf")
        if packaged == source:
            break
    assert packaged == source
    assert packaged.startswith(b"%PDF")


@pytest.mark.parametrize("form", ["fhir", "csv"])
def test_exports_are_the_same_bytes(form: str, both: Both) -> None:
    both.agree("export", "marlow_helen.json", "-o", f"out.{form}", "--as", form)
    packaged, source = both.files(f"out.{form}")
    assert comparable(packaged) == comparable(source)


def test_a_model_is_trained_to_the_same_bytes(both: Both) -> None:
    both.put("clinic.csv", questions.learned_from())
    train = ["train", "clinic.csv", "--target", "ill", "-o", "mine", "--quick", *WORDS]
    packaged, source = both.packaged(*train), both.source(*train)
    assert (packaged.code, source.code) == (0, 0), packaged.err + source.err
    made = sorted(
        str(path.relative_to(both.here)) for path in (both.here / "mine").rglob("*") if path.is_file()
    )
    assert len(made) > 4
    for name in made:
        if not name.endswith(OWN_KEY):
            theirs, ours = both.files(name)
            assert theirs == ours, name
