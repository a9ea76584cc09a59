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
from medgui.ui.widgets.field import Choice, beside, restyle
from medgui.ui.widgets.text import Body, Rule, Text
from medgui.ui.words import Words

if TYPE_CHECKING:
    from medgui.workshop.choices import Words as CardWords

EFFORTS = {"full": N_("Thorough (minutes)"), "quick": N_("Quick (to try things out)")}
LANGUAGES = {"en": "English", "zh": "中文"}
LABELS = 190


class WordsForm(Body):
    """`changed` tells that something was typed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        from medgui.workshop.choices import OPTIONAL, REQUIRED

        self.fields: dict[str, dict[str, QLineEdit]] = {}
        self._narrow = False
        self._lines: list[tuple[QWidget | None, tuple[QWidget, ...], QWidget | None]] = []
        host = QWidget()
        self._grid = QGridLayout(host)
        self._grid.setContentsMargins(S24, S16, S24, S32)
        self._grid.setHorizontalSpacing(S16)
        self._grid.setVerticalSpacing(S4)
        intro = lambda: _(  # noqa: E731
            "A table does not say these things, and a card without them is not signed. One language is enough."
        )
        self._lines.append((None, (Text(intro, role=Role.MUTED, wrap=True),), None))
        self._section(lambda: _("Needed"), first=True)
        for key, said in REQUIRED.items():
            self._field(key, said)
        self._section(lambda: _("Facts"))
        self._facts()
        self._section(lambda: _("May be left empty"))
        for key, said in OPTIONAL.items():
            self._field(key, said)
        theme.changed.connect(self._arrange)
        self._arrange()
        self.column.addWidget(host)
        self.column.addStretch(1)

    def set_narrow(self, narrow: bool) -> None:
        """Put title, English and Chinese under one another instead of beside."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._arrange()

    def _section(self, words: Words, *, first: bool = False) -> None:
        if not first:
            self._lines.append((None, (Rule(),), None))
        self._lines.append((None, (Text(words, Type.SECTION),), None))
        if first:
            self._languages = tuple(Text(name, Type.CAPTION, Role.MUTED) for name in LANGUAGES.values())
            self._lines.append((None, self._languages, None))

    def _field(self, key: str, said: str) -> None:
        pair = {}
        for lang in LANGUAGES:
            edit = QLineEdit()
            edit.setProperty("alone", True)
            edit.textEdited.connect(lambda _text: self._typed(key))
            pair[lang] = edit
        self.fields[key] = pair
        note = Text(lambda: _(said), Type.CAPTION, Role.MUTED, wrap=True)
        self._lines.append((Text(texts.field_title(key), wrap=True), tuple(pair.values()), note))

    def _arrange(self) -> None:
        """Lay the lines out for the width; the widgets, what is typed and the focus order stay."""
        grid = self._grid
        while grid.count():
            grid.takeAt(0)
        for column, stretch in enumerate((1, 0, 0) if self._narrow else (0, 1, 1)):
            grid.setColumnStretch(column, stretch)
        grid.setColumnMinimumWidth(0, 0 if self._narrow else theme.px(LABELS))
        row = 0
        for title, controls, note in self._lines:
            row = self._arrange_line(row, title, controls, note)
        for words in self._languages:
            words.setVisible(not self._narrow)
        for pair in self.fields.values():
            for lang, edit in pair.items():
                edit.setPlaceholderText(LANGUAGES[lang] if self._narrow else "")

    def _arrange_line(
        self, row: int, title: QWidget | None, controls: tuple[QWidget, ...], note: QWidget | None
    ) -> int:
        grid, first, span = self._grid, 0 if self._narrow else 1, 1 if self._narrow else 2
        if title is not None:
            grid.addWidget(title, row, 0)
            row += self._narrow
        for place, control in enumerate(controls):
            if self._narrow:
                grid.addWidget(control, row, 0)
                row += 1
            elif len(controls) == 1 and title is None:
                grid.addWidget(control, row, 0, 1, 3)
            else:
                grid.addWidget(control, row, 1 + place, 1, 1 if len(controls) > 1 else span)
        row += not self._narrow
        if note is not None:
            grid.addWidget(note, row, first, 1, span)
            row += 1
        return row

    def _typed(self, key: str) -> None:
        for edit in self.fields[key].values():
            restyle(edit, "state", "")
        self.changed.emit()

    def missing(self) -> list[str]:
        """The needed fields that nobody filled."""
        from medgui.workshop.choices import REQUIRED

        return [key for key in REQUIRED if not any(e.text().strip() for e in self.fields[key].values())]

    def mark_missing(self) -> None:
        """Draw the edge of a question around the needed fields that nobody filled."""
        lang = _first_language()
        for key in self.missing():
            restyle(self.fields[key][lang], "state", "questioned")

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
            self._lines.append((Text(words, wrap=True), (beside(*controls, spacing=S8),), None))
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

    def first_missing(self) -> QWidget:
        """The first needed field that nobody filled, else the first one."""
        empty = self.missing()
        return self.fields[empty[0] if empty else "title"][_first_language()]

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


def _first_language() -> str:
    return "zh" if language() == "zh" else "en"


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
