"""The window on services without engines: quick, and free to misbehave as a test needs."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from medgui.assessment.finding import Assessment, Finding
from medgui.code_map_file import CodeMapFile
from medgui.record.model import Record
from medgui.settings import Settings
from medgui.ui.services import DemoPatient, Installation, Picture, Services
from medgui.ui.theme import theme
from medgui.ui.window import MainWindow
from tests.helpers import findings


@dataclass
class Fake:
    """What the services answer; a test replaces a part before it opens a file."""

    record: Callable[..., Record] = field(
        default=lambda path, **_: replace(findings.record(), file=str(path))
    )
    assess: Callable[..., Assessment] | None = None
    proposal: Any = None
    demos: Sequence[DemoPatient] = ()
    installed: Installation = field(default_factory=lambda: Installation(2, (), True, "CPU", 2, ()))
    opened: list[Path | list[Path]] = field(default_factory=list)

    def open_record(self, path: Path | list[Path], **options: Any) -> Record:
        self.opened.append(path)
        return self.record(path, **options)

    def run(self, record: Record, **options: Any) -> Assessment:
        if self.assess is not None:
            return self.assess(record, **options)
        shown = replace(findings.assessment(), record_key=record.key)
        return replace(shown, findings=tuple(replace(f, record_key=record.key) for f in shown.findings))


@pytest.fixture(autouse=True, scope="module")
def _leave_out_what_stays() -> None:
    """Take what earlier modules left (thirteen thousand tests, caches) out of what each collection walks through."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _collect_here() -> Iterator[None]:
    """Destroy what a test leaves behind on this thread, where Qt objects belong."""
    yield
    gc.collect()


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture
def services(fake: Fake, settings: Settings) -> Services:
    def no_pdf(*_: Any) -> bytes:
        return b""

    def catalogue() -> Any:
        from medgui.inference.catalogue import Catalogue

        return Catalogue()

    def what_if(*_: Any) -> Finding:
        return findings.assessment().findings[0]

    return Services(
        settings=settings,
        open_record=fake.open_record,
        propose_mapping=lambda _path: fake.proposal,
        assess=fake.run,
        what_if=what_if,
        catalogue=catalogue,
        installation=lambda: fake.installed,
        demo_patients=lambda: fake.demos,
        render_pdf=no_pdf,
        write_pdf=lambda *_: None,
        export_record=lambda *_: None,
        preview=lambda *_: Picture(b"", 0, 0, 0, 0),
        codes=CodeMapFile.load,
    )


@pytest.fixture
def window(qtbot: QtBot, services: Services) -> Iterator[MainWindow]:
    theme.apply("light", 100)
    made = MainWindow(services)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.shell.visit.close()
    made.shell.tasks.close(wait=True)


@pytest.fixture
def open_patient(qtbot: QtBot, window: MainWindow) -> Callable[[], MainWindow]:
    """Open the invented patient and wait for the findings."""

    def open_it() -> MainWindow:
        window.open_path(Path("visit.json"))
        qtbot.waitUntil(lambda: window.shell.visit.assessment is not None, timeout=20_000)
        return window

    return open_it
