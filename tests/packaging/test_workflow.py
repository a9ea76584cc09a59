"""The workflow that builds the packages elsewhere: what it runs exists, and it may do nothing but read."""

import re
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".ci" / "workflows" / "package.yml"


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(PLACE.read_text(encoding="utf-8"))
    return found


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_actions_are_named_by_their_commit(workflow: dict[Any, Any]) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action), action


def test_the_workflow_may_read_and_knows_no_secret(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert not [job for job in workflow["jobs"].values() if "permissions" in job]
    assert "secrets." not in PLACE.read_text(encoding="utf-8")
    assert "pull_request_target" not in PLACE.read_text(encoding="utf-8")


def test_every_job_ends_by_itself_and_takes_the_python_of_the_lock(workflow: dict[Any, Any]) -> None:
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert [s["with"]["python-version"] for s in job["steps"] if "setup-python" in s.get("uses", "")] == [
            "3.13"
        ]


def test_what_is_installed_is_held_to_its_hashes(workflow: dict[Any, Any]) -> None:
    calls = [step["run"] for step in steps(workflow) if "pip install" in step.get("run", "")]
    assert calls
    for call in calls:
        assert "--require-hashes" in call
        assert "--only-binary=:all:" in call


def test_every_file_that_the_workflow_names_exists(workflow: dict[Any, Any]) -> None:
    text = "\n".join(step.get("run", "") for step in steps(workflow))
    named = set(re.findall(r"\b(?:packaging|resources)/[\w./-]+\.(?:py|txt|json)", text))
    assert {"packaging/package.py", "packaging/wheels.py"} <= named
    for path in named:
        assert (ROOT / path).is_file(), path
    assert list((ROOT / "packaging" / "system").glob("debian-*.txt"))


def test_the_installer_is_tried_by_the_key_that_it_writes(workflow: dict[Any, Any]) -> None:
    script = (ROOT / "packaging" / "windows" / "medgui.iss").read_text(encoding="utf-8-sig")
    tried = next(step["run"] for step in steps(workflow) if "installer installs" in step.get("name", ""))
    guid = re.search(r'#define AppGuid "(\{[0-9A-F-]+\})"', script)
    assert guid is not None
    assert f"{guid[1]}_is1" in tried
    tasks = set(re.findall(r'^Name: "(\w+)"; Description', script, re.MULTILINE))
    asked = re.search(r"/TASKS=([\w,]+)", tried)
    assert asked is not None
    assert set(asked[1].split(",")) <= tasks
