"""CSV and Excel tables to a Record: long (code, value, unit, time) and wide (one column a variable)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from medgui.errors import SeveralPatients, UnreadableFile, UserError
from medgui.frozen import frozen
from medgui.i18n import _, format_list, ngettext
from medgui.readers import expression
from medgui.readers.collected import Collected
from medgui.readers.limits import Limits, name_of, read_bytes
from medgui.readers.patient_file import PatientFile
from medgui.readers.sniff import Format, recognise_bytes, refusal
from medgui.readers.table_cells import is_missing
from medgui.readers.table_mapping import IGNORE, MappingProposal, propose, propose_mapping
from medgui.readers.table_person import Person, read_person
from medgui.readers.table_rows import Grid, read_csv
from medgui.readers.table_shape import best_known, shape
from medgui.readers.table_values import Reader
from medgui.record.model import Completeness, Record, Unread

__all__ = ["open_grid", "propose_mapping", "read_table"]


def open_grid(path: Path, limits: Limits) -> Grid:
    """The cells of a CSV or Excel file. `UnreadableFile` for any other kind."""
    data = read_bytes(path, limits)
    kind = recognise_bytes(data, name_of(path))
    if kind not in (Format.CSV, Format.XLSX):
        raise refusal(kind, name_of(path)) or UnreadableFile(
            _("{file} is not a table.").format(file=name_of(path))
        )
    return _grid(kind, data, name_of(path), limits)


def _grid(kind: Format, data: bytes, name: str, limits: Limits) -> Grid:
    if kind is Format.XLSX:
        from medgui.readers.xlsx import read_xlsx

        grid = read_xlsx(data, name, limits, best_known)
    else:
        grid = read_csv(data, name, expression.widened(data, limits))
    if grid.rows:
        expression.thin(grid)
        shape(grid)
    if len(grid.rows) < 2:
        sentence = _("{file} holds no table (a row of headings and values below).")
        raise UnreadableFile(sentence.format(file=name))
    return grid


@frozen
class _Group:
    """Rows of one person."""

    id: str
    label: str
    rows: tuple[int, ...]


def read_table(file: PatientFile) -> Record:
    """Read one person of a table.

    `file.mapping` holds a user's choices (`MappingProposal.to_mapping`). Raises `UnreadableFile`, `SeveralPatients`
    where the rows are of several people and none was chosen, `UserError` for one that is not in the table.
    """
    grid = _grid(Format(file.kind), file.data, file.name, file.limits)
    proposal = propose(grid)
    if file.mapping:
        proposal = proposal.with_mapping(file.mapping)
    if not any(column.target for column in proposal.columns):
        raise UnreadableFile(_("{file} has no column that medgui knows.").format(file=file.name))
    groups = _groups(grid, proposal)
    group = _choose(groups, file.patient, file.name)
    person = read_person(grid, proposal, group.rows, group.id, file.day)
    return _record(file, grid, proposal, group, person)


def _record(
    file: PatientFile, grid: Grid, proposal: MappingProposal, group: _Group, person: Person
) -> Record:
    reader = Reader(grid, proposal)
    got = reader.read(group.rows)
    got.questions = [*person.questions, *reader.questions()]
    notes = [Unread(grid.name, note) for note in grid.notes]
    notes += _unknown_columns(grid, proposal)
    whole = not got.unread and not person.unread
    got.unread = [*notes, *person.unread, *got.unread]
    return got.record(file, person.patient, _completeness(got, whole))


def _completeness(got: Collected, whole: bool) -> dict[str, Completeness]:
    """A table is complete as to the values it lists, never as to problems, drugs and allergies."""
    state = {"observations": Completeness.COMPLETE if whole else Completeness.PARTIAL}
    state = state if got.observations else {}
    lists = {"conditions": got.conditions, "medications": got.medications, "allergies": got.allergies}
    return {**state, **{section: Completeness.PARTIAL for section, found in lists.items() if found}}


def _unknown_columns(grid: Grid, proposal: MappingProposal) -> list[Unread]:
    """Columns with values that are not used, named one by one."""
    notes = []
    for column in proposal.columns:
        if column.target == IGNORE and column.samples:
            heading = column.heading or "?"
            reason = _("The column “{heading}” is not known; its values are not used.").format(
                heading=heading
            )
            notes.append(Unread(_("column {heading}").format(heading=heading), reason, grid.lines[0]))
    return notes


# Who is who


def _groups(grid: Grid, proposal: MappingProposal) -> list[_Group]:
    """Rows by person: by id, else by name and birth date, else (wide) each row, (long) all rows."""
    indices = {column.target: index for index, column in reversed(list(enumerate(proposal.columns)))}
    keys = ["patient_id"] if _filled(grid, indices, "patient_id") else []
    if not keys:
        keys = [
            key
            for key in ("full_name", "family_name", "given_name", "birth_date")
            if _filled(grid, indices, key)
        ]
    body = range(1, len(grid.rows))
    if not keys:
        if proposal.shape == "long":
            return [_Group("", "", tuple(body))]
        return [_Group(str(grid.lines[row]), _label(grid, proposal, row), (row,)) for row in body]
    found: dict[tuple[str, ...], list[int]] = {}
    for row in body:
        found.setdefault(tuple(_cell(grid, row, indices[key]) for key in keys), []).append(row)
    return [
        _Group(
            key[0] if keys == ["patient_id"] else " ".join(filter(None, key)),
            _label(grid, proposal, rows[0]),
            tuple(rows),
        )
        for key, rows in found.items()
    ]


def _filled(grid: Grid, indices: Mapping[str, int], target: str) -> bool:
    if target not in indices:
        return False
    return any(not is_missing(_cell(grid, row, indices[target])) for row in range(1, len(grid.rows)))


def _cell(grid: Grid, row: int, column: int) -> str:
    cells = grid.rows[row]
    return cells[column].strip() if column < len(cells) else ""


def _label(grid: Grid, proposal: MappingProposal, row: int) -> str:
    """A person for a list to choose from."""
    wanted = ("full_name", "given_name", "family_name", "birth_date", "age", "sex")
    cells = {column.target: _cell(grid, row, index) for index, column in enumerate(proposal.columns)}
    words = [cells[target] for target in wanted if cells.get(target)]
    return ", ".join([*words, _("line {line}").format(line=grid.lines[row])])


def _choose(groups: list[_Group], wanted: str | None, name: str) -> _Group:
    if wanted is not None:
        found = next((group for group in groups if group.id == wanted), None)
        if found is None:
            listed = format_list([group.id for group in groups[:10]])
            sentence = _("{file} holds no patient {patient}; it holds: {list}.")
            raise UserError(sentence.format(file=name, patient=wanted, list=listed))
        return found
    if len(groups) == 1:
        return groups[0]
    sentence = ngettext(
        "{file} holds {n} patient; choose one.", "{file} holds {n} patients; choose one.", len(groups)
    )
    raise SeveralPatients(
        sentence.format(file=name, n=len(groups)), [(group.id, group.label) for group in groups]
    )
