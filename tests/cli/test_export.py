"""`medgui export` from the outside: forms, exit codes, nothing half written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from medgui.cli import main


@pytest.fixture
def demo(repository: Path) -> Path:
    return repository / "resources" / "demo" / "marlow_helen.json"


def test_the_name_of_the_output_decides_the_form(demo: Path, tmp_path: Path) -> None:
    assert main(["export", str(demo), "-o", str(tmp_path / "a.json")]) == 0
    bundle = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert main(["export", str(demo), "-o", str(tmp_path / "a.csv")]) == 0
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfpatient id,")


def test_a_named_form_wins_over_the_name(demo: Path, tmp_path: Path) -> None:
    assert main(["export", str(demo), "-o", str(tmp_path / "a.csv"), "--as", "fhir"]) == 0
    assert json.loads((tmp_path / "a.csv").read_text(encoding="utf-8"))["resourceType"] == "Bundle"


@pytest.mark.parametrize("form", ["fhir", "csv"])
def test_without_identity_nothing_names_the_patient(demo: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    assert main(["export", str(demo), "-o", str(out), "--as", form, "--deidentify"]) == 0
    text = out.read_text(encoding="utf-8-sig")
    for secret in ("Marlow", "Helen", "4471-0928", "1976-03-14", "marlow_helen.json"):
        assert secret not in text


def test_an_exported_record_can_be_assessed_again(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(demo), "-o", str(tmp_path / "a.json"), "--deidentify"]) == 0
    found = []
    for path in (demo, tmp_path / "a.json"):
        assert main(["assess", str(path), "--model", "prevent", "--json"]) == 0
        finding = json.loads(capsys.readouterr().out)["findings"][0]
        found.append([output["value"] for output in finding["outputs"]])
    assert found[0] == pytest.approx(found[1], nan_ok=True)


def test_an_output_that_cannot_be_written_is_6_and_leaves_nothing(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(demo), "-o", str(tmp_path / "nowhere" / "a.json")]) == 6
    assert "cannot be written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_3_and_an_unknown_form_2(tmp_path: Path) -> None:
    broken = tmp_path / "x.json"
    broken.write_text("{", encoding="utf-8")
    assert main(["export", str(broken), "-o", str(tmp_path / "a.json")]) == 3
    with pytest.raises(SystemExit) as stopped:
        main(["export", str(broken), "-o", str(tmp_path / "a.json"), "--as", "xml"])
    assert stopped.value.code == 2
    assert not (tmp_path / "a.json").exists()
