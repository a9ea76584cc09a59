"""A whole visit in the real window, watched from inside: `python -m tests.helpers.visit FILE REPORT.pdf [SECONDS]`.

Opens the file, reads every explanation, asks what if, enters a value and takes it back, changes language and units,
goes through all pages, saves the report and a setting, meets a fault, closes and opens the patient again, and stays
open for SECONDS. Prints one line of JSON: what Python's audit hooks saw of the network and of other programs, window
titles, findings.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medgui.ui.window import MainWindow

LIMIT_S = 240
seen: list[str] = []
titles: set[str] = set()

_NETWORK = (
    "socket.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "imaplib.",
    "poplib.",
    "telnetlib.",
    "webbrowser.",
)
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile")


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Note every socket that is not local, and every program that is started."""
    if event in _PROGRAMS:
        seen.append(f"{event} {arguments[:1]!r}")
    elif event == "socket.__new__":
        family = arguments[1]
        if family not in (1, -1):  # AF_UNIX, or to be found from a handle
            seen.append(f"{event} family {family}")
    elif event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        if not isinstance(arguments[1], str | bytes | None):
            seen.append(f"{event} {arguments[1]!r}")
    elif event.startswith(_NETWORK) and event not in ("socket.gethostname",):
        seen.append(event)


def internet_sockets() -> list[str]:
    """Sockets of this process that the kernel lists under an internet family (Linux; elsewhere nothing)."""
    own = set()
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        return []
    for handle in handles.iterdir():
        try:
            own.add(str(handle.readlink()))
        except OSError:
            continue
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        path = Path("/proc/self/net") / table
        lines = path.read_text().splitlines()[1:] if path.exists() else []
        found += [f"{table} {line.split()[1]}" for line in lines if f"socket:[{line.split()[9]}]" in own]
    return found


class Driver:
    """Does what a doctor does, and waits for what a doctor waits for."""

    def __init__(self, window: MainWindow) -> None:
        from PySide6.QtWidgets import QApplication

        self.window = window
        self.visit = window.shell.visit
        self._events = QApplication.processEvents

    def wait(self, for_what: str, condition: Callable[[], object]) -> None:
        end = time.monotonic() + LIMIT_S
        while not condition():
            self._events()
            titles.add(self.window.windowTitle())
            if time.monotonic() > end:
                sys.exit(f"waited in vain for {for_what}")
        self._events()

    def settled(self) -> bool:
        found = self.visit.assessment
        return found is not None and found.complete and not self.visit.busy and self.visit.opening is None

    def open(self, path: Path) -> int:
        self.window.open_path(path)
        self.wait("results", self.settled)
        assert self.visit.assessment is not None
        return len(self.visit.assessment.findings)

    def read_results(self) -> None:
        from medgui.ui.pages.results.page import ResultsPage

        self.window.go("results")
        page = self.window.findChild(ResultsPage)
        assert page is not None
        for model in list(page.rows):
            page.toggle(model, keep_others=True)
            self._events()
        what_if = page.details["prevent"].what_if
        assert what_if is not None
        what_if.set("systolic_bp", 125.0)
        what_if.set("current_smoker", 1.0)
        self.wait("what-if", lambda: what_if.result is not None)

    def answer_and_take_back(self) -> None:
        from medgui.record.model import Answer

        assert self.visit.record is not None
        day = self.visit.record.as_of
        self.visit.answer(Answer("systolic_bp", 131.0, "mm[Hg]", day))
        self.wait("results of an answer", self.settled)
        self.visit.undo()
        self.wait("results after undo", self.settled)

    def other_words(self) -> None:
        assert self.visit.record is not None
        for _twice in range(2):
            before = self.visit.record.generation
            self.window.switch_language()
            self.wait(
                "the other language", lambda n=before: self.visit.record.generation > n and self.settled()
            )
        self.visit.switch_units()

    def pages(self, report: Path) -> None:
        for key in self.window.specs:
            self.window.go(key)
            for _turn in range(5):
                self._events()
        self.window.go("report")
        page: Any = self.window.current
        self.wait("the preview", lambda: page.sheets and all(s._image is not None for s in page.sheets[:1]))
        page.save_to(report)
        self.wait("the report", report.exists)
        self.window.go("settings")
        settings: Any = self.window.current
        control = settings.controls["theme"]
        control.setCurrentIndex(control.findData("dark"))
        control.activated.emit(control.currentIndex())

    def meet_a_fault(self, words: str) -> None:
        def fail(_token: object) -> None:
            raise LookupError(words)

        self.window.shell.tasks.job(fail).run()
        self.wait("the fault", lambda: any(m.topic == "fault" for m in self.window.shell.messages.shown))


def main() -> None:
    """Do the visit that the command line names."""
    sys.addaudithook(watch)
    from medgui import app
    from medgui.settings import Settings

    path, report = Path(sys.argv[1]), Path(sys.argv[2])
    settings = Settings.load()
    application = app.make_application(settings)
    from medgui.ui.window import MainWindow

    window = MainWindow(app.make_services(settings))
    window.show()
    driver = Driver(window)
    findings = driver.open(path)
    driver.read_results()
    driver.answer_and_take_back()
    driver.other_words()
    driver.pages(report)
    patient = window.shell.visit.record.patient  # type: ignore[union-attr]
    driver.meet_a_fault(f"{patient.family} {patient.given} {patient.birth_date}")
    window.shell.visit.close()
    driver.open(path)
    end = time.monotonic() + float(sys.argv[3] if len(sys.argv) > 3 else 0)
    driver.wait("the end of the visit", lambda: time.sleep(0.05) or time.monotonic() > end)
    sockets = internet_sockets()
    window.close()
    application.processEvents()
    told = {"seen": seen, "sockets": sockets, "titles": sorted(titles), "findings": findings}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
