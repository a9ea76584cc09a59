"""Looking at a clinic's table before training: the role of each column, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medgui.errors import UserError
from medgui.evaluation.leakage import people_of, site_confounding, telling_columns
from medgui.frozen import frozen
from medgui.i18n import _, format_count, format_number, format_percent, ngettext
from medgui.record.variables import is_standard
from medgui.workshop.columns import Column, Note, Role, propose, yes_no_codes
from medgui.workshop.table import Table, read_table
from medgui.workshop.table import number_of as _number

FloatArray = NDArray[np.float64]

LEAST_ROWS, LEAST_EVENTS = 50, 10
LEAK, TELLING = 0.995, 0.95
"""AUROC of one column alone from which it counts as the outcome itself, and from which it is worth a look."""
OFTEN_MISSING = 0.4


@frozen
class Plan:
    """A table with the proposed role of each column. outcomes: each value of the label and how often it stands there.

    positive: the value that seems to be the event, "" where it does not tell. repeated: rows of people with several.
    """

    table: Table
    columns: tuple[Column, ...]
    notes: tuple[Note, ...]
    label: str
    outcomes: tuple[tuple[str, int], ...]
    positive: str
    repeated: int = 0

    def column(self, name: str) -> Column:
        """A column by its heading."""
        return next(column for column in self.columns if column.name == name)


def inspect_table(
    source: Path | Table,
    label: str = "",
    *,
    positive: str = "",
    roles: Sequence[tuple[str, Role]] = (),
) -> Plan:
    """Look at a table. label: its outcome column, by default the last one; roles: what a person has settled.

    Raises `UnreadableFile`, and `UserError` for a column that the table does not have. What is wrong with the
    outcome or a column is a note that blocks.
    """
    table = source if isinstance(source, Table) else read_table(source)
    label = label or next((n for n in reversed(table.names) if n not in table.unnamed), table.names[-1])
    for name in (label, *(name for name, _role in roles)):
        if name not in table.names:
            raise UserError(_("The table has no column “{name}”.").format(name=name))
    columns: list[Column] = []
    notes = [Note("encoding", "", table.note)] if table.note else []
    settled = dict(roles)
    for name in table.names:
        column, found = propose(table, name, label)
        columns.append(replace(column, role=settled[name]) if name in settled and name != label else column)
        notes += [note for note in found if not _is_settled(note, columns[-1])]
    columns = _distinct_inputs(columns)
    texts, place = table.texts(label)
    counts = [(text, int((place == at).sum())) for at, text in enumerate(texts)]
    positive = positive or _positive(table, label, texts)
    notes += _outcome_notes(table, label, counts, positive)
    plan = Plan(table, tuple(columns), (), label, tuple(counts), positive)
    if positive in texts and len(texts) > 1:
        notes += _telling(plan)
    repeated, said = _repeated(plan)
    return replace(plan, notes=(*notes, *_gaps(plan), *said), repeated=repeated)


def _is_settled(note: Note, column: Column) -> bool:
    return note.blocks and column.role == "leave_out"


def _distinct_inputs(columns: list[Column]) -> list[Column]:
    """No two inputs of one name, and no own input with a standard name: such a "glucose" is "own_glucose"."""
    seen: set[str] = set()
    found = []
    for column in columns:
        if column.role == "input":
            first = column.input
            if is_standard(first) and (not column.standard or first in seen):
                first = f"own_{first}"
            name, number = first, 2
            while name in seen:
                name, number = f"{first}_{number}", number + 1
            seen.add(name)
            own = {"input": name, "standard": False} if name != column.input else {}
            column = replace(column, **own)  # type: ignore[arg-type]
        found.append(column)
    return found


def _positive(table: Table, label: str, texts: Sequence[str]) -> str:
    """The event among two values: yes, or 1 beside 0. Of 1 and 2 either may be the event, as questionnaires code it."""
    if len(texts) != 2:
        return ""
    words = yes_no_codes(texts)
    if words is not None:
        return next(text for text, code in words.items() if code == 1.0)
    values, strange = table.numbers(label)
    known = values[~np.isnan(values)]
    if strange or set(known.tolist()) != {0.0, 1.0}:
        return ""
    return next(text for text in texts if _number(text, table.comma) == 1.0)


def _outcome_notes(table: Table, label: str, counts: list[tuple[str, int]], positive: str) -> list[Note]:
    known = sum(count for _text, count in counts)
    if known < LEAST_ROWS:
        sentence = _("{n} rows with an outcome are too few: at least {least} are needed.")
        message = sentence.format(n=format_count(known), least=LEAST_ROWS)
        return [Note("few_rows", label, message, blocks=True)]
    if len(counts) < 2:
        sentence = _("The outcome “{label}” is “{value}” in every row: there is nothing to learn.")
        return [Note("one_class", label, sentence.format(label=label, value=counts[0][0]), blocks=True)]
    found = dict(counts)
    if positive not in found:
        shown = ", ".join(f"“{text}”" for text, _count in counts[:4]) + (", …" if len(counts) > 4 else "")
        sentence = _("The outcome “{label}” has {n} values ({shown}): say which one is the event.")
        message = sentence.format(label=label, n=format_count(len(counts)), shown=shown)
        return [Note("no_event", label, message, blocks=True)]
    if min(found[positive], known - found[positive]) < LEAST_EVENTS:
        sentence = _(
            "{events} people with the event and {others} without are too few: at least {least} of each are needed."
        )
        message = sentence.format(
            events=format_count(found[positive]),
            others=format_count(known - found[positive]),
            least=LEAST_EVENTS,
        )
        return [Note("few_events", label, message, blocks=True)]
    notes = []
    if len(counts) > 2:
        sentence = _("All values of “{label}” but “{positive}” count as no event.")
        notes.append(Note("others_joined", label, sentence.format(label=label, positive=positive)))
    if known < table.rows:
        left = table.rows - known
        sentence = ngettext(
            "{n} row has no outcome and is left out.", "{n} rows have no outcome and are left out.", left
        )
        notes.append(Note("no_outcome", label, sentence.format(n=format_count(left))))
    return notes


def _telling(plan: Plan) -> list[Note]:
    """Columns that alone tell the outcome, and sites that do."""
    y, known = outcome(plan.table, plan.label, plan.positive)
    notes = []
    inputs = [column for column in plan.columns if column.role == "input"]
    if inputs:
        x = np.column_stack([coded(plan.table, column) for column in inputs])[known]
        for found in telling_columns(x, y[known], [column.name for column in inputs], TELLING):
            area = format_number(found.auroc.value, 3)
            if found.auroc.value >= LEAK:
                sentence = _(
                    "Column “{name}” alone tells the outcome (AUROC {area}): it may be recorded "
                    "after it, or be the outcome itself; leave it out, or say that it is known beforehand."
                )
                message = sentence.format(name=found.name, area=area)
                notes.append(Note("leak", found.name, message, blocks=True))
            else:
                sentence = _(
                    "Column “{name}” alone nearly tells the outcome (AUROC {area}): make sure that "
                    "it is known before it."
                )
                notes.append(Note("telling", found.name, sentence.format(name=found.name, area=area)))
    for column in plan.columns:
        if column.role == "group" and column.kind == "category":
            texts, place = plan.table.texts(column.name)
            rows = known & (place >= 0)
            if rows.any() and site_confounding([texts[at] for at in place[rows]], y[rows]).confounded:
                sentence = _(
                    "The groups of “{name}” differ much in the outcome: the model may learn the "
                    "group instead of the disease."
                )
                notes.append(Note("site", column.name, sentence.format(name=column.name)))
    return notes


def _gaps(plan: Plan) -> list[Note]:
    notes = []
    for column in plan.columns:
        share = 1 - column.known / max(plan.table.rows, 1)
        if column.role == "input" and share > OFTEN_MISSING:
            sentence = _("Column “{name}” is missing in {share} of the rows.")
            message = sentence.format(name=column.name, share=format_percent(share, 0))
            notes.append(Note("often_missing", column.name, message))
    return notes


def _repeated(plan: Plan) -> tuple[int, list[Note]]:
    people = np.asarray(people_numbers(plan.table, plan.columns))
    if not len(people):
        return 0, []
    counts = np.bincount(people)
    repeated = int(counts[counts > 1].sum())
    if not repeated:
        return 0, []
    by_id = any(column.role == "id" for column in plan.columns)
    if by_id:
        sentence = _(
            "{n} rows belong to people who stand in the table more than once, by their number or with equal "
            "values: they are kept together in the cross-validation."
        )
    else:
        sentence = _(
            "{n} rows are equal to another one: they are taken for one person and kept "
            "together in the cross-validation."
        )
    return repeated, [Note("repeated", "", sentence.format(n=format_count(repeated)))]


def outcome(table: Table, label: str, positive: str) -> tuple[FloatArray, NDArray[np.bool_]]:
    """The outcome [N], 1 for the event, and where it is known [N]."""
    texts, place = table.texts(label)
    at = texts.index(positive) if positive in texts else -2
    return (place == at).astype(np.float64), place >= 0


def coded(table: Table, column: Column) -> FloatArray:
    """A column as the numbers that a model takes [N], NaN where missing; float32 values, as the program feeds them."""
    if column.codes:
        texts, place = table.texts(column.name)
        codes = np.array([column.codes.get(text, np.nan) for text in texts] + [np.nan])
        return np.asarray(codes[place])
    values, _strange = table.numbers(column.name)
    return values.astype(np.float32).astype(np.float64)


def people_numbers(table: Table, columns: Sequence[Column]) -> list[int]:
    """A number for the person of each row: rows of one id, and rows that are equal in many fine values, are one's."""
    rows = _by_id(table, columns)
    fine = [c for c in columns if c.role == "input" and c.kind == "number" and c.distinct >= 10]
    if len(fine) < 3:
        return rows
    inputs = [coded(table, column) for column in columns if column.role == "input"]
    return _joined(rows, people_of(np.column_stack(inputs)))


def _by_id(table: Table, columns: Sequence[Column]) -> list[int]:
    """The number of each row's person by the id column; without one, or where it is empty, each row is another's."""
    ids = [column for column in columns if column.role == "id"]
    if not ids:
        return list(range(table.rows))
    texts, place = table.texts(ids[0].name)
    alone = len(texts) + np.arange(len(place))
    return [int(at) for at in np.where(place >= 0, place, alone)]


def _joined(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Rows that are together in either division, directly or through others."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = parent.setdefault(above, above)
            node = parent[node]
        return node

    for left, right in zip(one, other, strict=True):
        parent[root((1, right))] = root((0, left))
    return [root((0, left))[1] for left in one]
