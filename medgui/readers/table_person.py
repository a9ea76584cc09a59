"""Identity of a person in a table: name, birth date, sex, ethnicity. What is ambiguous becomes a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from medgui.i18n import _, format_date
from medgui.readers.answers import from_text
from medgui.readers.limits import shortened
from medgui.readers.table_cells import is_missing
from medgui.readers.table_mapping import MappingProposal
from medgui.readers.table_rows import Grid
from medgui.record.model import Identifier, Patient, Question, Source, Suggestion, Unread
from medgui.record.variables import VARIABLES, fold


@dataclass(slots=True)
class Person:
    """Identity with what was not settled."""

    patient: Patient
    questions: list[Question] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def read_person(
    grid: Grid, proposal: MappingProposal, rows: tuple[int, ...], key: str, as_of: date
) -> Person:
    """Identity from the rows of one person; cells that contradict each other are not used."""
    person = Person(Patient(id=key))
    cells = {target: _agreed(grid, proposal, rows, target, person) for target in _TARGETS}
    born = cells["birth_date"]
    birth_date = _birth_date(grid, proposal, born, person, as_of) if born else ""
    sex = _sex(grid, cells["sex"], person)
    number = cells["patient_id"]
    family, _comma, given = (part.strip() for part in _text(cells["full_name"]).partition(","))
    person.patient = Patient(
        id=key,
        family=shortened(_text(cells["family_name"]) or family),
        given=shortened(_text(cells["given_name"]) or given),
        birth_date=birth_date,
        sex="female" if sex == "female" else "male" if sex == "male" else None,
        administrative_gender=_text(cells["sex"]),
        sex_source="table column" if sex else "",
        identifiers=(Identifier("", number[0]),) if number else (),
        ethnicity=_ethnicity(_text(cells["race"]) or _text(cells["ethnicity"]), _text(cells["hispanic"])),
        source=Source(grid.name, _("line {line}").format(line=grid.lines[rows[0]]), "", grid.lines[rows[0]]),
    )
    return person


_TARGETS = (
    "patient_id",
    "family_name",
    "given_name",
    "full_name",
    "birth_date",
    "sex",
    "race",
    "ethnicity",
    "hispanic",
)
_Cell = tuple[str, int, int] | None


def _text(cell: _Cell) -> str:
    return cell[0] if cell else ""


def _agreed(
    grid: Grid, proposal: MappingProposal, rows: tuple[int, ...], target: str, person: Person
) -> _Cell:
    """The one value of a target in these rows with its place, or None where there is none or several."""
    found: dict[str, tuple[str, int, int]] = {}
    for index, column in enumerate(proposal.columns):
        if column.target != target:
            continue
        for cell, row in grid.texts(index, rows).items():
            text = cell.strip()
            if not is_missing(text):
                found.setdefault(fold(text) or text, (text, row, index))
    if len(found) <= 1:
        return next(iter(found.values()), None)
    _value, row, index = list(found.values())[1]
    reason = _("Rows of one person state different values ({values}); none is used.")
    values = ", ".join(cell[0] for cell in found.values())
    person.unread.append(Unread(grid.place(row, index), reason.format(values=values[:80]), grid.lines[row]))
    return None


def _birth_date(
    grid: Grid, proposal: MappingProposal, cell: tuple[str, int, int], person: Person, as_of: date
) -> str:
    """The ISO date; "" with a question where it can be read two ways, "" with a note where it is none."""
    text, row, column = cell
    found = grid.day(row, column, proposal.order.strip("?"), as_of)
    line = grid.lines[row]
    if found is None:
        reason = _("“{text}” is not a date.").format(text=text[:40])
        person.unread.append(Unread(grid.place(row, column), reason, line))
        return ""
    if found.readings:
        source = Source(grid.name, grid.place(row, column), text, line)
        person.questions.append(_which_date(found.readings, source, as_of))
        return ""
    return found.iso[:10]


def _which_date(readings: tuple[str, ...], source: Source, as_of: date) -> Question:
    """A birth date that can be read two ways: each reading with the age that follows from it."""
    days = [date.fromisoformat(text[:10]) for text in readings]
    ages = [as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day)) for born in days]
    labels = [
        _("{date} (age {age})").format(date=format_date(born), age=age)
        for born, age in zip(days, ages, strict=True)
    ]
    return Question(
        id="birth_date_ambiguous",
        code="birth_date_ambiguous",
        message=_("Birth date {first} or {second}? The file states {text}.").format(
            first=format_date(days[0]), second=format_date(days[1]), text=source.text
        ),
        variable="age",
        suggestions=tuple(
            Suggestion(label, float(age), "a") for label, age in zip(labels, ages, strict=True)
        ),
        source=source,
    )


def _sex(grid: Grid, cell: _Cell, person: Person) -> str:
    if cell is None:
        return ""
    text, row, column = cell
    found = from_text(VARIABLES["sex"], text)
    if isinstance(found, str):
        return found
    reason = _("The sex “{text}” is not known; a number is never taken for a sex.").format(text=text[:20])
    person.unread.append(Unread(grid.place(row, column), reason, grid.lines[row]))
    return ""


def _ethnicity(text: str, hispanic: str) -> str:
    """The standard text; race alone says nothing of being Hispanic and gives ""."""
    for stated in (hispanic, text):
        if fold(stated) in ("hispanic", "hispanicorlatino", "hispaniclatino", "latino"):
            return "Hispanic"
    whole = from_text(VARIABLES["ethnicity"], text)
    if isinstance(whole, str):
        return whole if whole != "Other" or not hispanic else ""
    if fold(hispanic) not in (
        "nothispanicorlatino",
        "nothispanic",
        "nonhispanic",
        "nonhispanicorlatino",
        "nothispaniclatino",
    ):
        return ""
    races = {
        "white": "NH White",
        "black": "NH Black",
        "blackorafricanamerican": "NH Black",
        "asian": "NH Asian",
    }
    return races.get(fold(text), "")
