"""Which codes may leave with a patient who must not be recognised: those of public terminologies, in their own form.

A local code, or text where a code should stand, may hold a name or a number of the patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from medgui.readers.systems import (
    ABSENT_UNKNOWN,
    ATC,
    CPT,
    CVX,
    ICD9CM,
    ICD10,
    ICD10CM,
    LOINC,
    NDC,
    OWN_VARIABLE,
    RXNORM,
    SNOMED,
    UNII,
)
from medgui.record.model import Coding
from medgui.record.unit_names import ALIASES
from medgui.record.units import normalise
from medgui.record.variables import VARIABLES

_ICD10 = r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?"
_FORMS = {
    LOINC: r"\d{1,6}-\d",
    SNOMED: r"\d{6,18}",
    RXNORM: r"\d{1,8}",
    ICD10CM: _ICD10,
    ICD10: _ICD10,
    ICD9CM: r"[VE]?\d{2,4}(\.\d{1,2})?",
    CVX: r"\d{1,3}",
    NDC: r"\d{4,5}-?\d{3,4}-?\d{1,2}",
    UNII: r"[0-9A-Z]{10}",
    CPT: r"\d{4}[0-9A-Z]",
    ATC: r"[A-Z]\d\d([A-Z]([A-Z](\d\d)?)?)?",
    ABSENT_UNKNOWN: r"no-[a-z-]{1,40}",
    "http://human-phenotype-ontology.org": r"HP:\d{7}",
    "http://purl.obolibrary.org/obo/hp.owl": r"HP:\d{7}",
}
"""Systems and the form of their codes."""

_NOT_CLINICAL = frozenset({
    "45392-8", "45393-6", "45394-4", "45395-1", "45396-9", "45397-7", "45400-9", "45401-7", "45402-5", "21112-8",
    "42077-8", "45966-9", "45967-7", "46499-0", "52460-3", "56799-0", "56800-6", "63745-4", "68997-6", "76435-7",
    "76436-5", "76437-3", "76438-1", "76458-9", "77974-4", "54125-0", "87721-7", "80913-7", "78939-6", "54503-8",
})  # fmt: skip
"""LOINC codes of names, addresses, numbers of insurance and telephone, birth dates."""
_SPECIMENS = (
    ("urine", ("urine", "尿")),
    ("capillary blood", ("capillar", "毛细", "末梢")),
    ("cerebrospinal fluid", ("csf", "cerebrospinal", "脑脊液")),
    ("pleural fluid", ("pleural",)),
    ("ascites", ("ascit",)),
    ("saliva", ("saliva", "唾液")),
    ("dialysate", ("dialysate",)),
    ("sweat", ("sweat",)),
    ("serum", ("serum", "血清")),
    ("plasma", ("plasma", "血浆")),
    ("blood", ("blood", "血")),
)
_UNITS = frozenset(ALIASES.values())


def public(codings: Iterable[Coding]) -> tuple[Coding, ...]:
    """Codes of public terminologies, without words of the file."""
    return tuple(Coding(known.code, known.system) for known in codings if _is_public(known))


def _is_public(known: Coding) -> bool:
    if known.system == OWN_VARIABLE:
        return known.code in VARIABLES
    form = _FORMS.get(known.system)
    return bool(form and re.fullmatch(form, known.code)) and known.code not in _NOT_CLINICAL


def specimen_class(text: str) -> str:
    """The kind of a specimen in one of a few words; what the words of the file say beyond it is left out."""
    low = text.lower()
    return next((name for name, words in _SPECIMENS if any(word in low for word in words)), "")


def public_unit(text: str, analyte: str) -> str | None:
    """The UCUM form of a unit as written, None where it is not understood or holds a note of somebody's own."""
    unit = normalise(text, analyte) if text else None
    if unit is None or ("{" in unit and unit not in _UNITS):
        return None
    return unit
