"""What a row of a long table says of its one value: what was measured, whether it is final, what is normal."""

from __future__ import annotations

import re
from typing import NamedTuple

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.systems import LOINC, OWN_VARIABLE, hl7_system
from medgui.readers.table_cells import FINAL, PRELIMINARY, figure
from medgui.readers.table_clinical import CONDITION, entry_kind
from medgui.readers.table_mapping import heading_target, names_pressure
from medgui.readers.vocabulary import canonical, variable_of
from medgui.record.model import Coding
from medgui.record.variables import VARIABLES, code_system

_PANELS = frozenset({"85354-9", "55284-4"})
"""LOINC codes of a pressure as a pair."""
_LOINC_CODE = re.compile(r"\d{1,5}-\d")
_DASHES = str.maketrans("～~–—", "----")


@frozen
class Analyte:
    """What was measured: the name that is shown (the code where there is none), its codes, its standard input.

    pair: systolic and diastolic pressure together. kind: a problem, drug or allergy, "" for a result; kind_if_empty:
    the same of a row that has no value.
    """

    name: str
    variable: str
    codings: tuple[Coding, ...] = ()
    system: str = ""
    specimen: str = ""
    pair: bool = False
    kind: str = ""
    kind_if_empty: str = ""

    @property
    def code(self) -> str:
        """The code, or ""."""
        return self.codings[0].code if self.codings else ""


def analyte(category: str, code: str, system: str, name: str, specimen: str) -> Analyte:
    """Tell what a row is about by its category, code, code system, name and specimen as written."""
    codings = (Coding(code, hl7_system(system), name),) if code else ()
    variable = _variable(codings, name, specimen)
    kind = entry_kind(category, codings)
    snomed = any(code_system(coding.system) == "snomed" for coding in codings)
    return Analyte(
        name=name or code,
        variable=variable,
        codings=codings,
        system=_system(codings, variable),
        specimen=specimen,
        pair=names_pressure(name) or code in _PANELS,
        kind=kind,
        kind_if_empty=kind or (CONDITION if snomed and not variable_of(codings) else ""),
    )


def _system(codings: tuple[Coding, ...], variable: str) -> str:
    if not codings:
        return ""
    return codings[0].system or (LOINC if variable and "-" in codings[0].code else "")


def _variable(codings: tuple[Coding, ...], name: str, specimen: str) -> str:
    variable = variable_of(codings, specimen)
    if variable or (codings and codings[0].code in VARIABLES):
        return variable or codings[0].code
    if any(_LOINC_CODE.fullmatch(each.code) for each in codings):
        return ""  # another specimen or method: the code says more than the name
    named = VARIABLES.get(heading_target(name, "wide")) if name else None
    return variable_of((Coding(named.name, OWN_VARIABLE),), specimen) if named else ""


class Status(NamedTuple):
    """The status of a result, and why it is not used ("" where it is)."""

    status: str = "final"
    doubt: str = ""


FINAL_RESULT = Status()
"""A table without any status lists what was found."""


def result_status(text: str) -> Status:
    """The status that a row states in words."""
    low = text.lower()
    if not low or low in FINAL:
        return FINAL_RESULT
    if low in PRELIMINARY:
        return Status(low, _("The result is preliminary."))
    return Status(low, _("The file does not say that the result is final."))


Range = tuple[float | None, float | None]


def reference_range(text: str, unit: str, variable: str, decimal: str) -> Range | None:
    """The file's normal range such as "3.5-5.1" or "<200"; None where it is written in another way."""
    low, dash, high = text.translate(_DASHES).partition("-")
    ends = [figure(low, decimal), figure(high, decimal)] if dash else []
    found = [
        canonical(end.value, unit, variable).value
        for end in ends
        if end is not None and end.value is not None
    ]
    if len(found) == 2:
        return (found[0], found[1]) if found[0] <= found[1] else None
    one = figure(low + dash + high, decimal)
    if one is None or one.value is None or not one.comparator:
        return None
    limit = canonical(one.value, unit, variable).value
    return (None, limit) if one.comparator.startswith("<") else (limit, None)
