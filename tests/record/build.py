"""Short ways to make records for tests."""

from __future__ import annotations

from dataclasses import replace

from medgui.record.model import (
    Coding,
    Completeness,
    Condition,
    Medication,
    Observation,
    Patient,
    Record,
    Source,
)
from medgui.record.readings import stated_unit
from medgui.record.units import UnitError, convert
from medgui.record.variables import VARIABLES

AS_OF = "2026-11-10"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
COMPLETE = dict.fromkeys(("conditions", "procedures", "medications", "observations"), Completeness.COMPLETE)


def observation(
    variable: str, value: object, unit: str = "", time: str = "2026-11-03", **more: object
) -> Observation:
    """An observation as a reader leaves it: canonical where the unit is understood and fits."""
    known = VARIABLES[variable]
    number, shown = value, unit
    if isinstance(value, float):
        code = stated_unit(unit, known)
        try:
            if code:
                number, shown = convert(value, code, known.unit, variable), known.unit
        except UnitError:
            pass
    written = f"{value:g}" if isinstance(value, float) else str(value)
    place = str(more.pop("id", f"{variable}@{time}"))
    code = str(more.pop("code", known.codes[0] if known.codes else ""))
    base = Observation(
        place, code, LOINC, known.title["en"], number, shown, written, unit, time,  # type: ignore[arg-type]
        Source("f.json", place, f"{written} {unit}"), variable,
    )  # fmt: skip

    return replace(base, **more)  # type: ignore[arg-type]


def condition(name: str, *codes: tuple[str, str], **more: object) -> Condition:
    """A confirmed, active problem of the patient; codes are (system, code)."""
    fields: dict[str, object] = {
        "clinical_status": "active",
        "verification": "confirmed",
        "subject": "patient",
        "onset": "",
        "recorded": "2020-01-01",
        **more,
    }
    codings = tuple(Coding(code, system) for system, code in codes)
    return Condition(name, codings, name, source=Source("f.json", name, name), **fields)  # type: ignore[arg-type]


def medication(name: str, *codes: tuple[str, str], **more: object) -> Medication:
    """A drug that is taken now."""
    fields: dict[str, object] = {"status": "active", "dose": "", "route": "", "start": "", "end": "", **more}
    codings = tuple(Coding(code, system) for system, code in codes)
    return Medication(name, codings, name, source=Source("f.json", name, name), **fields)  # type: ignore[arg-type]


def record(*parts: object, **more: object) -> Record:
    """A record of a woman of 50 with every section read completely."""
    who: dict[str, object] = {"family": "Marlow", "birth_date": "1976-05-01", "sex": "female"}
    who.update(
        {
            key: more.pop(key)
            for key in ("family", "birth_date", "sex", "deceased", "ethnicity")
            if key in more
        }
    )
    fields: dict[str, object] = {
        "document_date": "2026-11-03",
        "as_of": AS_OF,
        "completeness": COMPLETE,
        **more,
    }
    return Record(
        Patient("p1", **who),  # type: ignore[arg-type]
        "f.json",
        "fhir",
        "2026-11-10",
        observations=tuple(p for p in parts if isinstance(p, Observation)),
        conditions=tuple(p for p in parts if isinstance(p, Condition)),
        medications=tuple(p for p in parts if isinstance(p, Medication)),
        **fields,  # type: ignore[arg-type]
    )
