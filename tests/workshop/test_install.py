"""A finished bundle goes into the clinic's folder whole and signed, or not at all; older ones stay as they were."""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from medgui.errors import DamagedData, OutputNotWritable, UserError
from medgui.inference.catalogue import Catalogue
from medgui.inference.signatures import FILE_NAME, default_trust
from medgui.paths import user_data_dir
from medgui.workshop import install as installing
from medgui.workshop.clinic_key import clinic_key
from tests.helpers import bundles

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    bundles.equation_bundle(tmp_path / "made")
    return tmp_path / "made" / "equation"


@pytest.fixture
def second(tmp_path: Path) -> Path:
    bundles.logistic_bundle(tmp_path / "more")
    return next(path for path in (tmp_path / "more").iterdir() if path.is_dir())


def own() -> Catalogue:
    return Catalogue.load(installing.own_models_dir())


@POSIX
def test_the_clinics_key_is_made_once_and_readable_by_its_owner_alone() -> None:
    first = clinic_key()
    private = user_data_dir() / "keys" / "clinic.key"
    assert private.stat().st_mode & 0o777 == 0o600
    text = private.read_bytes()
    assert clinic_key().public_key() == first.public_key()
    assert private.read_bytes() == text
    assert [key.kind for key in default_trust().keys if key.raw == first.public_key().public_bytes_raw()] == [
        "clinic"
    ]
    assert sorted(path.name for path in private.parent.iterdir()) == ["clinic.key", "clinic.pub"]


@POSIX
def test_a_key_file_that_others_can_read_is_closed_again() -> None:
    clinic_key()
    private = user_data_dir() / "keys" / "clinic.key"
    private.chmod(0o644)
    clinic_key()
    assert private.stat().st_mode & 0o777 == 0o600


def test_a_lost_private_key_is_not_replaced_by_another_one() -> None:
    clinic_key()
    folder = user_data_dir() / "keys"
    (folder / "clinic.key").unlink()
    with pytest.raises(UserError, match="bring the private key"):
        clinic_key()
    assert not (folder / "clinic.key").exists()


def test_a_pair_that_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    clinic_key(tmp_path / "a")
    clinic_key(tmp_path / "b")
    shutil.copy(tmp_path / "a" / "clinic.pub", tmp_path / "b" / "clinic.pub")
    with pytest.raises(DamagedData, match="does not belong"):
        clinic_key(tmp_path / "b")


def test_a_damaged_private_key_is_named_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "clinic.key").write_text("not a key")
    with pytest.raises(DamagedData, match=r"clinic\.key is not the private key"):
        clinic_key(tmp_path)
    assert (tmp_path / "clinic.key").read_text() == "not a key"


def test_an_installed_bundle_is_signed_by_the_clinic_and_runs(finished: Path, second: Path) -> None:
    installing.install(finished, day="2026-01-02")
    found = installing.install(second)
    catalogue = own()
    assert set(catalogue.bundles) == {"equation", second.name}
    assert not catalogue.refused
    assert not catalogue.development
    assert found.folder == installing.own_models_dir() / second.name
    assert catalogue.get("equation").provider == "CPU"
    assert set(Catalogue.load().bundles) > {"equation", second.name}
    leftovers = [p.name for p in installing.own_models_dir().iterdir() if p.name.startswith(".installing")]
    assert leftovers == []


def test_an_id_that_is_taken_is_refused_and_a_free_one_is_found(finished: Path) -> None:
    installing.install(finished)
    with pytest.raises(UserError, match="There is a model “equation” already"):
        installing.install(finished)
    assert installing.free_id("Equation") == "equation_2"
    assert installing.free_id("cad") == "cad_2"
    assert installing.free_id("2nd Heart Failure!") == "model_2nd_heart_failure"
    assert installing.free_id("心衰") == "model"


def test_a_bundle_that_was_changed_after_signing_is_not_vouched_for_by_the_next_installation(
    finished: Path, second: Path
) -> None:
    installing.install(finished)
    recipe = installing.own_models_dir() / "equation" / "recipe.py"
    recipe.write_text("# changed")
    stranger = installing.own_models_dir() / "stranger"
    shutil.copytree(second, stranger)
    installing.install(second)
    catalogue = own()
    assert set(catalogue.bundles) == {second.name}
    assert "changed after it was signed" in catalogue.refused["equation"]
    assert "not signed" in catalogue.refused["stranger"]


@POSIX
def test_a_link_in_a_bundle_is_refused_and_what_it_leads_to_is_not_copied(
    finished: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for a bundle", encoding="utf-8")
    (finished / "notes.txt").symlink_to(secret)
    with pytest.raises(DamagedData, match=r"notes\.txt is a link"):
        installing.install(finished)
    assert not [path for path in installing.own_models_dir().rglob("*") if path.name == "notes.txt"]


def test_a_list_of_an_unknown_key_is_not_signed_over(finished: Path, second: Path) -> None:
    installing.install(finished, key=Ed25519PrivateKey.generate())
    before = (installing.own_models_dir() / FILE_NAME).read_bytes()
    with pytest.raises(DamagedData, match="No model can be added"):
        installing.install(second)
    assert (installing.own_models_dir() / FILE_NAME).read_bytes() == before
    assert not (installing.own_models_dir() / second.name).exists()


def test_a_bundle_with_a_wrong_hash_or_answer_is_refused_and_nothing_is_left(finished: Path) -> None:
    manifest = finished / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    graph = (finished / "model.onnx").read_bytes()
    (finished / "model.onnx").write_bytes(graph + b"\0")
    with pytest.raises(DamagedData, match="not the file that the manifest describes"):
        installing.install(finished)
    (finished / "model.onnx").write_bytes(graph)
    manifest.write_text(text.replace('"en" = "words"', '"en" = ""').replace('"en": "words"', '"en": ""'))
    with pytest.raises(DamagedData):
        installing.install(finished)
    folder = installing.own_models_dir()
    assert not folder.exists() or [p.name for p in folder.iterdir() if p.name != ".lock"] == []


class Killed(BaseException):
    """Stands for a kill: nothing of ours may clean up after it."""


@pytest.fixture
def no_clearing(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with monkeypatch.context() as patch:
        patch.setattr(installing.shutil, "rmtree", lambda *_args, **_named: None)
        yield patch


@pytest.mark.parametrize("step", ["_copy", "_prove", "write_atomic"])
def test_after_a_kill_the_older_bundles_run_and_the_next_installation_clears_up(
    finished: Path, second: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installing.install(finished)

    def kill(*_args: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(installing, step, kill)
        patch.setattr(installing.shutil, "rmtree", lambda *_args, **_named: None)
        with pytest.raises(Killed):
            installing.install(second)
    catalogue = own()
    assert set(catalogue.bundles) == {"equation"}
    assert catalogue.get("equation").provider == "CPU"
    installing.install(second)
    assert set(own().bundles) == {"equation", second.name}
    assert [p.name for p in installing.own_models_dir().iterdir() if p.name.startswith(".inst")] == []


@pytest.mark.parametrize("step", ["_copy", "write_atomic"])
def test_a_full_disk_is_said_and_leaves_everything_as_it_was(
    finished: Path, second: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installing.install(finished)
    before = {path: path.read_bytes() for path in installing.own_models_dir().rglob("*") if path.is_file()}

    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(installing, step, full)
    with pytest.raises(OutputNotWritable, match="the disk is full"):
        installing.install(second)
    assert before == {
        path: path.read_bytes() for path in installing.own_models_dir().rglob("*") if path.is_file()
    }
