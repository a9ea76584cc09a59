"""One item of a score's sheet: what it is called and where its value stands, a control to answer, its points."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medgui.assessment import shown, words
from medgui.assessment.features import FIXED
from medgui.assessment.finding import InputUsed
from medgui.assessment.points import ROUNDING, places, where_found
from medgui.frozen import frozen
from medgui.i18n import _, format_number
from medgui.record.model import Origin, Source
from medgui.record.value import Value as Resolved
from medgui.record.variables import VARIABLES, UnitSystem
from medgui.ui.pages.results.what_if import REST_MS, Value
from medgui.ui.theme import Role, Type, theme
from medgui.ui.widgets.field import Choice, FieldState, UnitEdit
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.text import Text

Answered = Callable[[str, Value], object]
SEGMENTS = 3
"""So many answers stand side by side; more are a list."""


@frozen
class Asked:
    """An item as the sheet knows it: `value` None is not answered; `where` says where a value stands."""

    name: str
    title: str
    value: float | str | None
    unit: str
    where: str
    fixed: bool = False

    def answered(self, value: Value) -> "Asked":
        """The item with an answer of this sheet."""
        return replace(self, value=value, where=_("answered here"))


def of_input(used: InputUsed) -> Asked:
    """The item of an input of the score."""
    fixed = used.name in FIXED and used.value is not None
    return Asked(used.name, used.title, used.value, used.unit, where_found(used), fixed)


def of_value(value: Resolved) -> Asked:
    """The item of a fact that calls for the score and is no input of it."""
    used = InputUsed(
        value.name, words.title(value.name), value.value, value.unit, value.origin, value.source, value.time
    )
    if value.value is None:
        used = replace(used, reason=_("Not stated in the file."), origin=Origin.FILE, source=Source(""))
    return of_input(used)


class ScoreItem:
    """The widgets of one item, for a grid."""

    def __init__(self, asked: Asked, system: UnitSystem, answered: Answered) -> None:
        self.asked = asked
        self._system, self._tell = system, answered
        self.label = QWidget()
        column = QVBoxLayout(self.label)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Text(asked.title, wrap=True))
        self.where = Text(asked.where, Type.CAPTION, Role.MUTED, wrap=True)
        column.addWidget(self.where)
        self.points = Text("", bold=True)
        self.points.setMinimumWidth(theme.px(36))
        self.control = self._control()
        self.control.setAccessibleName(asked.title)

    @property
    def waits(self) -> bool:
        """Whether it has no answer yet."""
        return self.asked.value is None

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops; none for what cannot be answered here."""
        if self.asked.fixed:
            return []
        return self.segments.buttons if isinstance(self.control, Segmented) else [self.control]

    def show_points(self, points: float | None) -> None:
        """Show what the item adds; nothing while the score is not complete, and for an item that adds nothing."""
        if points is None or abs(points) <= ROUNDING:
            self.points.set_words("")
        else:
            self.points.set_words(format_number(points, places(points), signed=True))

    def _control(self) -> QWidget:
        asked = self.asked
        if asked.fixed:
            return Text(str(shown.shown(asked.name, asked.value, asked.unit, self._system)), bold=True)
        answers = shown.choices(asked.name)
        if not answers:
            return self._number()
        if len(answers) <= SEGMENTS:
            return self._segments(answers)
        return self._list(answers)

    def _current(self) -> str:
        """The key of the present answer, "" for none."""
        value = self.asked.value
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return ("yes" if value else "no") if self._is_yes_no else f"{value:g}"

    @property
    def _is_yes_no(self) -> bool:
        variable = VARIABLES.get(self.asked.name)
        return variable is not None and variable.kind == "boolean"

    def _segments(self, answers: list[tuple[str, str]]) -> QWidget:
        made = Segmented(self.asked.title)
        made.set_parts(answers, self._current() or None)
        made.chosen.connect(self._chosen)
        self.segments = made
        return made

    def _list(self, answers: list[tuple[str, str]]) -> QWidget:
        box = Choice(self.asked.title)
        box.setMaximumWidth(theme.px(300))
        box.addItem(_("choose"), "")
        for key, text in answers:
            box.addItem(text, key)
        box.setCurrentIndex(max(0, box.findData(self._current())))
        box.activated.connect(lambda _n: self._chosen(str(box.currentData())))
        return box

    def _number(self) -> QWidget:
        edit = UnitEdit()
        edit.set_unit(shown.unit_text(self.asked.name, self.asked.unit, self._system))
        edit.setFixedWidth(theme.px(170))
        missing = self.asked.value is None
        if not missing:
            edit.setText(shown.shown(self.asked.name, self.asked.value, self.asked.unit, self._system).text)
        edit.set_state(FieldState.MISSING if missing else FieldState.FILE)
        edit.setPlaceholderText(_("not measured"))
        rest = QTimer(edit)
        rest.setSingleShot(True)
        rest.setInterval(REST_MS)
        rest.timeout.connect(self._typed)
        edit.textEdited.connect(lambda _text: rest.start())
        self.edit = edit
        return edit

    def _typed(self) -> None:
        text = self.edit.text().strip()
        if not text:
            self.edit.set_state(FieldState.MISSING)
            self._told(None, self.asked.where)
            return
        try:
            value = shown.typed(self.asked.name, text, self.asked.unit, self._system)
        except ValueError:
            self.edit.set_state(FieldState.QUESTIONED)
            self._told(None, _("A number is needed here."))
            return
        self.edit.set_state(FieldState.CHANGED)
        self._told(value, _("answered here"))

    def _chosen(self, key: str) -> None:
        if not key:
            self._told(None, self.asked.where)
            return
        self._told(shown.YES_NO[key] if self._is_yes_no else key, _("answered here"))

    def _told(self, value: Value, where: str) -> None:
        self.where.set_words(where)
        self._tell(self.asked.name, value)
