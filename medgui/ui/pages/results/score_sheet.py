"""One score as a sheet: items as the record has them, fields for the rest, the total while they are answered.

Nothing is answered in advance and nothing enters the record before the button is pressed.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment.finding import Finding
from medgui.i18n import _, localised, ngettext
from medgui.record.model import Answer
from medgui.record.resolve import resolve
from medgui.ui.pages.results import texts
from medgui.ui.pages.results.score_item import Asked, ScoreItem, of_input, of_value
from medgui.ui.pages.results.what_if import Value
from medgui.ui.shell import Shell
from medgui.ui.theme import S4, S8, S12, S16, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chip import Chip
from medgui.ui.widgets.sheet import Sheet
from medgui.ui.widgets.text import Filled, Rule, Text, clear_layout

if TYPE_CHECKING:
    from medgui.inference.manifest import Manifest

Drafts = dict[str, dict[str, Value]]
"""Answers given in sheets that were closed without keeping them, by model."""


class ScoreSheet(Sheet):
    """*draft* holds what was answered so far; *keep* gets the answers when the button is pressed."""

    def __init__(
        self,
        window: QWidget,
        shell: Shell,
        manifest: "Manifest",
        draft: dict[str, Value],
        keep: Callable[[str, Sequence[Answer]], object],
        back: QWidget | None,
    ) -> None:
        self._host = Filled(Role.RAISED)
        super().__init__(window, localised(manifest.title), self._host, back)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._shell, self._manifest, self._draft, self._keep = shell, manifest, draft, keep
        self._record = shell.visit.record
        self.finding: Finding | None = None
        self.items: dict[str, ScoreItem] = {}
        self.total = Text("", Type.HEAD)
        self.unit = Text("", Type.CAPTION, Role.MUTED)
        self.reason = Text("", Type.CAPTION, Role.MUTED, wrap=True)
        self._chip = QHBoxLayout()
        self.column.insertWidget(2, self._top())
        self._grid = QGridLayout(self._host)
        self._grid.setContentsMargins(0, S8, S12, S8)
        self._grid.setHorizontalSpacing(S16)
        self._grid.setVerticalSpacing(S8)
        self._grid.setColumnStretch(0, 1)
        self.column.addWidget(Rule())
        self.column.addWidget(self._foot())
        shell.visit.leaving.connect(self.leave)
        self._ask()

    def _top(self) -> QWidget:
        """The total, its category, what is missing; then what has to stand beside it."""
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(0, S4, S12, S4)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(S12)
        row.addWidget(self.total)
        row.addWidget(self.unit)
        row.addLayout(self._chip)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.reason)
        summary = localised(self._manifest.summary)
        column.addWidget(Text(summary, Type.CAPTION, Role.MUTED, wrap=True))
        if self._manifest.notice:
            column.addWidget(Text(localised(self._manifest.notice), Type.CAPTION, Role.MUTED, wrap=True))
        return host

    def _foot(self) -> QWidget:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, S8, S12, 0)
        row.setSpacing(S8)
        self.keep_button = Button(lambda: _("Add to the results"), self.keep, kind="primary")
        self.again_button = Button(lambda: _("Start again"), self.start_again)
        self.note = Text(self._note, Type.CAPTION, Role.MUTED, wrap=True)
        row.addWidget(self.keep_button)
        row.addWidget(self.again_button)
        row.addWidget(self.note, 1)
        return host

    def _note(self) -> str:
        count = len(self._draft)
        if not count:
            return _("What the record has is shown with its place; the rest is not answered.")
        sentence = ngettext(
            "{n} answer; it enters the record with the button.",
            "{n} answers; they enter the record with the button.",
            count,
        )
        return sentence.format(n=count)

    # The total

    def _ask(self) -> None:
        """Run the model on the record with the answers so far; an older run is dropped."""
        record, changes = self._record, dict(self._draft)
        if record is None:
            return
        model, services = self._manifest.id, self._shell.services
        job = self._shell.tasks.job(lambda _token: services.what_if(record, model, changes))
        job.while_true(lambda: self._alive() and self._draft == changes).on_done(self._show).run()

    def _alive(self) -> bool:
        from shiboken6 import isValid

        return isValid(self) and self._record is not None and self._shell.visit.record is self._record

    def _show(self, finding: Finding) -> None:
        self.finding = finding
        output = texts.first_output(finding)
        figure, unit = texts.number(finding, output)
        self.total.set_words(figure or texts.no_number(finding, output))
        under = texts.under_number(finding, output)
        which = output.short_title if output is not None and len(finding.outputs) > 1 else ""
        self.unit.set_words("  •  ".join(part for part in (f"{unit} {under}".strip(), which) if part))
        clear_layout(self._chip)
        shown = texts.chip(finding, output)
        if shown:
            self._chip.addWidget(Chip(*shown))
        self.reason.set_words(finding.reason)
        self.note.set_words(self._note)
        if not self.items:
            self._build(finding)
        points = {}
        if finding.explanations and output is not None and output.is_points:
            points = {c.input: c.value for c in finding.explanations[0].contributions}
        for name, item in self.items.items():
            item.show_points(points.get(name))
        self.setAccessibleDescription(f"{self.total.text()} {finding.reason}")

    # The items

    def _build(self, finding: Finding) -> None:
        units = self._shell.visit.units
        for number, asked in enumerate([*self._meant_for(), *(of_input(used) for used in finding.inputs)]):
            if asked.name in self._draft:
                asked = asked.answered(self._draft[asked.name])
            item = ScoreItem(asked, units, self._answered)
            self._grid.addWidget(item.label, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(item.control, number, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(item.points, number, 2, Qt.AlignmentFlag.AlignVCenter)
            self.items[asked.name] = item
        self._grid.setRowStretch(len(self.items), 1)
        self._order_stops()

    def _order_stops(self) -> None:
        """Let Tab go from item to item and then to the buttons; begin with the first item that waits."""
        stops = [stop for item in self.items.values() for stop in item.stops]
        order = [self.close_button, *stops, self.keep_button, self.again_button]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        waiting = [item.stops[0] for item in self.items.values() if item.waits and item.stops]
        here = self.focusWidget()
        if here is None or here in (self.close_button, self.again_button):
            first = (waiting or stops or [self.keep_button])[0]
            QTimer.singleShot(0, first, first.setFocus)  # once the items are shown

    def _meant_for(self) -> list[Asked]:
        """The facts that call for the score and are no items of it."""
        record = self._record
        if record is None:
            return []
        own = {spec.name for spec in self._manifest.inputs}
        names = [name for rule in self._manifest.indications for name in rule.any if name not in own]
        return [of_value(resolve(record, name, as_of=record.as_of)) for name in dict.fromkeys(names)]

    def _answered(self, name: str, value: Value) -> None:
        """Take an answer; None takes it back."""
        if value is None:
            self._draft.pop(name, None)
        else:
            self._draft[name] = value
        self._ask()

    def start_again(self) -> None:
        """Forget the answers of this sheet."""
        self._draft.clear()
        self.items.clear()
        clear_layout(self._grid)
        self._ask()

    def keep(self) -> None:
        """Let the answers enter the record, and the score stand among the results."""
        record = self._record
        if record is None:
            return
        units = {spec.name: spec.unit for spec in self._manifest.inputs}
        made = [Answer(name, value, units.get(name, ""), record.as_of) for name, value in self._draft.items()]
        self._draft.clear()
        self.leave()
        self._keep(self._manifest.id, made)

    def appear(self) -> None:
        """Show the sheet in the middle; the first item that waits has the focus once it is there."""
        window = self.parentWidget()
        width = min(theme.px(820), window.width() - 32)
        height = min(theme.px(760), window.height() - 32)
        self.resize(width, height)
        self.move(QPoint((window.width() - width) // 2, (window.height() - height) // 2))
        super().appear()
