"""The installed program where something is wrong with the machine: one sentence, the rest goes on, nothing is lost."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.helpers.command_line import Done
from tests.helpers.screen import wait
from tests.package import questions
from tests.package.conftest import DEB
from tests.package.machine import DATA, PROGRAM, Machine, end, machine

pytestmark = pytest.mark.package
DEMO = DATA / "resources" / "demo" / "marlow_helen.json"
SMALL = "64k"


def findings(done: Done) -> dict[str, dict[str, object]]:
    """Findings of an assessment by model."""
    assert done.code == 0, done.err
    return {each["model"]: each for each in json.loads(done.out)["findings"]}


def said(done: Done, code: int) -> str:
    """The one sentence with which a run ended in *code*."""
    assert done.code == code, (done.code, done.out[-500:], done.err)
    text = done.err.removesuffix("\n")
    assert text
    assert "\n" not in text, text
    assert "Traceback" not in text
    return text


def test_a_home_that_nobody_may_write_stops_no_visit(spare: Machine) -> None:
    spare.mount("-t", "tmpfs", "-o", "ro", "tmpfs", str(spare.inside / "home" / "doctor"))
    assert findings(spare.run("medgui", "assess", DEMO, "--json"))["prevent"]["status"] == "ready"
    assert spare.run("medgui", "report", DEMO, "-o", "/tmp/a.pdf").code == 0
    said(spare.run("medgui", "report", DEMO, "-o", "a.pdf"), 6)


def test_a_full_disk_is_said_and_leaves_no_half_report(spare: Machine) -> None:
    for place in ("home/doctor", "tmp"):
        options = f"size={SMALL},mode=1777"
        spare.mount("-t", "tmpfs", "-o", options, "tmpfs", str(spare.inside / place))
    filled = spare.run("sh", "-c", "cat /dev/zero > ~/filler; cat /dev/zero > /tmp/filler; true")
    assert filled.code == 0
    assert findings(spare.run("medgui", "assess", DEMO, "--json"))["prevent"]["status"] == "ready"
    said(spare.run("medgui", "report", DEMO, "-o", "a.pdf"), 6)
    assert not spare.path("/home/doctor/a.pdf").exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"HOME": ""},
        {"HOME": "/nowhere"},
        {"LANG": "C"},
        {"LANG": ""},
        {"LANG": "zh_CN.UTF-8"},
        {"LC_ALL": "zh_CN.GB18030"},
    ],
    ids=str,
)
def test_odd_surroundings_change_no_number(variables: dict[str, str], clinic: Machine) -> None:
    usual = findings(clinic.run("medgui", "assess", DEMO, "--json", "--lang", "en"))
    assert findings(clinic.run("medgui", "assess", DEMO, "--json", "--lang", "en", **variables)) == usual
    listed = clinic.run("medgui", "assess", DEMO, **variables)
    assert (listed.code, listed.err) == (0, "")


def test_the_language_of_the_system_is_spoken(clinic: Machine) -> None:
    assert "风险" in clinic.run("medgui", "assess", DEMO, LANG="zh_CN.UTF-8").out


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "zh_CN.UTF-8"])
def test_a_file_with_a_chinese_path_is_opened_and_written(locale: str, clinic: Machine) -> None:
    folder = f"/home/doctor/病人 {locale}"
    clinic.put(f"{folder}/林慧敏.json", questions.patients()["lin_huimin.json"])
    clinic.run("chown", "-R", "doctor", folder, user="root")
    told = findings(clinic.run("medgui", "assess", "林慧敏.json", "--json", folder=folder, LANG=locale))
    assert told["prevent"]["status"] == "ready"
    done = clinic.run("medgui", "report", "林慧敏.json", "-o", "报告.pdf", folder=folder, LANG=locale)
    assert (done.code, done.err) == (0, "")
    assert clinic.path(f"{folder}/报告.pdf").read_bytes().startswith(b"%PDF")


def test_two_users_work_at_once(clinic: Machine) -> None:
    told: dict[str, Done] = {}

    def work(user: str) -> None:
        told[user] = clinic.run("medgui", "assess", DEMO, "--json", "--lang", "en", user=user)

    both = [threading.Thread(target=work, args=(user,)) for user in ("doctor", "nurse")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert findings(told["doctor"]) == findings(told["nurse"])


def flip(path: Path, place: int = 2) -> None:
    """Change one bit in a file, a part of its length from the start."""
    data = bytearray(path.read_bytes())
    data[len(data) // place] ^= 1
    path.write_bytes(data)


def test_a_changed_model_is_refused_by_name_and_the_rest_goes_on(spare: Machine) -> None:
    flip(spare.path(DATA / "models" / "cad" / "model.onnx"))
    verified = spare.run("medgui", "models", "verify")
    assert verified.code == 4
    assert "cad" in verified.out + verified.err
    told = findings(spare.run("medgui", "assess", DEMO, "--json"))
    assert told["prevent"]["status"] == "ready"
    assert "cad" in said(spare.run("medgui", "assess", DEMO, "--model", "cad"), 4)


def test_a_changed_library_gives_no_other_number_and_is_named_by_the_self_test(
    spare: Machine, clinic: Machine
) -> None:
    usual = findings(clinic.run("medgui", "assess", DEMO, "--json", "--lang", "en"))
    (library,) = spare.path(PROGRAM / "_internal" / "onnxruntime").rglob("onnxruntime_pybind11_state*.so")
    flip(library)
    done = spare.run("medgui", "assess", DEMO, "--json", "--lang", "en")
    if done.code == 0:
        for model, found in findings(done).items():
            assert found["status"] in ("failed", "refused") or found == usual[model]
    page = spare.run("medgui", "selftest", "--lang", "en")
    assert page.code == 8
    assert library.name[:24] in page.out.replace("\n", "").replace(" ", "")
    assert library.name in spare.run("dpkg", "--verify", "medgui", user="root").out


def test_a_library_that_is_gone_is_said_in_one_sentence(spare: Machine) -> None:
    (library,) = spare.path(PROGRAM / "_internal" / "onnxruntime").rglob("onnxruntime_pybind11_state*.so")
    library.unlink()
    done = spare.run("medgui", "assess", DEMO, "--json")
    assert done.code in (0, 5)
    assert "Traceback" not in done.err
    assert spare.run("medgui", "read", DEMO).code == 0


def test_an_installation_that_was_cut_off_is_finished_by_dpkg(bare: Path, deb: Path) -> None:
    with machine(bare) as made:
        made.put(DEB, deb.read_bytes(), "root")
        program = made.path(PROGRAM)
        with made.running("dpkg", "-i", DEB, user="root") as cut:
            wait("the first files", lambda: cut.poll() is not None or any(program.rglob("*.dpkg-new")))
            end(cut)
        assert cut.returncode != 0
        assert made.run("medgui", "--version").code != 0
        made.run("dpkg", "--configure", "-a", user="root")
        again = made.run("dpkg", "-i", DEB, user="root")
        assert again.code == 0, again.err
        assert made.run("dpkg", "--verify", "medgui", user="root").out == ""
        assert made.run("medgui", "--version").code == 0
        assert made.run("dpkg", "--audit", user="root").out == ""
