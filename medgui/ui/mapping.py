"""Which column of a wide table holds what: asked in the page, remembered for every file of the same layout.

Only the order of the columns is remembered, never a heading: a table without headings could have a person's
data in its first row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCompleter, QGridLayout, QVBoxLayout, QWidget

from medgui.errors import MedguiError
from medgui.i18n import N_, _, format_list, localised
from medgui.readers.headings import LONG
from medgui.readers.table_mapping import IGNORE, PRESSURE, SURE, TARGETS, Column, MappingProposal
from medgui.record.variables import VARIABLES
from medgui.settings import Settings
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S12, S16, S24, Role, Type
from medgui.ui.visit import Opening
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import Choice
from medgui.ui.widgets.panels import PageHead
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.table import Cell, Row, RowsModel, Table
from medgui.ui.widgets.text import Filled, Rule, Text

NAMES = {
    IGNORE: N_("Not used"),
    PRESSURE: N_("Blood pressure, both values"),
    "patient_id": N_("Patient number"),
    "family_name": N_("Family name"),
    "given_name": N_("Given name"),
    "full_name": N_("Full name"),
    "birth_date": N_("Date of birth"),
    "sex": N_("Sex"),
    "hispanic": N_("Hispanic or not"),
    "race": N_("Race"),
    "time": N_("Date of the values"),
    "setting": N_("Setting of the visit"),
    "code": N_("Code of the test"),
    "test_name": N_("Name of the test"),
    "value": N_("Result"),
    "unit": N_("Unit"),
    "reference": N_("Reference range"),
    "specimen": N_("Specimen"),
    "status": N_("Status"),
    "flag": N_("Flag"),
    "code_system": N_("Code system"),
    "category": N_("Kind of entry"),
    "diagnosis": N_("Diagnoses"),
    "medication": N_("Medication"),
    "allergy": N_("Allergies"),
}


def target_words(target: str) -> str:
    """Say what a column is taken for."""
    if target in NAMES:
        return _(NAMES[target])
    variable = VARIABLES.get(target)
    return localised(variable.title) if variable is not None else target


def targets(shape: str) -> list[str]:
    """List everything a column can be: not used, identity, then all standard inputs by title."""
    fixed = [name for name in NAMES if name in TARGETS and (shape == "long" or name not in LONG)]
    inputs = [name for name in VARIABLES if name not in NAMES]
    return fixed + sorted(inputs, key=lambda name: target_words(name).casefold())


def remembered(settings: Settings, proposal: MappingProposal) -> dict[str, Any] | None:
    """Return the mapping that was settled for this layout; None where there is none that fits."""
    kept = settings.column_mappings.get(proposal.layout)
    if not isinstance(kept, Mapping) or len(kept.get("columns", ())) != len(proposal.columns):
        return None
    pairs = zip(proposal.columns, kept["columns"], strict=True)
    columns = {column.key: {"target": str(pair[0]), "unit": str(pair[1])} for column, pair in pairs}
    return {**kept, "columns": columns}


def remember(settings: Settings, proposal: MappingProposal) -> None:
    """Keep the columns of *proposal* for its layout. Raises `OutputNotWritable`."""
    kept = {
        "shape": proposal.shape,
        "columns": [[column.target, column.unit] for column in proposal.columns],
        "date_order": proposal.order.strip("?"),
        "decimal": proposal.decimal,
    }
    settings.column_mappings = {**settings.column_mappings, proposal.layout: kept}
    settings.save()


class Mapper(Filled):
    """Columns in a table; the chosen one is settled in the form above it."""

    left = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__(Role.SURFACE)
        self._shell = shell
        self._opening: Opening | None = None
        self._proposal: MappingProposal | None = None
        self.open_button = Button(lambda: _("Open with these columns"), self._open, kind="primary")
        back = Button(lambda: _("Back"), self.leave)
        self.head = PageHead(lambda: _("Which column is what?"), [back, self.open_button])
        titles = [lambda: _("Column"), lambda: _("First values"), lambda: _("Taken for"), lambda: _("Unit")]
        self.table = Table(RowsModel(titles), lambda: _("Columns of the file"))
        self.table.set_widths([200, None, 220, 110])
        self.table.selectionModel().currentChanged.connect(lambda _index: self._edit())
        self.target = Choice(lambda: _("Taken for"))
        self.target.setEditable(True)
        self.target.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        self.target.activated.connect(lambda _place: self._take_target())
        self.unit = Choice(lambda: _("Unit"))
        self.unit.activated.connect(lambda _place: self._take_unit())
        self.order = Segmented(lambda: _("Order of dates"))
        self.order.chosen.connect(lambda key: self._change(order=key))
        self.decimal = Segmented(lambda: _("Decimal sign"))
        self.decimal.chosen.connect(lambda key: self._change(decimal=key))
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        inner = QVBoxLayout()
        inner.setContentsMargins(S24, S12, S24, S16)
        inner.setSpacing(S12)
        words = lambda: _(  # noqa: E731
            "Look at the columns marked with a triangle: what they hold, or their unit, is not certain. A value "
            "without a unit becomes a question. The answer is remembered for files with the same columns."
        )
        inner.addWidget(Text(words, Type.BODY, Role.MUTED, wrap=True))
        form = QGridLayout()
        form.setHorizontalSpacing(S16)
        self.chosen = Text("", bold=True)
        form.addWidget(self.chosen, 0, 0, 1, 4)
        pairs: Sequence[tuple[Text, QWidget]] = (
            (Text(lambda: _("Taken for"), Type.CAPTION, Role.MUTED), self.target),
            (Text(lambda: _("Unit"), Type.CAPTION, Role.MUTED), self.unit),
            (Text(lambda: _("Order of dates"), Type.CAPTION, Role.MUTED), self.order),
            (Text(lambda: _("Decimal sign"), Type.CAPTION, Role.MUTED), self.decimal),
        )
        for number, (label, control) in enumerate(pairs):
            form.addWidget(label, 1, number)
            form.addWidget(control, 2, number)
        form.setColumnStretch(4, 1)
        self._labels = [label for label, _control in pairs]
        inner.addLayout(form)
        inner.addWidget(Rule())
        inner.addWidget(self.table, 1)
        column.addLayout(inner, 1)

    def ask(self, opening: Opening, proposal: MappingProposal) -> None:
        """Show *proposal* and wait."""
        self._opening, self._proposal = opening, proposal
        self.target.clear()
        for target in targets(proposal.shape):
            self.target.addItem(target_words(target), target)
        completer = QCompleter(self.target.model(), self.target)
        completer.setCaseSensitivity(completer.caseSensitivity().CaseInsensitive)
        completer.setFilterMode(completer.filterMode().MatchContains)
        completer.activated.connect(lambda _text: self._take_target())
        self.target.setCompleter(completer)
        self.order.set_parts(
            [("dmy", lambda: _("day, month")), ("mdy", lambda: _("month, day"))],
            proposal.order.strip("?") or None,
        )
        self.decimal.set_parts(
            [(".", lambda: _("point")), (",", lambda: _("comma"))],
            proposal.decimal.replace("both", "") or None,
        )
        unsettled = (proposal.order == "?", proposal.decimal == "both")
        controls = (self.order, self.decimal)
        for on, label, control in zip(unsettled, self._labels[2:], controls, strict=True):
            label.setVisible(on)
            control.setVisible(on)
        self._fill(0)
        self._ready()
        self.table.setFocus()

    def leave(self) -> None:
        """Go back without opening."""
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        self.table.rows.set_rows([])
        self.chosen.set_words("")
        self._opening = self._proposal = None

    def _fill(self, current: int) -> None:
        proposal = self._proposal
        if proposal is None:
            return
        self.table.rows.set_rows([_row(column) for column in proposal.columns])
        self.table.selectRow(current)
        doubtful = sum(_doubtful(column) for column in proposal.columns)
        self.head.summary.set_words(
            lambda: _("{n} of {all} columns to settle").format(n=doubtful, all=len(proposal.columns))
        )
        self._edit()

    def _edit(self) -> None:
        """Put the chosen column into the form."""
        column = self._column()
        if column is None:
            return
        self.chosen.set_words(column.heading or _("(no heading)"))
        self.target.setCurrentIndex(self.target.findData(column.target))
        variable = VARIABLES.get(column.target)
        self.unit.clear()
        if variable is not None and variable.kind == "quantity":
            self.unit.addItem(_("not stated"), "")
            for unit in dict.fromkeys([*([column.unit] if column.unit else []), *variable.units()]):
                self.unit.addItem(unit, unit)
            self.unit.setCurrentIndex(max(0, self.unit.findData(column.unit)))
        self.unit.setEnabled(self.unit.count() > 0)

    def _column(self) -> Column | None:
        row = self.table.currentIndex().row()
        if self._proposal is None or not 0 <= row < len(self._proposal.columns):
            return None
        return self._proposal.columns[row]

    def _take_target(self) -> None:
        target = self.target.itemData(self.target.findText(self.target.currentText()))
        if isinstance(target, str):
            self._settle(target=target, unit="")

    def _take_unit(self) -> None:
        self._settle(unit=self.unit.currentData())

    def _settle(self, **changes: str) -> None:
        column, proposal = self._column(), self._proposal
        if column is None or proposal is None:
            return
        settled = replace(column, confidence=1.0, **changes)  # type: ignore[arg-type]
        row = self.table.currentIndex().row()
        columns = (*proposal.columns[:row], settled, *proposal.columns[row + 1 :])
        self._proposal = replace(proposal, columns=columns)
        self._fill(row)

    def _change(self, **changes: str) -> None:
        if self._proposal is not None:
            self._proposal = replace(self._proposal, **changes)  # type: ignore[arg-type]
            self._ready()

    def _ready(self) -> None:
        """Dates that can be read two ways, and a decimal sign in doubt, are settled before the file opens."""
        proposal = self._proposal
        settled = proposal is not None and proposal.order != "?" and proposal.decimal != "both"
        self.open_button.setEnabled(settled)

    def _open(self) -> None:
        opening, proposal = self._opening, self._proposal
        if opening is None or proposal is None:
            return
        try:
            remember(self._shell.services.settings, proposal)
        except MedguiError as error:
            self._shell.messages.tell(Mark.CAUTION, str(error), topic="settings")
        self._shell.visit.open(replace(opening, mapping=proposal.to_mapping()))


def _doubtful(column: Column) -> bool:
    return bool(column.target) and column.confidence < SURE


def _row(column: Column) -> Row:
    doubt = Mark.CAUTION if _doubtful(column) else None
    used = bool(column.target)
    return Row(
        (
            Cell(column.heading or _("(no heading)"), bold=used),
            Cell(format_list(list(column.samples)), Role.MUTED),
            Cell(target_words(column.target), Role.TEXT if used else Role.MUTED, mark=doubt),
            Cell(column.unit, Role.TEXT),
        ),
        key=column.key,
    )
