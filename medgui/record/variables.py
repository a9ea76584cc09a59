"""Standard inputs: titles, codes, units, plausible values, read once from `resources/knowledge/*variables.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from medgui.frozen import frozen
from medgui.record.countries import countries
from medgui.tables import read_table

Kind = Literal["quantity", "boolean", "category"]
UnitSystem = Literal["conventional", "si"]


class DisplayUnit(NamedTuple):
    """A UCUM unit and how many decimals a value in it is shown with."""

    unit: str
    decimals: int


class UsualRange(NamedTuple):
    """What is probable for one sex ("" for both) from `age_from` (inclusive) to `age_below` years."""

    sex: str
    age_from: float
    age_below: float
    lo: float
    hi: float


@frozen
class Variable:
    """One standard input. Bounds are in `unit` (canonical UCUM; "" for a choice, "1" for yes/no).

    possible: outside is impossible. usual: outside is improbable (adults; `usual_by` for the others).
    codes: LOINC and SNOMED CT codes; usual_units: unit in which a code is usually reported, where not canonical.
    molar_mass: g/mol as an exact fraction, or 0; valence for mEq, or 0. max_age_days: None where age is no matter.
    categories: value -> {"en", "zh"}; numbers of the original data sets stand as text ("1").
    section: part of a file that has to be complete before absence means "no" (SAFETY 2).
    narrower: variables that also answer for this one. confused: units that values are mistaken in.
    everyday: reference interval of adults. seldom: outside, a value that would be everyday in another unit is doubted,
    unless a result of `signs` (variable, at least) makes it believable.
    """

    name: str
    title: Mapping[str, str]
    kind: Kind
    group: str
    unit: str
    conventional: DisplayUnit
    si: DisplayUnit
    codes: tuple[str, ...] = ()
    usual_units: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    possible: tuple[float, float] | None = None
    usual: tuple[float, float] | None = None
    usual_by: tuple[UsualRange, ...] = ()
    molar_mass: Fraction = Fraction(0)
    valence: int = 0
    max_age_days: int | None = None
    section: str = "observations"
    categories: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    narrower: tuple[str, ...] = ()
    confused: tuple[str, ...] = ()
    everyday: tuple[float, float] | None = None
    seldom: tuple[float, float] | None = None
    signs: tuple[tuple[str, float], ...] = ()

    def display(self, system: UnitSystem = "conventional") -> DisplayUnit:
        """Give the unit a doctor of that unit system reads."""
        return self.si if system == "si" else self.conventional

    def units(self) -> tuple[str, ...]:
        """Give all units in which a file may hold this, canonical first, then SI, then the confused ones."""
        return tuple(dict.fromkeys((self.unit, self.conventional.unit, self.si.unit, *self.confused)))

    def numbers(self) -> dict[str, float]:
        """Give the number that stands for each choice: texts that are numbers as themselves, others by their place."""
        return {
            text: float(text) if text.isdigit() else float(place)
            for place, text in enumerate(self.categories)
        }

    def usual_range(self, sex: str | None, age: float | None) -> tuple[float, float] | None:
        """Give the probable range for this person; the adults' where sex or age is not known."""
        years = 40.0 if age is None else age
        for band in self.usual_by:
            if band.age_from <= years < band.age_below and band.sex in ("", sex):
                return band.lo, band.hi
        return self.usual


class _Lazy(Mapping[str, Variable]):
    """All variables by standard name, read from the table at the first use."""

    def __getitem__(self, name: str) -> Variable:
        return _load().variables[name]

    def get(self, name: str, default: Any = None) -> Any:
        return _load().variables.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(_load().variables)

    def __len__(self) -> int:
        return len(_load().variables)

    def __contains__(self, name: object) -> bool:
        return name in _load().variables


VARIABLES: Mapping[str, Variable] = _Lazy()
"""Every standard input by its name (`systolic_bp`); reads `variables.toml` at the first use."""


class _Tables(NamedTuple):
    variables: Mapping[str, Variable]
    by_code: Mapping[str, Variable]


def by_code(code: str, system: str = "") -> Variable | None:
    """Find the variable of a LOINC or SNOMED CT code; specimen and property are in the code.

    *system* is a FHIR system URI, an HL7 v2 name ("LN", "SCT") or "" where a file gives none. A code of
    another system never matches.
    """
    kind = code_system(system)
    if kind == "other" or (kind and kind != ("loinc" if "-" in code else "snomed")):
        return None
    return _load().by_code.get(code.strip())


@lru_cache(maxsize=256)
def code_system(system: str) -> str:
    """Name a code system: "loinc", "snomed", "icd10", "icd9", "rxnorm", "atc", "other", or "" for none given."""
    low = system.strip().lower()
    if not low:
        return ""
    if low.startswith(
        "urn:local:"
    ):  # codes that a laboratory or hospital made itself, whatever it calls them
        return "other"
    exact = low.removeprefix("urn:oid:")
    for name, (names, parts) in _SYSTEMS.items():
        if exact in names or any(part in low for part in parts):
            return name
    return "other"


_SYSTEMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "other": ((), ("-pcs", "10pcs")),
    "loinc": (("ln", "lnc", "2.16.840.1.113883.6.1"), ("loinc",)),
    "snomed": (("sct", "2.16.840.1.113883.6.96"), ("snomed",)),
    "icd10": (
        ("i10", "i10c", "10", "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.3", "2.16.156.10011.2.3.3.11"),
        ("icd-10", "icd10", "gb/t 14396", "gb/t14396", "疾病分类"),
    ),
    "icd9": (("i9", "i9c", "i9cdx", "2.16.840.1.113883.6.103"), ("icd-9", "icd9")),
    "rxnorm": (("rxn", "2.16.840.1.113883.6.88"), ("rxnorm",)),
    "atc": (("atc", "2.16.840.1.113883.6.73"), ("whocc", "/atc")),
}
"""Names and OIDs as they are, and parts of a name or address. The codes of procedures (PCS) are no diseases."""


def by_alias(header: str) -> Variable | None:
    """Find the variable of a column header or short name, English or Chinese; blanks and case do not matter."""
    return _aliases().get(fold(header))


@cache
def _aliases() -> dict[str, Variable]:
    """Every name, folded. What a clinic's model calls its inputs never takes a name from a standard one."""
    return {**_names_of(_declared), **_names_of(_shipped().variables)}


def _names_of(variables: Mapping[str, Variable]) -> dict[str, Variable]:
    found = {fold(title): v for v in variables.values() for title in v.title.values()}
    found.update({fold(alias): v for v in variables.values() for alias in v.aliases})
    for name, variable in variables.items():
        found.setdefault(fold(name), variable)
    return found


_BETWEEN = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Bring a name to the form in which names are compared: letters and digits only, lower case."""
    return _BETWEEN.sub("", text.replace("%", "percent")).lower()


_declared: dict[str, Variable] = {}
_listeners: list[Callable[[], None]] = []


def when_declared(forget: Callable[[], None]) -> None:
    """Have *forget* called whenever new inputs are known: for what a reader remembers of headings."""
    _listeners.append(forget)


def declare(variables: Iterable[Variable]) -> None:
    """Make inputs known that a clinic's own model brings; a name of the table, or one that is taken, stays as it is."""
    standard = _shipped().variables
    new = {each.name: each for each in variables if each.name not in standard}
    if any(_declared.get(name) != each for name, each in new.items()):
        _declared.update(new)
        _load.cache_clear()
        _aliases.cache_clear()
        for forget in _listeners:
            forget()


def is_standard(name: str) -> bool:
    """Whether an input is of the table that the program ships, and not brought by a clinic's own model."""
    return name in _shipped().variables


@cache
def _load() -> _Tables:
    shipped = _shipped()
    if not _declared:
        return shipped
    found = {**shipped.variables, **_declared}
    codes = {code: variable for variable in _declared.values() for code in variable.codes}
    return _Tables(MappingProxyType(found), {**codes, **shipped.by_code})


_FURTHER = ("score_variables.toml", "bedside_variables.toml", "laboratory_variables.toml")


@cache
def _shipped() -> _Tables:
    table = _table("variables.toml")
    table["choices"]["country"] = {code: (names["en"], names["zh"]) for code, names in countries().items()}
    found: dict[str, Variable] = {}
    for more in (
        table,
        _table("score_variables.toml"),
        _table("bedside_variables.toml"),
        _table("laboratory_variables.toml"),
    ):
        table["choices"].update(more["choices"])
        for group, rows in more.items():
            for cells in _rows(rows) if isinstance(rows, str) else ():
                variable = _row(group, cells, table)
                found[variable.name] = variable
    codes = {code: variable for variable in found.values() for code in variable.codes}
    return _Tables(MappingProxyType(found), codes)


def _table(name: str) -> dict[str, Any]:
    return read_table(f"knowledge/{name}")


def _rows(block: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in block.splitlines() if line.strip()]


def _row(group: str, cells: list[str], table: dict[str, Any]) -> Variable:
    group = group.removesuffix("_more")
    if group in ("yes_no", "choice"):
        return _stated(group, cells, table)
    name, english, chinese, units, possible, usual, codes, aliases, age = cells[:9]
    conventional, *others = [_display(part) for part in units.split(";")]
    molar = cells[9].split() if len(cells) > 9 else []
    return Variable(
        name=name,
        title={"en": english, "zh": chinese},
        kind="quantity",
        group=group,
        unit=conventional.unit,
        conventional=conventional,
        si=others[0] if others else conventional,
        codes=_codes(codes),
        usual_units=_usual_units(codes),
        aliases=_list(aliases),
        possible=_range(possible),
        usual=_range(usual),
        usual_by=tuple(UsualRange(*row) for row in table["usual"].get(name, ())),
        molar_mass=_fraction(molar[0]) if molar else Fraction(0),
        valence=int(molar[1].removeprefix("z=")) if len(molar) > 1 else 0,
        max_age_days=int(age) if age else None,
        narrower=tuple(table["narrower"].get(name, ())),
        confused=tuple(table["confused"].get(name, ())),
        everyday=_pair(table["everyday"].get(name)),
        seldom=_pair(table["seldom"].get(name)),
        signs=tuple((other, float(least)) for other, least in table["signs"].get(name, ())),
    )


def _stated(group: str, cells: list[str], table: dict[str, Any]) -> Variable:
    name, english, chinese, codes, aliases, section, age = [*cells, ""][:7]
    choices = table["choices"].get(name, {})
    shown = DisplayUnit("1" if group == "yes_no" else "", 0)
    return Variable(
        name=name,
        title={"en": english, "zh": chinese},
        kind="boolean" if group == "yes_no" else "category",
        group="history",
        unit=shown.unit,
        conventional=shown,
        si=shown,
        codes=_codes(codes),
        aliases=_list(aliases),
        max_age_days=int(age) if age else None,
        section=section,
        categories={value: {"en": words[0], "zh": words[1]} for value, words in choices.items()},
    )


def _display(text: str) -> DisplayUnit:
    unit, _, decimals = text.strip().rpartition(" ")
    return DisplayUnit(unit, int(decimals))


def _range(text: str) -> tuple[float, float]:
    lo, _, hi = text[1:].partition("-")
    return float(text[0] + lo), float(hi)


def _pair(limits: list[float] | None) -> tuple[float, float] | None:
    return (float(limits[0]), float(limits[1])) if limits else None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part.partition("@")[0] for part in text.split())


def _usual_units(text: str) -> dict[str, str]:
    return {code: unit for code, _, unit in (part.partition("@") for part in text.split()) if unit}


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _fraction(text: str) -> Fraction:
    top, _, bottom = text.partition("/")
    return Fraction(top) / Fraction(bottom or 1)
