"""What every test stands on: no screen, no network, no settings of the person who runs it, English."""

import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "PYTEST_XDIST_WORKER" in os.environ:  # one thread a worker: two workers of two threads wait for each other
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
for variable in ("MEDGUI_LANG", "MEDGUI_MODELS_DIR", "LANGUAGE"):
    os.environ.pop(variable, None)

from medgui import i18n  # noqa: E402 - after the environment is set

hypothesis.settings.register_profile("medgui", deadline=None, max_examples=60, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "medgui"))


LONG = (
    "tests/workshop/test_training.py",
    "tests/e2e/test_workshop_in_the_window.py",
    "tests/models/test_uncertainty.py",
    "tests/e2e/test_no_network.py",
    "tests/e2e/test_installed_package.py",
    "tests/e2e/test_bad_output.py",
    "tests/e2e/test_bad_input.py",
    "tests/ui/test_window.py",
    "tests/workshop/test_local_version.py",
)
"""Files that take longest, which one process runs as a whole: first, so that none is left for the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first where several processes share them."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        places = {name: place for place, name in enumerate(LONG)}
        items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONG)))


def pytest_collection_finish() -> None:
    """Let no collection of garbage walk through the collected tests: with them a full one takes a second."""
    gc.collect()
    gc.freeze()


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
