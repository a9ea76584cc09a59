"""The commands from the outside: text, JSON, exit codes, one sentence an error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from medgui.cli import main
from medgui.inference.catalogue import Catalogue


@pytest.fixture
def demo(repository: Path) -> Path:
    return repository / "resources" / "demo" / "marlow_helen.json"


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_read_json_is_the_documented_schema(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "read", str(demo))
    assert data["schema"] == "medgui.record/1"
    assert data["patient"]["name"] == {"family": "Marlow", "given": "Helen"}
    weight = [o for o in data["observations"] if o["code"] == "29463-7"]
    assert {o["unit"] for o in weight} == {"kg"}


def test_read_shows_values_with_their_place_in_the_file(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(demo)]) == 0
    out = capsys.readouterr().out
    assert "Marlow" in out
    assert "entry[" in out


def test_assess_json_is_the_documented_schema(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "assess", str(demo))
    assert data["schema"] == "medgui.assessment/1"
    found = next(f for f in data["findings"] if f["model"] == "prevent")
    assert found["status"] == "ready"
    assert found["provider"]
    assert len(found["sha256"]) == 64


def test_a_model_and_a_value_can_be_named(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--model", "prevent", "--set", "systolic_bp=120", "--set", "current_smoker=1")
    data = run_json(capsys, "assess", str(demo), *options)
    assert [f["model"] for f in data["findings"]] == ["prevent"]
    used = {i["name"]: i for i in data["findings"][0]["inputs"]}
    assert used["systolic_bp"]["value"] == 120
    assert used["systolic_bp"]["origin"] == "entered"
    assert used["current_smoker"]["value"] == 1


def test_an_empty_value_leaves_the_input_out(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "assess", str(demo), "--model", "prevent", "--set", "systolic_bp=")
    assert data["findings"][0]["status"] == "missing_input"


def test_the_day_of_the_visit_can_be_named(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "assess", str(demo), "--as-of", "2029-01-01")
    found = next((f for f in data["findings"] if f["model"] == "prevent"), None)
    assert data["record"]["as_of"] == "2029-01-01"
    assert found is None or found["status"] != "ready"


def test_text_speaks_chinese(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", str(demo), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "心血管病" in out
    assert "[ready]" not in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["read"], 2),
        (["read", "x.json", "--as-of", "yesterday"], 2),
        (["read", "{none}"], 3),
        (["read", "{empty}"], 3),
        (["read", "{broken}"], 3),
        (["assess", "{demo}", "--set", "systolic_bp"], 2),
        (["assess", "{demo}", "--set", "blood=5"], 2),
        (["assess", "{demo}", "--set", "systolic_bp=high"], 2),
        (["assess", "{demo}", "--set", "systolic_bp=nan"], 2),
        (["assess", "{demo}", "--set", "systolic_bp=9999"], 2),
        (["assess", "{demo}", "--set", "sex=unknown"], 2),
        (["assess", "{demo}", "--set", "diabetes=2"], 2),
        (["assess", "{demo}", "--model", "nothing"], 4),
        (["models", "show"], 2),
        (["models", "show", "nothing"], 4),
        (["score", "prevent", "{none}", "-o", "x.csv"], 3),
        (["frobnicate", "a", "b"], 2),
    ],
)
def test_every_error_is_one_sentence_with_its_exit_code(
    arguments: list[str], code: int, tmp_path: Path, demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.json").write_bytes(b"")
    (tmp_path / "broken.json").write_text('{"resourceType": "Bundle", "entry": [')
    places = {
        "{none}": str(tmp_path / "none.json"),
        "{empty}": str(tmp_path / "empty.json"),
        "{broken}": str(tmp_path / "broken.json"),
        "{demo}": str(demo),
    }
    try:
        found = main([places.get(argument, argument) for argument in arguments])
    except SystemExit as leaving:
        found = int(str(leaving.code))
    message = capsys.readouterr().err.strip()
    assert found == code
    assert len(message.splitlines()) == 1
    assert "Traceback" not in message


def test_a_fault_of_our_own_is_a_sentence_too(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError("Helen Marlow")

    monkeypatch.setattr("medgui.readers.open_record", broken)
    assert main(["read", str(demo)]) == 5
    message = capsys.readouterr().err
    assert len(message.strip().splitlines()) == 1
    assert "Marlow" not in message


def test_several_patients_are_listed_and_one_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [
        {"resourceType": "Patient", "id": f"p{n}", "name": [{"family": name}], "birthDate": "1970-01-01"}
        for n, name in enumerate(["Ash", "Birch"])
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:{p['id']}", "resource": p} for p in people],
    }
    path = tmp_path / "two.json"
    path.write_text(json.dumps(bundle))
    assert main(["read", str(path)]) == 7
    said = capsys.readouterr()
    assert "p0" in said.out
    assert "Birch" in said.out
    assert len(said.err.strip().splitlines()) == 1
    assert main(["read", str(path), "--json"]) == 7
    listed = json.loads(capsys.readouterr().out)
    assert [p["id"] for p in listed["patients"]] == ["p0", "p1"]
    assert run_json(capsys, "read", str(path), "--patient", "p1")["patient"]["name"]["family"] == "Birch"


def test_models_are_listed_shown_and_verified(capsys: pytest.CaptureFixture[str]) -> None:
    listed = run_json(capsys, "models")
    assert {"prevent", "ckd_epi_2021"} <= {m["id"] for m in listed["models"]}
    card = run_json(capsys, "models", "show", "prevent")
    assert len(card["attributes"]) == 31
    assert card["citation"]
    assert main(["models", "show", "prevent"]) == 0
    assert "PREVENT" in capsys.readouterr().out
    verified = run_json(capsys, "models", "verify")
    assert verified["refused"] == {}
    assert isinstance(verified["development"], bool)


def test_verify_asks_for_the_processor_of_the_settings_and_tells_of_each_that_is_here(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from medgui.inference.providers import PROVIDERS, available
    from medgui.settings import Settings

    absent = next(each for each in PROVIDERS if each not in available())
    settings = Settings.load()
    settings.execution_provider = absent.id
    settings.save()
    verified = run_json(capsys, "models", "verify", "ckd_epi_2021")["verified"][0]
    assert verified["provider"] == "CPU"
    assert verified["note"] == f"{absent.title} is not installed on this computer."
    assert verified["providers"][0] == {"provider": "CPU", "proven": True, "note": ""}
    assert main(["models", "verify", "ckd_epi_2021"]) == 0
    assert "CPU: 1 of 1 models proven on this computer." in capsys.readouterr().out


def test_a_changed_model_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    from medgui.paths import models_dir

    shutil.copytree(models_dir(), tmp_path / "models")
    with (tmp_path / "models" / "prevent" / "model.onnx").open("ab") as stream:
        stream.write(b"x")
    monkeypatch.setenv("MEDGUI_MODELS_DIR", str(tmp_path / "models"))
    assert "prevent" in Catalogue.load().refused
    assert main(["models", "verify"]) == 4
    assert "prevent" in capsys.readouterr().err


def test_help_and_read_load_neither_numpy_nor_the_runtime(demo: Path, repository: Path) -> None:
    code = (
        "import sys; from medgui.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'onnxruntime', 'pandas', 'shap', 'PySide6', 'reportlab'} & set(sys.modules)\n"
        "sys.stderr.write(','.join(sorted(heavy)))"
    )
    for arguments in (["--help"], ["read", str(demo)]):
        run = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=repository,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stderr == ""
