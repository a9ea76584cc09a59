"""The two lists at the right of the start page: demonstration patients, and this installation."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from medgui.i18n import _, format_list, localised, ngettext
from medgui.ui.services import DemoPatient, Installation
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S4, S8, S12, Role, Type
from medgui.ui.visit import Opening
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import Picture
from medgui.ui.widgets.text import Elided, Rule, Text, clear_layout
from medgui.ui.words import Words

AGAIN_MS = 1000


def headed(title: Words, note: Words) -> tuple[QVBoxLayout, QVBoxLayout]:
    """Make a section with a title, a muted note at its right and a line; returns it and its inner column."""
    outer = QVBoxLayout()
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, S8)
    row.addWidget(Text(title, Type.SECTION))
    row.addWidget(Elided(note, Type.CAPTION, Role.MUTED, align=Qt.AlignmentFlag.AlignRight), 1)
    outer.addLayout(row)
    outer.addWidget(Rule())
    inner = QVBoxLayout()
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(0)
    outer.addLayout(inner)
    return outer, inner


class DemoList(QWidget):
    """The demonstration patients that ship."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.buttons: list[Button] = []
        outer, self._inner = headed(
            lambda: _("Demonstration patients"), lambda: _("invented people, safe to explore")
        )
        self.setLayout(outer)
        self._fill(shell.services.demo_patients())

    def _fill(self, patients: Sequence[DemoPatient]) -> None:
        for patient in patients:
            button = Button(
                lambda: _("Open"), lambda p=patient: self._open(p), kind="quiet",
                tip=lambda p=patient: _("Open {name}").format(name=localised(p.name)),
            )  # fmt: skip
            self.buttons.append(button)
            self._inner.addWidget(_Line(patient, button))
            self._inner.addWidget(Rule())

    def _open(self, patient: DemoPatient) -> None:
        self._shell.visit.open(Opening(patient.path, demo=True))


class _Line(QWidget):
    def __init__(self, patient: DemoPatient, button: Button) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, S8, 0, S8)
        row.setSpacing(S12)
        words = QVBoxLayout()
        words.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(S8)
        name = Elided(lambda: localised(patient.name), Type.ROW_TITLE)
        name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        first.addWidget(name)
        first.addWidget(Elided(lambda: localised(patient.who), Type.BODY, Role.MUTED), 1)
        words.addLayout(first)
        words.addWidget(Elided(lambda: localised(patient.story), Type.CAPTION, Role.MUTED))
        row.addLayout(words, 1)
        row.addWidget(button)


class InstallationList(QWidget):
    """Models with valid signatures, the self-test, and what runs the models; asked for after the first paint."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        outer, self._inner = headed(lambda: _("This installation"), "")
        self.setLayout(outer)
        self._say([(Mark.INFO, lambda: _("Checking signatures and reference results"), "")])
        self._painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Check soon after the first paint, however long that took."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(150, self, self._check)

    def _check(self) -> None:
        visit = self._shell.visit
        if visit.opening is not None or visit.busy:  # a patient comes first
            QTimer.singleShot(AGAIN_MS, self, self._check)
            return
        services = self._shell.services
        job = self._shell.tasks.job(lambda _token: services.installation())
        job.on_done(self._show).on_error(self._failed).run()

    def _failed(self, error: Exception) -> None:
        self._say([(Mark.CAUTION, lambda: _("The models could not be checked"), "")])
        self._shell.tasks.unhandled(error)

    def _show(self, found: Installation) -> None:
        lines: list[tuple[Mark | None, Words, Words]] = []
        bad = len(found.refused)
        if bad:
            words: Words = lambda: ngettext(  # noqa: E731
                "{n} model refused: {names}", "{n} models refused: {names}", bad
            ).format(n=bad, names=format_list(list(found.refused)))
            lines.append((Mark.REFUSED, words, lambda: _("see Models")))
        signed = lambda: ngettext(  # noqa: E731
            "{n} model, signature valid", "{n} models, all signatures valid", found.models
        ).format(n=found.models)
        key = (lambda: _("development build")) if found.development else ""
        lines.append((None, signed, key))
        agree = lambda: _("{n} of {total} agree with reference").format(  # noqa: E731
            n=found.tested - len(found.failed), total=found.tested
        )
        mark = Mark.CAUTION if found.failed else None
        lines.append((mark, lambda: _("Self-test on this processor"), agree))
        lines.append((None, lambda: _("Models run on"), found.provider))
        self._say(lines)

    def _say(self, lines: Sequence[tuple[Mark | None, Words, Words]]) -> None:
        clear_layout(self._inner)
        for mark, words, note in lines:
            host = QWidget()
            row = QHBoxLayout(host)
            row.setContentsMargins(0, S8, 0, S8)
            row.setSpacing(S12)
            row.addWidget(Picture(mark if mark is not None else "check", 14, Role.TEXT))
            row.addWidget(Elided(words), 3)
            row.addWidget(Elided(note, Type.CAPTION, Role.MUTED, align=Qt.AlignmentFlag.AlignRight), 2)
            self._inner.addWidget(host)
            self._inner.addWidget(Rule(Role.GRID))
        self._inner.addSpacing(S4)
