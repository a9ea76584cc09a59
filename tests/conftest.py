"""What every test stands on: no screen, no network, no settings of the person who runs it, English."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for variable in ("MEDGUI_LANG", "MEDGUI_MODELS_DIR", "LANGUAGE"):
    os.environ.pop(variable, None)

from medgui import i18n  # noqa: E402 - after the environment is set

hypothesis.settings.register_profile("medgui", deadline=None, max_examples=60, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "medgui"))


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings and data of each test in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MEDGUI_HOME", str(home))
    monkeypatch.setenv("MEDGUI_SYSTEM_DIR", str(home / "system"))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Start each test in English and leave no other language behind."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects anywhere but to a local socket (architecture, safety rule 8)."""
    connect = socket.socket.connect

    def only_local(self: socket.socket, address: object) -> None:
        if self.family != getattr(socket, "AF_UNIX", None):
            pytest.fail(f"a socket was opened to {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", only_local)


@pytest.fixture
def repository() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parent.parent
