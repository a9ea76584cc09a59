"""What a packaged program starts sees the variables of the user's session, and the program keeps its own."""

import os
import subprocess
import sys

import pytest

from medgui import surroundings


def seen() -> dict[str, str]:
    script = "import os, json; print(json.dumps(dict(os.environ)))"
    import json

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    return dict(json.loads(told))


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "_PYI_ARCHIVE_FILE": "/usr/lib/medgui/medgui",
        "LD_LIBRARY_PATH": "/usr/lib/medgui/_internal",
        "QT_PLUGIN_PATH": "/usr/lib/medgui/_internal/PySide6/Qt/plugins",
        "QT_PLUGIN_PATH_ORIG": "/opt/plugins",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)


@pytest.mark.usefixtures("packaged")
def test_another_program_is_not_told_to_load_our_libraries() -> None:
    before = dict(os.environ)
    with surroundings.of_the_user():
        told = seen()
    assert "LD_LIBRARY_PATH" not in told
    assert told["QT_PLUGIN_PATH"] == "/opt/plugins"
    assert not [name for name in told if name.startswith("_PYI_") or name.endswith("_ORIG")]
    assert dict(os.environ) == before


@pytest.mark.usefixtures("packaged")
def test_the_variables_come_back_after_a_fault() -> None:
    before = dict(os.environ)
    with pytest.raises(ValueError), surroundings.of_the_user():
        raise ValueError
    assert dict(os.environ) == before


def test_a_run_from_source_passes_on_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("_PYI_ARCHIVE_FILE", raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    with surroundings.of_the_user():
        assert seen()["LD_LIBRARY_PATH"] == "/opt/lib"
