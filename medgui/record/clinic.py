"""What follows from the country of the clinic (a setting): risk regions and country of published scores.

Such a value is no statement about the patient. It stands where the file says nothing, says where it came from
(`Origin.CLINIC`), and an answer overrules it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from medgui.i18n import localised
from medgui.record.countries import class_of, countries
from medgui.record.model import Origin, Source
from medgui.record.value import Gap, Value
from medgui.record.variables import Variable

FROM_CLINIC: Mapping[str, Callable[[str], float | str | None]] = MappingProxyType(
    {
        "country": lambda country: country,
        "region": lambda country: class_of("region", country) or None,
        "region_asia_pacific": lambda country: class_of("region_asia_pacific", country) or None,
        "north_america": lambda country: float(bool(class_of("north_america", country))),
    }
)
"""Standard inputs that the clinic's country decides; None where the table does not know it."""


def from_country(variable: Variable, country: Value) -> Value:
    """The value of *variable* in the patient's own country, which goes before the clinic's."""
    value = FROM_CLINIC[variable.name](str(country.value))
    if value is None:
        return Value(variable.name, None, variable.unit, Gap.NOT_STATED)
    return replace(
        country,
        name=variable.name,
        value=value,
        unit=variable.unit,
        origin=Origin.DERIVED,
        derived_from=("country",),
        observation="",
    )


def from_clinic(variable: Variable, country: str) -> Value:
    """The value of *variable* in a clinic of that country; not stated where none is set or the table has none."""
    blank = Value(variable.name, None, variable.unit, Gap.NOT_STATED)
    value = FROM_CLINIC[variable.name](country) if country in countries() else None
    if value is None:
        return blank
    source = Source("", text=localised(countries()[country]))
    return Value(
        name=variable.name,
        value=value,
        unit=variable.unit,
        origin=Origin.CLINIC,
        source=source,
        sources=(source,),
        value_as_written=source.text,
    )
