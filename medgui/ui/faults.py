"""Three kinds of error, three kinds of words: something to do, damaged data, and a fault of our own."""

import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from medgui import __version__, replaced
from medgui.errors import Cancelled, DamagedData, UserError
from medgui.i18n import _
from medgui.paths import user_data_dir
from medgui.ui.messages import Action
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.visit import Opening

log = logging.getLogger(__name__)
KEPT = 20
LOOK_MS = 3000
"""How often the window looks whether its program was replaced: one `stat`."""


def describe(error: BaseException) -> str:
    """Describe a fault without patient text: its kind and the places in our code, never its message."""
    lines = [f"medgui {__version__}, Python {sys.version.split()[0]}, {sys.platform}", type(error).__name__]
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        short = "/".join(path.parts[path.parts.index("medgui") :]) if "medgui" in path.parts else path.name
        lines.append(f"  {short}:{frame.lineno} {frame.name}")
    if error.__cause__ is not None:
        lines += ["caused by", describe(error.__cause__)]
    return "\n".join(lines)


def keep(error: BaseException) -> str:
    """Write the description to the user's folder and return its short number; the oldest notes go."""
    moment = datetime.now(UTC)
    text = describe(error)
    number = f"{abs(hash((text, moment.isoformat()))) % 0xFFFF:04X}"
    folder = user_data_dir() / "faults"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{moment:%Y%m%dT%H%M%SZ}-{number}.txt"
        (folder / name).write_text(f"{moment.isoformat()}\n{text}\n", encoding="utf-8")
        for old in sorted(folder.glob("*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as problem:
        log.warning("a fault could not be written down: %s", problem.strerror)
    log.error("fault %s: %s", number, type(error).__name__)
    return number


class Faults(QObject):
    """Shows errors in the message bar; none of them closes the window or touches the visit."""

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self._shell = shell
        shell.tasks.unhandled = lambda error: self.show(None, error)
        self._before = sys.excepthook
        sys.excepthook = self._hook
        self.destroyed.connect(self.release)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)
        self._look.start()

    def look(self) -> None:
        """Say once that the program was replaced on the disk."""
        if replaced.replaced():
            self._look.stop()
            self._replaced()

    def _replaced(self) -> None:
        self._shell.messages.tell(Mark.REFUSED, replaced.sentence, topic="replaced")

    def release(self) -> None:
        """Put the earlier hook back."""
        sys.excepthook = self._before

    def show(self, opening: Opening | None, error: Exception) -> None:
        """Tell *error* in words that fit its kind."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, replaced.ProgramReplaced):
            self._replaced()
            return
        messages = self._shell.messages
        sentence = str(error)
        if isinstance(error, UserError):
            again = Action(lambda: _("Open another file"), self._shell.open_asked.emit)
            messages.tell(Mark.CAUTION, sentence, again if opening is not None else None, topic="error")
        elif isinstance(error, DamagedData):
            messages.tell(Mark.REFUSED, sentence, topic="damaged")
        else:
            self._fault(error)

    def _fault(self, error: BaseException) -> None:
        number = keep(error)
        details = describe(error)
        if os.environ.get("MEDGUI_DEBUG") == "1":
            traceback.print_exception(error)

        def words() -> str:
            sentence = _(
                "medgui made a mistake of its own and stopped this step. Nothing else is touched. Noted as {number}."
            )
            return sentence.format(number=number)

        copy = Action(
            lambda: _("Copy details without patient text"),
            lambda: QGuiApplication.clipboard().setText(details),
        )
        self._shell.messages.tell(Mark.FAILED, words, copy, topic="fault")

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._before(kind, error, trace)
            return
        if isinstance(error, replaced.ProgramReplaced):
            self._replaced()
            return
        self._fault(error.with_traceback(trace))
