"""Changed, unsigned and newer models, damaged and newer settings: said by name, and everything else goes on."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from medgui.inference.signatures import FILE_NAME, signed_text
from medgui.paths import models_dir
from tests.helpers import bundles
from tests.helpers.command_line import ROOT, Done, medgui, sentence

DEMO = ROOT / "resources" / "demo" / "marlow_helen.json"
COLUMNS = "age,sex,systolic_bp,bp_treatment,total_cholesterol,hdl_cholesterol,statin,diabetes,current_smoker,egfr,bmi"
ROW = "50,female,160,1,200,45,0,1,0,90,35"
Run = Callable[..., Done]


def sign(models: Path) -> None:
    """Sign whatever lies in the folder, sound or not, with the key of a clinic."""
    public = bundles.KEY.public_key().public_bytes_raw()
    text = signed_text(models, "clinic", "2026-01-01", public)
    signature = base64.b64encode(bundles.KEY.sign(text))
    (models / FILE_NAME).write_bytes(text + b"signature: " + signature + b"\n")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Two shipped models, signed by a clinic whose key this computer trusts."""
    folder = tmp_path / "models"
    for name in ("prevent", "ckd_epi_2021"):
        shutil.copytree(models_dir() / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    keys = tmp_path / "home" / "data" / "keys"
    keys.mkdir(parents=True)
    pem = bundles.KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (keys / "clinic.pub").write_bytes(pem)
    sign(folder)
    return folder


@pytest.fixture
def run(models: Path, tmp_path: Path) -> Run:
    (tmp_path / "in.csv").write_text(f"{COLUMNS}\n{ROW}\n")
    return lambda *arguments, **more: medgui(
        *arguments, folder=tmp_path, **{"MEDGUI_MODELS_DIR": str(models), **more}
    )


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def newer(models: Path) -> None:
    path = models / "prevent" / "manifest.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("schema = 1", "schema = 2", 1), encoding="utf-8")
    sign(models)


def own_copy(models: Path) -> None:
    """A model that somebody put beside the signed ones."""
    shutil.move(models / "prevent", models.parent / "kept")
    sign(models)
    shutil.move(models.parent / "kept", models / "prevent")


DAMAGE: list[tuple[str, Callable[[Path], None], str]] = [
    (
        "a changed graph",
        lambda models: flip(models / "prevent" / "model.onnx"),
        "prevent/model.onnx was changed",
    ),
    ("changed golden answers", lambda models: flip(models / "prevent" / "golden.npz"), "was changed"),
    ("a changed manifest", lambda models: flip(models / "prevent" / "manifest.toml"), "was changed"),
    ("a missing file", lambda models: (models / "prevent" / "model.onnx").unlink(), "is missing"),
    ("a missing manifest", lambda models: (models / "prevent" / "manifest.toml").unlink(), "is missing"),
    ("a file added", lambda models: (models / "prevent" / "x.txt").write_text("1"), "is not signed"),
    ("an unsigned model", own_copy, "is not signed"),
    ("a newer manifest", newer, "newer"),
    (
        "a folder in place of a file",
        lambda models: _as_folder(models / "prevent" / "model.onnx"),
        "prevent/model.onnx",
    ),
]


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(("damage", "word"), [case[1:] for case in DAMAGE], ids=[case[0] for case in DAMAGE])
def test_a_bad_model_is_refused_by_name_and_the_others_go_on(
    damage: Callable[[Path], None], word: str, models: Path, run: Run
) -> None:
    damage(models)
    done = run("assess", DEMO, "--json")
    assert (done.code, done.err) == (0, "")
    found = {f["model"]: f for f in json.loads(done.out)["findings"]}
    assert found["prevent"]["status"] == "refused"
    assert all(output["value"] is None for output in found["prevent"]["outputs"])
    assert word in json.dumps(found["prevent"])
    assert str(models) not in done.out
    assert found["ckd_epi_2021"]["status"] == "ready"
    said = sentence(run("assess", DEMO, "--model", "prevent"), 4)
    assert "prevent" in said
    assert word in said


def test_a_changed_model_is_refused_by_every_command(models: Path, run: Run, tmp_path: Path) -> None:
    flip(models / "prevent" / "model.onnx")
    for arguments in (
        ["score", "prevent", "in.csv", "-o", "out.csv"],
        ["models", "show", "prevent"],
        ["models", "verify"],
        ["models", "verify", "prevent"],
    ):
        assert "prevent/model.onnx was changed" in sentence(run(*arguments), 4)
    assert not (tmp_path / "out.csv").exists()
    done = run("report", DEMO, "-o", "out.pdf")
    assert (done.code, done.err) == (0, "")
    listed = json.loads(run("models", "--json").out)
    assert list(listed["refused"]) == ["prevent"]
    assert [m["id"] for m in listed["models"]] == ["ckd_epi_2021"]


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"medgui signatures 1\nsigner: x\n"])
def test_without_a_sound_list_no_model_runs_and_the_file_is_still_read(
    content: bytes | None, models: Path, run: Run
) -> None:
    if content is None:
        (models / FILE_NAME).unlink()
    else:
        (models / FILE_NAME).write_bytes(content)
    done = run("assess", DEMO, "--json")
    assert (done.code, done.err) == (0, "")
    statuses = {f["model"]: f["status"] for f in json.loads(done.out)["findings"] if f["kind"] != "value"}
    assert set(statuses.values()) <= {"refused"}
    assert {"prevent", "ckd_epi_2021"} <= set(statuses)
    assert "SIGNATURES" in sentence(run("models", "verify"), 4)
    assert run("read", DEMO).code == 0


def test_a_folder_of_models_that_is_not_there_is_said(run: Run, tmp_path: Path) -> None:
    absent = {"MEDGUI_MODELS_DIR": str(tmp_path / "none")}
    for arguments in (["assess", DEMO], ["models"]):
        done = run(*arguments, **absent)
        assert (done.code, done.err) == (0, "")
        assert "No models are installed." in done.out
    assert "No models" in sentence(run("models", "verify", **absent), 4)
    sentence(run("score", "prevent", "in.csv", "-o", "out.csv", **absent), 4)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe\x00\x01", b'{"text_scale": ' + b"[" * 50_000, b"{" + b" " * 100],
)
def test_damaged_settings_are_set_aside_and_nothing_stops(content: bytes, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.json").write_bytes(content)
    done = run("read", DEMO)
    assert (done.code, done.err) == (0, "")
    assert [path.read_bytes() for path in folder.iterdir()] == [content]


def test_settings_of_a_newer_version_are_used_where_they_are_known(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "config"
    folder.mkdir(parents=True)
    stored = {"language": "zh", "text_scale": "huge", "units": 7, "hologram": True, "column_mappings": []}
    (folder / "settings.json").write_text(json.dumps(stored))
    done = run("read", DEMO, MEDGUI_LANG="")
    assert (done.code, done.err) == (0, "")
    assert "出生" in done.out
    assert json.loads((folder / "settings.json").read_text()) == stored


@pytest.mark.parametrize("name", ["settings.json", ""])
def test_a_folder_or_file_in_the_place_of_the_settings_stops_nothing(
    name: str, run: Run, tmp_path: Path
) -> None:
    place = tmp_path / "home" / "config" / name
    if name:
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")
    done = run("read", DEMO)
    assert (done.code, done.err) == (0, "")
