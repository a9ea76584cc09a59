"""The settings, made from the table in `medgui.settings`; each takes effect at once and is saved."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QSpinBox, QWidget

from medgui.errors import MedguiError
from medgui.i18n import _
from medgui.settings import MOST_NAMED, Setting, Settings
from medgui.ui.pages.page import Page
from medgui.ui.pages.settings.codes_row import CodesRow
from medgui.ui.pages.settings.updates_row import UpdatesRow
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S8, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import Check, Choice, SearchChoice, beside
from medgui.ui.widgets.text import Body, Rule, Text

MEGABYTES = "\u00a0MB"
"""The unit of every setting that is a number, behind it in its field."""


class SettingsPage(Page):
    """One row a setting: title, control, one sentence."""

    key = "settings"

    def __init__(self, shell: Shell) -> None:
        self._settings: Settings = shell.services.settings
        reset = Button(lambda: _("Back to the defaults"), self._reset)
        super().__init__(shell, lambda: _("Settings"), [reset])
        self.controls: dict[str, QWidget] = {}
        self._filling = False
        body = Body()
        body.column.setContentsMargins(S24, S16, S24, S24)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S24)
        self._grid.setVerticalSpacing(S16 - 4)
        body.column.addLayout(self._grid)
        body.column.addStretch(1)
        self.column.addWidget(body, 1)
        self._rows: list[tuple[Text, QWidget, Text, Rule]] = []
        for setting in Settings.table():
            if setting.visible:
                self._add(setting)
        self.codes = CodesRow(shell)
        self._rows.append(self._codes_row())
        self.updates = UpdatesRow(shell)
        self._rows.append(self._updates_row())
        self._rows.append(self._about_row())
        self._settings.listeners.append(self._changed)
        self.destroyed.connect(self._forget)
        theme.changed.connect(self.relayout)
        self.retranslate()
        self.relayout()
        for note in self._settings.notes:
            shell.messages.tell(Mark.CAUTION, note)

    def _add(self, setting: Setting[Any]) -> None:
        title = Text(lambda: _(setting.title), Type.ROW_TITLE)
        control = self._control(setting)
        control.setAccessibleDescription(_(setting.summary))
        title.setBuddy(control)
        self.controls[setting.name] = control
        words = Text(lambda: _(setting.summary), Type.BODY, Role.MUTED, wrap=True)
        self._rows.append((title, control, words, Rule(Role.GRID)))

    def _codes_row(self) -> tuple[Text, QWidget, Text, Rule]:
        summary = lambda: _(  # noqa: E731 - said again in another language
            "What the own codes of your laboratories mean. Kept on this computer; an export holds no patient."
        )
        title = Text(lambda: _("Codes of laboratories"), Type.ROW_TITLE)
        return title, self.codes, Text(summary, Type.BODY, Role.MUTED, wrap=True), Rule(Role.GRID)

    def _updates_row(self) -> tuple[Text, QWidget, Text, Rule]:
        summary = lambda: _(  # noqa: E731 - said again in another language
            "Signed updates of models or program, from a USB stick. What was there before is kept to go back to."
        )
        title = Text(lambda: _("Updates"), Type.ROW_TITLE)
        return title, self.updates, Text(summary, Type.BODY, Role.MUTED, wrap=True), Rule(Role.GRID)

    def _about_row(self) -> tuple[Text, QWidget, Text, Rule]:
        summary = lambda: _(  # noqa: E731 - said again in another language
            "Version, build, and every part with its licence; what a support call asks first."
        )
        self.about_button = Button(lambda: _("Show…"), lambda: self.shell.go("about"))
        title = Text(lambda: _("About medgui"), Type.ROW_TITLE)
        return (
            title,
            beside(self.about_button),
            Text(summary, Type.BODY, Role.MUTED, wrap=True),
            Rule(Role.GRID),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Count the codes again: they may have changed since."""
        super().showEvent(event)
        self.codes.refresh()
        self.updates.refresh()

    def _control(self, setting: Setting[Any]) -> QWidget:
        if setting.choices:
            return self._choice(setting)
        if isinstance(setting.default, bool):
            box = Check()
            box.setAccessibleName(_(setting.title))
            box.toggled.connect(lambda on: self._set(setting, on))
            return box
        number = _Number()
        number.setRange(int(setting.lo), int(setting.hi))
        number.setAccessibleName(_(setting.title))
        number.setKeyboardTracking(False)
        number.setSuffix(MEGABYTES)
        number.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        number.lineEdit().setTextMargins(S8, 0, 0, 0)
        number.valueChanged.connect(lambda value: self._set(setting, value))
        return number

    def _choice(self, setting: Setting[Any]) -> Choice:
        kind = SearchChoice if len(setting.choices) > MOST_NAMED else Choice
        choice = kind(lambda: _(setting.title))
        for key in setting.choices:
            choice.addItem(setting.label(key), key)
        choice.activated.connect(lambda place: self._set(setting, choice.itemData(place)))
        return choice

    def _set(self, setting: Setting[Any], value: Any) -> None:
        if self._filling:
            return
        try:
            setting.__set__(self._settings, value)
            self._settings.save()
        except MedguiError as error:
            self.shell.messages.tell(Mark.CAUTION, str(error), topic="settings")

    def _reset(self) -> None:
        self._settings.reset()
        try:
            self._settings.save()
        except MedguiError as error:
            self.shell.messages.tell(Mark.CAUTION, str(error), topic="settings")

    def _changed(self, _name: str) -> None:
        self._show()

    def _forget(self) -> None:
        if self._changed in self._settings.listeners:
            self._settings.listeners.remove(self._changed)

    def _show(self) -> None:
        """Put the values in force into the controls."""
        self._filling = True
        for setting in Settings.table():
            control = self.controls.get(setting.name)
            value = setting.__get__(self._settings, Settings)
            if isinstance(control, Choice):
                control.setCurrentIndex(control.findData(value))
            elif isinstance(control, QCheckBox):
                control.setChecked(value)
                control.setText(_("on") if value else _("off"))
            elif isinstance(control, QSpinBox):
                control.setValue(value)
        self._filling = False

    def refresh(self) -> None:
        """Nothing here belongs to a patient."""

    def retranslate(self) -> None:
        """Say the choices again."""
        self._filling = True
        for setting in Settings.table():
            control = self.controls.get(setting.name)
            if control is None:
                continue
            control.setAccessibleName(_(setting.title))
            control.setAccessibleDescription(_(setting.summary))
            if isinstance(control, Choice):
                for place, key in enumerate(setting.choices):
                    control.setItemText(place, setting.label(key))
        self._filling = False
        self._show()

    def relayout(self) -> None:
        """Put title, control and sentence in one row, or under each other in a narrow window."""
        super().relayout()
        narrow = self.shell.layout.width < Width.MEDIUM
        row = 0
        for title, control, words, rule in self._rows:
            if narrow:
                self._grid.addWidget(title, row, 0)
                self._grid.addWidget(control, row, 1)
                self._grid.addWidget(words, row + 1, 0, 1, 2)
                self._grid.addWidget(rule, row + 2, 0, 1, 3)
                row += 3
            else:
                self._grid.addWidget(title, row, 0)
                self._grid.addWidget(control, row, 1)
                self._grid.addWidget(words, row, 2)
                self._grid.addWidget(rule, row + 1, 0, 1, 3)
                row += 2
        self._grid.setColumnMinimumWidth(0, theme.px(0 if narrow else 180))
        self._grid.setColumnMinimumWidth(1, theme.px(220))
        self._grid.setColumnStretch(0, 1 if narrow else 0)
        self._grid.setColumnStretch(2, 0 if narrow else 1)

    def areas(self) -> list[QWidget]:
        """The first setting."""
        return list(self.controls.values())[:1]


class _Number(QSpinBox):
    """A field for a number; the wheel scrolls the page and never changes it, as with `Choice`."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
