"""Tables of the model card: groups without a picture, further figures, kinds of models compared."""

from collections.abc import Sequence

from PySide6.QtCore import Qt

from medgui.charts import forest
from medgui.i18n import _, format_number, format_range
from medgui.ui.pages.models.figures import Figure, Tried
from medgui.ui.theme import Role, Type
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table


def group_table(rows: Sequence[forest.Row], metric: str) -> Table:
    """List figures by group where their numbers of people are not published."""
    model = RowsModel([lambda: _("Group"), lambda: metric, lambda: _("Interval")])
    model.aligned = {1: Right, 2: Right}
    table = Table(model, lambda: _("Figures by group"))
    table.set_widths([None, 120, 140])
    shown = []
    for row in rows:
        known = row.lo is not None and row.hi is not None
        interval = format_range(format_number(row.lo, 3), format_number(row.hi, 3)) if known else ""  # type: ignore[arg-type]
        cells = (
            Cell(row.name, bold=row.whole),
            Cell(format_number(row.value, 3), bold=row.whole, align=Right),
            Cell(interval, Role.MUTED, align=Right),
        )
        shown.append(Row(cells))
    model.set_rows(shown)
    table.fit()
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return table


def figure_table(figures: Sequence[Figure]) -> Table:
    """List figures of all people with their intervals."""
    model = RowsModel([lambda: _("Figure"), lambda: _("Value"), lambda: _("Interval")])
    model.aligned = {1: Right, 2: Right}
    table = Table(model, lambda: _("Further figures"))
    table.set_widths([None, 90, 170])
    rows = [
        Row(
            (
                Cell(figure.title, tip=figure.title),
                Cell(figure.number, align=Right),
                Cell(figure.note, Role.MUTED, align=Right, tip=figure.note),
            )
        )
        for figure in figures
    ]
    model.set_rows(rows)
    return _still(table)


def tried_table(tried: Sequence[Tried]) -> Table:
    """List the kinds of models that were compared; the chosen one is bold and says so."""
    model = RowsModel([lambda: _("Kind of model"), lambda: _("Figure"), lambda: ""])
    model.aligned = {1: Right}
    table = Table(model, lambda: _("Kinds of models that were compared"))
    table.set_widths([None, 210, 100])
    rows = []
    for each in tried:
        name = f"{each.name} · {each.note}" if each.note else each.name
        cells = (
            Cell(name, bold=each.chosen, tip=name),
            Cell(each.figure, bold=each.chosen, align=Right, tip=each.figure),
            Cell(_("chosen") if each.chosen else "", Role.MUTED, type_=Type.CAPTION),
        )
        rows.append(Row(cells))
    model.set_rows(rows)
    return _still(table)


def _still(table: Table) -> Table:
    """A table that is read, not gone through: the page scrolls, and Tab passes it."""
    table.fit()
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return table
