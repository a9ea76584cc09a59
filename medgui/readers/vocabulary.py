"""From codes and units as written to standard input names and canonical units; the tables are the record's."""

from __future__ import annotations

from collections.abc import Iterable

from medgui.frozen import frozen
from medgui.readers.systems import OWN_VARIABLE
from medgui.record.model import Coding
from medgui.record.specimens import excluded
from medgui.record.units import UnitError, convert, normalise, says_nothing
from medgui.record.variables import VARIABLES, by_code


def variable_of(codings: Iterable[Coding], specimen: str = "") -> str:
    """The standard input that codes stand for, or "". A specimen that the analyte's name excludes gives ""."""
    for coding in codings:
        if coding.system == OWN_VARIABLE:
            name = coding.code if coding.code in VARIABLES else ""
        else:
            variable = by_code(coding.code, coding.system)
            name = variable.name if variable else ""
        if name:
            return "" if excluded(name, specimen) else name
    return ""


@frozen
class Canonical:
    """A number in the variable's unit. `understood` is false where it stands as written."""

    value: float
    unit: str
    understood: bool


def canonical(value: float, unit_as_written: str, variable: str) -> Canonical:
    """Bring a number to the unit of its standard input.

    Without a standard input the number stays and the unit becomes UCUM where it is understood. A unit that is
    missing, unknown or of another dimension leaves both as written: a question is asked later.
    """
    known = VARIABLES.get(variable)
    missing = known is not None and known.unit not in ("", "1") and says_nothing(unit_as_written)
    unit = None if missing else normalise(unit_as_written, variable)
    if unit is None:
        return Canonical(value, unit_as_written, understood=False)
    if known is None or not known.unit:
        return Canonical(value, unit, understood=True)
    try:
        return Canonical(convert(value, unit, known.unit, variable), known.unit, understood=True)
    except UnitError:
        return Canonical(value, unit_as_written, understood=False)
