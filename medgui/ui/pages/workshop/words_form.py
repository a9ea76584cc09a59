"""What only a person knows of a model: the words and facts that its card asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from medgui.errors import UserError
from medgui.i18n import N_, _, language
from medgui.ui.pages.workshop import texts
from medgui.ui.theme import S4, S8, S16, S24, S32, Role, Type, theme
from medgui.ui.widgets.field import Choice, beside
from medgui.ui.widgets.text import Body, Rule, Text

if TYPE_CHECKING:
    from medgui.workshop.choices import Words as CardWords

EFFORTS = {"full": N_("Thorough (minutes)"), "quick": N_("Quick (to try things out)")}
LABELS = 190


class WordsForm(Body):
    """`changed` tells that something was typed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        from medgui.workshop.choices import OPTIONAL, REQUIRED

        self.fields: dict[str, dict[str, QLineEdit]] = {}
        host = QWidget()
        self._grid = QGridLayout(host)
        self._grid.setContentsMargins(S24, S16, S24, S32)
        self._grid.setHorizontalSpacing(S16)
        self._grid.setVerticalSpacing(S4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        intro = lambda: _(  # noqa: E731
            "A table does not say these things, and a card without them is not signed. One language is enough."
        )
        self._row(Text(intro, role=Role.MUTED, wrap=True))
        self._section(lambda: _("Needed"), first=True)
        for key, said in REQUIRED.items():
            self._field(key, said)
        self._section(lambda: _("Facts"))
        self._facts()
        self._section(lambda: _("May be left empty"))
        for key, said in OPTIONAL.items():
            self._field(key, said)
        theme.changed.connect(self._dress)
        self._dress()
        self.column.addWidget(host)
        self.column.addStretch(1)

    def _row(self, widget: QWidget) -> None:
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 3)

    def _section(self, words: Any, *, first: bool = False) -> None:
        if not first:
            self._row(Rule())
        self._row(Text(words, Type.SECTION))
        if first:
            row = self._grid.rowCount()
            for place, name in enumerate(("English", "中文"), start=1):
                self._grid.addWidget(Text(name, Type.CAPTION, Role.MUTED), row, place)

    def _field(self, key: str, said: str) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(Text(texts.field_title(key), wrap=True), row, 0)
        pair = {}
        for place, lang in enumerate(("en", "zh"), start=1):
            edit = QLineEdit()
            edit.setProperty("alone", True)
            edit.textEdited.connect(lambda _text: self.changed.emit())
            self._grid.addWidget(edit, row, place)
            pair[lang] = edit
        self.fields[key] = pair
        self._grid.addWidget(Text(lambda: _(said), Type.CAPTION, Role.MUTED, wrap=True), row + 1, 1, 1, 2)

    def _facts(self) -> None:
        self.years, self.ages = (_short(), _short()), (_short(), _short())
        self.horizon, self.thresholds = _short(), _short(160)
        self.chosen = Choice(lambda: _("How people came into the table"))
        self.effort = Choice(lambda: _("Search"))
        self.effort.activated.connect(lambda _at: self.changed.emit())
        self.chosen.activated.connect(lambda _at: self.changed.emit())
        rows: tuple[tuple[Callable[[], str], tuple[QWidget, ...]], ...] = (
            (lambda: _("Years of the care"), self.years),
            (lambda: _("Ages that it is for"), self.ages),
            (lambda: _("Years ahead (0: now)"), (self.horizon,)),
            (lambda: _("How people came in"), (self.chosen,)),
            (lambda: _("Probabilities at which somebody acts (%)"), (self.thresholds,)),
            (lambda: _("Search"), (self.effort,)),
        )
        for words, controls in rows:
            row = self._grid.rowCount()
            self._grid.addWidget(Text(words, wrap=True), row, 0)
            self._grid.addWidget(beside(*controls, spacing=S8), row, 1, 1, 2)
            for control in controls:
                control.setAccessibleName(words())
                if isinstance(control, QLineEdit):
                    control.textEdited.connect(lambda _text: self.changed.emit())
        self.say_again()

    def say_again(self) -> None:
        """Say the choices in the language in force."""
        where = self.chosen.currentIndex(), self.effort.currentIndex()
        self.chosen.clear()
        self.chosen.addItem(_("As they came, whatever their outcome"), False)
        self.chosen.addItem(_("Chosen by their outcome (case-control)"), True)
        self.effort.clear()
        for key, words in EFFORTS.items():
            self.effort.addItem(_(words), key)
        self.chosen.setCurrentIndex(max(0, where[0]))
        self.effort.setCurrentIndex(max(0, where[1]))
        for key, pair in self.fields.items():
            for lang, edit in pair.items():
                edit.setAccessibleName(f"{_(texts.FIELDS[key])} ({lang})")

    def _dress(self) -> None:
        self._grid.setColumnMinimumWidth(0, theme.px(LABELS))

    def first_missing(self) -> QWidget:
        """The first needed field that nobody filled, else the first one."""
        from medgui.workshop.choices import REQUIRED

        lang = "zh" if language() == "zh" else "en"
        empty = [key for key in REQUIRED if not any(e.text().strip() for e in self.fields[key].values())]
        return self.fields[empty[0] if empty else "title"][lang]

    def words(self) -> CardWords:
        """What was typed. Raises `UserError` where a fact is no number."""
        from medgui.workshop.choices import words_of

        data: dict[str, Any] = {}
        for key, pair in self.fields.items():
            data[key] = pair["en"].text()
            data[f"{key}_zh"] = pair["zh"].text()
        for key, edits in (("years", self.years), ("age", self.ages)):
            if any(edit.text().strip() for edit in edits):
                data[key] = [_number(edit) for edit in edits]
        data["horizon"] = _number(self.horizon) if self.horizon.text().strip() else 0
        data["case_control"] = self.chosen.currentData()
        parts = self.thresholds.text().replace("，", ",").replace("、", ",").replace("%", "").split(",")
        data["thresholds"] = [_value(part) / 100 for part in parts if part.strip()]
        return words_of(data, _("The card"))


def _short(width: int = 72) -> QLineEdit:
    edit = QLineEdit()
    edit.setProperty("alone", True)
    edit.setFixedWidth(theme.px(width))
    return edit


def _number(edit: QLineEdit) -> int | float:
    value = _value(edit.text())
    return int(value) if value == int(value) else value


def _value(text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise UserError(_("“{text}” is no number.").format(text=text.strip())) from None
