"""Updated models come into force in one step or not at all; the newest of an id counts; the last step can be undone."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from medgui.errors import OutputNotWritable, UpdateRefused
from medgui.inference import verify as verifying
from medgui.inference.catalogue import Catalogue
from medgui.inference.sign import sign_folder
from medgui.inference.update_sets import read_active
from medgui.paths import own_models_dir, system_data_dir, user_data_dir
from medgui.updates import desk, models
from tests.updates.conftest import CLINIC, DAY, DEVELOPMENT, RELEASE, Computer

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and permissions of POSIX")


def install(path: Path) -> desk.Done:
    offer = desk.look_at(path)
    try:
        return desk.install(offer)
    finally:
        offer.close()


def version(name: str = "equation") -> str:
    return Catalogue.load().get(name).header.version


def root() -> Path:
    system = system_data_dir()
    assert system is not None
    return next(
        r for r in (system / "models", user_data_dir() / "updates" / "models") if (r / "ACTIVE").exists()
    )


def test_a_newer_model_counts_at_once_and_goes_back_on_request(computer: Computer) -> None:
    done = install(computer.models("equation 1.1.0", "logistic 1.0.0"))
    assert done.effect == "now"
    loaded = Catalogue.load()
    assert (version(), version("logistic")) == ("1.1.0", "1.0.0")
    assert not loaded.refused
    assert all(each.sound for each in verifying.verify(loaded))
    back = desk.take_back()
    assert [(c.id, c.before, c.after) for c in back.changes] == [
        ("equation", "1.1.0", "1.0.0"),
        ("logistic", "1.0.0", ""),
    ]
    assert version() == "1.0.0"
    assert "logistic" not in Catalogue.load().bundles
    with pytest.raises(UpdateRefused, match="no update that can be taken back"):
        desk.take_back()


def test_an_update_that_was_taken_back_can_be_installed_again(computer: Computer) -> None:
    path = computer.models("equation 1.1.0")
    install(path)
    desk.take_back()
    install(path)
    assert version() == "1.1.0"


@pytest.mark.parametrize("present", ["1.1.0", "1.2.0"])
def test_an_equal_or_older_update_is_refused(computer: Computer, present: str) -> None:
    install(computer.models(f"equation {present}"))
    offer = desk.look_at(computer.models("equation 1.1.0"))
    assert "already has these models, or newer ones: equation 1.1.0" in offer.refused
    with pytest.raises(UpdateRefused, match="already has"):
        desk.install(offer)
    offer.close()
    assert version() == present


def test_updates_follow_each_other_and_what_is_no_longer_needed_goes(computer: Computer) -> None:
    install(computer.models("equation 1.1.0", "logistic 1.0.0"))
    install(computer.models("equation 1.2.0"))
    assert (version(), version("logistic")) == ("1.2.0", "1.0.0")
    active = read_active(root())
    assert len(active.sets) == 2
    desk.take_back()
    assert (version(), version("logistic")) == ("1.1.0", "1.0.0")
    install(computer.models("equation 1.2.0"))
    assert len(list((root() / "sets").iterdir())) == 2


def test_a_program_that_ships_a_newer_model_wins_over_an_old_update(
    computer: Computer, tmp_path: Path
) -> None:
    install(computer.models("equation 1.1.0"))
    shipped = tmp_path / "shipped"
    shutil.rmtree(shipped / "equation")
    shutil.copytree(computer.shelf["equation 1.2.0"], shipped / "equation")
    sign_folder(shipped, DEVELOPMENT, "tests", DAY)
    assert version() == "1.2.0"
    assert not Catalogue.load().refused


def test_a_damaged_update_refuses_its_model_and_the_older_one_does_not_take_its_place(
    computer: Computer,
) -> None:
    install(computer.models("equation 1.1.0"))
    path = read_active(root()).sets[0].folder / "equation" / "model.onnx"
    path.write_bytes(path.read_bytes() + b"\0")
    loaded = Catalogue.load()
    assert "equation" not in loaded.bundles
    assert "changed after it was signed" in loaded.refused["equation"]
    desk.take_back()
    assert version() == "1.0.0"


@pytest.mark.parametrize("lost", ["SIGNATURES", "equation/manifest.toml", ""])
def test_an_update_that_got_lost_is_missed_by_name(computer: Computer, lost: str) -> None:
    install(computer.models("equation 1.1.0"))
    folder = read_active(root()).sets[0].folder
    if lost:
        (folder / lost).unlink()
    else:
        shutil.rmtree(folder)
    loaded = Catalogue.load()
    assert "equation" not in loaded.bundles
    assert "missing" in loaded.refused["equation"]


def test_a_damaged_list_of_updates_is_said_and_what_ships_runs(computer: Computer) -> None:
    install(computer.models("equation 1.1.0"))
    (root() / "ACTIVE").write_bytes(b"{")
    loaded = Catalogue.load()
    assert loaded.get("equation").header.version == "1.0.0"
    assert loaded.refused == {"models/ACTIVE": "models/ACTIVE is damaged."}


def test_a_list_that_claims_another_version_than_the_signed_one_counts_for_nothing(
    computer: Computer,
) -> None:
    install(computer.models("equation 1.1.0"))
    data = json.loads((root() / "ACTIVE").read_text())
    data["sets"][0]["models"]["equation"] = "7.0"
    (root() / "ACTIVE").write_text(json.dumps(data))
    loaded = Catalogue.load()
    assert "equation" not in loaded.bundles
    assert loaded.refused["equation"] == "models/ACTIVE is damaged."


@pytest.mark.parametrize("name", ["../../shipped", "/etc", "a/b", ""])
def test_a_list_that_names_a_folder_elsewhere_is_damaged(computer: Computer, name: str) -> None:
    install(computer.models("equation 1.1.0"))
    data = json.loads((root() / "ACTIVE").read_text())
    data["sets"][0]["name"] = name
    (root() / "ACTIVE").write_text(json.dumps(data))
    assert "models/ACTIVE" in Catalogue.load().refused


def test_a_clinics_key_may_bring_models_and_never_replace_one_that_ships(
    computer: Computer, release: Callable[[], None]
) -> None:
    release()
    computer.give_key(CLINIC)
    offer = desk.look_at(computer.models("equation 1.1.0", key=CLINIC))
    assert "clinic’s key cannot replace" in offer.refused
    offer.close()
    install(computer.models("logistic 1.0.0", key=CLINIC))
    assert version("logistic") == "1.0.0"
    assert (user_data_dir() / "updates" / "models" / "ACTIVE").exists()
    install(computer.models("equation 1.1.0", key=RELEASE))
    assert version() == "1.1.0"


def test_a_clinics_set_that_names_a_shipped_model_does_not_count_even_where_it_lies_there(
    computer: Computer, release: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    release()
    computer.give_key(CLINIC)
    offer = desk.look_at(computer.models("equation 1.1.0", key=CLINIC))
    monkeypatch.setattr(models, "_clashes", lambda _received: "")
    with pytest.raises(UpdateRefused, match="would not be used"):
        models.install_models(offer.received)
    offer.close()
    assert version() == "1.0.0"


def test_a_model_of_the_clinics_own_is_not_pushed_aside(computer: Computer) -> None:
    (own_models_dir() / "logistic").mkdir(parents=True)
    offer = desk.look_at(computer.models("logistic 1.0.0"))
    assert "model of its own with the id “logistic”" in offer.refused
    offer.close()


def test_a_list_inside_that_another_key_signed_is_refused(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medgui.inference import sign

    computer.give_key(CLINIC)
    original = sign.sign_folder
    monkeypatch.setattr(
        computer.maker, "sign_folder", lambda folder, _key, signer, day: original(folder, CLINIC, signer, day)
    )
    with pytest.raises(UpdateRefused, match="not trusted here"):
        install(computer.models("equation 1.1.0"))
    assert version() == "1.0.0"


def test_a_golden_answer_that_differs_refuses_the_update_and_nothing_is_changed(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import numpy as np

    from tests.helpers import bundles

    bundles.equation_bundle(tmp_path / "wrong", version="1.3.0")
    folder = tmp_path / "wrong" / "equation"
    with np.load(folder / "golden.npz") as arrays:
        changed = {name: arrays[name] + (0.01 if name == "soon" else 0) for name in arrays.files}
    old = (folder / "golden.npz").read_bytes()
    (folder / "golden.npz").write_bytes(bundles.npz(changed))
    manifest = (folder / "manifest.toml").read_text(encoding="utf-8")
    import hashlib

    for before, after in ((old, (folder / "golden.npz").read_bytes()),):
        manifest = manifest.replace(hashlib.sha256(before).hexdigest(), hashlib.sha256(after).hexdigest())
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8")
    computer.shelf = {**computer.shelf, "equation 1.3.0": folder}
    with pytest.raises(UpdateRefused, match="nothing was changed: the model “equation” did not hold"):
        install(computer.models("equation 1.3.0"))
    assert version() == "1.0.0"
    assert not list(computer.home.rglob(".staging-*"))
    assert [entry.what for entry in desk.done_so_far()] == ["failed"]


def test_where_the_check_after_the_change_fails_everything_is_put_back(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(computer.models("equation 1.1.0"))
    before = (root() / "ACTIVE").read_bytes()
    original, calls = models._require_sound, []

    def second_fails(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise UpdateRefused("did not hold")
        original(*arguments)

    monkeypatch.setattr(models, "_require_sound", second_fails)
    with pytest.raises(UpdateRefused, match="did not hold"):
        install(computer.models("equation 1.2.0"))
    assert json.loads((root() / "ACTIVE").read_text())["sets"] == json.loads(before)["sets"]
    assert version() == "1.1.0"
    assert len(list((root() / "sets").iterdir())) == 1


def test_the_history_says_who_did_what_and_when_and_no_path(computer: Computer) -> None:
    install(computer.models("equation 1.1.0"))
    desk.take_back()
    first, second = desk.done_so_far()
    assert (first.what, first.version, first.before) == ("installed", "equation 1.1.0", "equation 1.0.0")
    assert first.who
    assert first.signer.startswith("development ")
    assert (second.what, second.kind, second.version) == ("rolled_back", "models", "equation 1.0.0")
    text = next(computer.home.rglob("history.jsonl")).read_text(encoding="utf-8")
    assert str(computer.folder) not in text


# Faults at every step: an audit hook sees each file operation before it is done.

_BREAK: dict[str, Any] = {}
_HOOKED: list[bool] = []
_EVENTS = {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.chmod"}


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _BREAK or event not in _EVENTS:
        return
    names = [str(each) for each in arguments[:2] if isinstance(each, str | os.PathLike)]
    writing = event != "open" or (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR))
    if not writing or not any(_BREAK["below"] in name for name in names):
        return
    _BREAK["seen"] += 1
    if _BREAK["seen"] == _BREAK["at"]:
        _BREAK["act"]()


@pytest.fixture
def breaking(computer: Computer) -> Iterator[Callable[[int, Callable[[], None]], None]]:
    if not _HOOKED:
        sys.addaudithook(_hook)  # it stays for good, and does nothing while nothing is to break
        _HOOKED.append(True)

    def start(at: int, act: Callable[[], None]) -> None:
        _BREAK.update(below=str(computer.home), seen=0, at=at, act=act)

    yield start
    _BREAK.clear()


def _full() -> None:
    raise OSError(errno.ENOSPC, "no space")


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the golden answers out: what is tested is the order of what is written."""
    monkeypatch.setattr(models, "_require_sound", lambda *_: None)


def test_a_disk_that_gets_full_at_any_step_leaves_everything_as_it_was(
    computer: Computer, breaking: Callable[[int, Callable[[], None]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(computer.models("equation 1.1.0", "logistic 1.0.0"))
    path = computer.models("equation 1.2.0")
    quick(monkeypatch)
    failed, steps = 0, 0
    while not steps or _BREAK["seen"] >= steps:
        steps += 1
        breaking(steps, _full)
        try:
            install(path)
        except OutputNotWritable:
            failed += 1
            assert version() == "1.1.0"
        else:  # what may fail without harm: a folder that is there already, a line of the history
            assert version() == "1.2.0"
            if _BREAK["seen"] >= steps:
                seen = _BREAK["seen"]
                _BREAK.clear()
                desk.take_back()
                _BREAK["seen"] = seen
        assert not Catalogue.load().refused
    assert version() == "1.2.0"
    assert failed > 15


@POSIX
def test_a_process_killed_at_any_step_leaves_the_old_models_or_the_new(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Children of one process that was started for this: it holds no threads and no session."""
    install(computer.models("equation 1.1.0", "logistic 1.0.0"))
    path = computer.models("equation 1.2.0")
    script = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, str(script), str(path), str(computer.home)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert set(seen) == {"1.1.0", "1.2.0"}
    assert seen == sorted(seen), "from one moment on it is the new one"
    assert len(seen) > 15
    assert version() == "1.2.0"
    assert not Catalogue.load().refused
