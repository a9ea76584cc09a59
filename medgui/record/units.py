"""Units: from any spelling to UCUM, and from one unit to another for a named analyte.

`normalise` reads spellings (alias table first, then UCUM); `convert` does exact factors, temperature offsets,
molar masses, valences and HbA1c. Factors are fractions, so that 88.4 µmol/L of creatinine is 1 mg/dL exactly.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from medgui.record.ucum import Dimensions, Unit, UnitError, parse
from medgui.record.unit_names import (
    ALIASES,
    AMBIGUOUS,
    ATOMS,
    COUNTED,
    DROPS,
    PRINTED,
    SPECIMEN_TAILS,
    UNSTATED,
)

__all__ = ["UnitError", "compatible", "convert", "normalise", "printed", "says_nothing"]

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LOOK_ALIKE = str.maketrans({"㎡": "m2", "˚": "°", "º": "°", "″": '"', "′": "'"})
_NUMBER = re.compile(r"[\d.]+")
_COUNT = re.compile(r"[x*]?10(\*\*|\*|\^|e\+?0?|x|\(|\+)?(3|5|6|9|12)\)?(cells?|\{cells?\}|个)?")
_NOTE = re.compile(r"\{[^}]*\}")
_HOW = re.compile(r"\((?:calc(?:ulated)?|est(?:imated)?|calculation)\.?\)$", re.IGNORECASE)
"""How a value came about, behind its unit: "mg/dL (calc)"."""
_D_DIMER = re.compile(r"[{(]?(feu|ddu)[)}]?")
_PER = re.compile(r"(?:^|(?<=\s))per\s+", re.IGNORECASE)
_PLURAL = re.compile(r"(?<=[a-z])\((?:s|es)\)", re.IGNORECASE)
_SHARE = re.compile(r"%[a-z0-9()]*")
_INVERSE = re.compile(r"[.·]?([a-z]+)-1(?=$|[.·])")
_SEVERAL = re.compile(r"(\d{1,4})([a-z]+)")
_COMPONENTS = re.compile(r"\^\^.*$")
_WORDS = {
    **{name: f"{{{word}}}" for word, others in COUNTED.items() for name in (word, *others)},
    **dict.fromkeys(DROPS, "[drp]"),
}

HBA1C_SLOPE = Fraction("10.929")
HBA1C_INTERCEPT = Fraction("2.15")
"""IFCC (mmol/mol) = 10.929 × (NGSP % − 2.15): Hoelzel et al., Clin Chem 2004;50:166-74 (SAFETY 6)."""


@lru_cache(maxsize=4096)
def normalise(unit_as_written: str, analyte: str = "") -> str | None:
    """Give the UCUM code of a unit as people write it, or None where it is not understood.

    *analyte* (a standard input name) decides between the meanings of an ambiguous spelling: "mm" of a blood
    pressure, "ml/min" of an eGFR, "G/L" of leukocytes.
    """
    text = _clean(unit_as_written)
    if not text:
        return None
    meanings = AMBIGUOUS.get(text) or AMBIGUOUS.get(text.lower())
    if meanings:
        return _meant(meanings, analyte)
    low = text.lower()
    kind = _D_DIMER.search(low)
    if kind and kind[0] != low:
        return _of_d_dimer(_D_DIMER.sub("", low), kind[1].upper())
    found = ALIASES.get(low) or _counted(low) or _fraction(low) or _inverse(low) or _share(low)
    if found is None:
        stripped = _HOW.sub("", _NOTE.sub("", text)).rstrip("/")
        if stripped != text and stripped:
            return normalise(stripped, analyte)
        found = text
    return found if _is_unit(found) else None


def _of_d_dimer(rest: str, kind: str) -> str | None:
    """FEU and DDU of a D-dimer are two measures; the kind stays with the unit (SAFETY 6)."""
    unit = normalise(rest)
    return f"{unit}{{{kind}}}" if unit else None


def _clean(text: str) -> str:
    """Bring look-alike signs to one spelling and take out the blanks."""
    text = re.sub(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^" + m[0].translate(_SUPERSCRIPT), text)
    text = unicodedata.normalize("NFKC", text.translate(_LOOK_ALIKE))
    text = text.replace("μ", "u").replace("×", "x").replace("⋅", ".").replace("∕", "/")
    text = _COMPONENTS.sub("", text.replace("\\S\\", "^").replace("\\", ""))
    text = _PLURAL.sub("", _PER.sub("/", text))
    return re.sub(r"\s+", "", text).rstrip(".")


def _meant(meanings: tuple[str, ...], analyte: str) -> str | None:
    if analyte:
        target = _canonical_unit(analyte)
        for unit in meanings:
            if unit and target and compatible(unit, target, analyte):
                return unit
    return meanings[0] or None


def _fraction(low: str) -> str | None:
    """Read "a/b/c" part by part; None where a part is unknown."""
    numerator, *below = low.split("/")
    parts = [_top(numerator), *(_atom(part) for part in below)]
    for tail in SPECIMEN_TAILS:
        if parts[-1] is None and below and below[-1].endswith(tail):
            parts[-1] = _atom(below[-1].removesuffix(tail))
    if any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    if known[0] == "m" and known[1:] == ["uL"]:
        known[0] = "10*6"
    if known[0] == "1" and len(known) > 1:
        known[0] = ""
    return "/".join(known)


def _inverse(low: str) -> str | None:
    """Read negative powers as a fraction: "giga.l-1"."""
    rewritten = _INVERSE.sub(r"/\1", low)
    return (ALIASES.get(rewritten) or _fraction(rewritten)) if rewritten != low else None


def _share(low: str) -> str | None:
    """Read a percent sign with words after it ("% of total Hgb") as the share it is."""
    return "%" if _SHARE.fullmatch(low) else None


def _counted(low: str) -> str | None:
    """Read what is counted ("tablets", "{puff}") as an annotation."""
    bare = low[1:-1] if low.startswith("{") and low.endswith("}") else low
    return _WORDS.get(bare) or _WORDS.get(bare.removesuffix("s"))


def _top(text: str) -> str | None:
    if not text:
        return ""
    power = _COUNT.fullmatch(text)
    return f"10*{power[2]}" if power else _atom(text)


def _atom(text: str) -> str | None:
    """One part of a fraction: a unit, a counted thing, or a number of units ("5ml")."""
    if text == "100ml":
        return "dL"
    bare = text if text in ATOMS else _NOTE.sub("", text).rstrip(".")
    found = ATOMS.get(bare) or _counted(bare)
    several = _SEVERAL.fullmatch(bare) if found is None else None
    if several and several[2] in ATOMS:
        return f"({several[1]}.{ATOMS[several[2]]})"
    return found


def _is_unit(text: str) -> bool:
    if text != "1" and _NUMBER.fullmatch(text):
        return False
    try:
        parse(text)
    except UnitError:
        return False
    return True


@lru_cache(maxsize=4096)
def says_nothing(unit_as_written: str) -> bool:
    """Whether a unit is missing: nothing, or a word or a bare annotation that stands in its place."""
    if _NOTE.sub("", unit_as_written).strip().lower() not in UNSTATED:
        return False
    unit = normalise(unit_as_written) or "1"
    return unit == "1" or unit.startswith("{")


@lru_cache(maxsize=4096)
def printed(unit: str) -> str:
    """Give a UCUM unit as a doctor reads it: "mm[Hg]" is "mmHg"; unknown ones stay as they are."""
    return PRINTED.get(unit) or ("" if unit in PRINTED else re.sub(r"\bu(?=[gLm])", "µ", _NOTE.sub("", unit)))


def compatible(one: str, other: str, analyte: str = "") -> bool:
    """Tell whether *one* can be converted to *other* (for this analyte)."""
    try:
        _converter(one, other, analyte)
    except UnitError:
        return False
    return True


def convert(value: float, from_unit: str, to_unit: str, analyte: str = "") -> float:
    """Convert *value* between UCUM units. *analyte* (a standard input name) gives molar mass and valence.

    Raises `UnitError` where a unit is unknown, the two do not measure the same thing, or *value* is not finite.
    """
    if not math.isfinite(value):
        raise UnitError("not a finite number")
    return _converter(from_unit, to_unit, analyte)(value)


def _converter(from_unit: str, to_unit: str, analyte: str) -> Callable[[float], float]:
    found = _way(from_unit, to_unit, analyte)
    if isinstance(found, str):
        raise UnitError(found)
    return found


@lru_cache(maxsize=4096)
def _way(from_unit: str, to_unit: str, analyte: str) -> Callable[[float], float] | str:
    """How to convert, or why there is no way; both are asked for again and again."""
    try:
        return _find_way(from_unit, to_unit, analyte)
    except UnitError as error:
        return str(error)


def _find_way(from_unit: str, to_unit: str, analyte: str) -> Callable[[float], float]:
    if from_unit == to_unit:
        parse(from_unit)
        return float
    if analyte == "hba1c":
        special = _hba1c(from_unit, to_unit)
        if special:
            return special
    one, other = parse(from_unit), parse(to_unit)
    if one.dimensions == other.dimensions:
        ratio = one.factor / other.factor
        if one.offset or other.offset:
            return _affine(ratio, (one.offset - other.offset) / other.factor)
        return _scale(ratio)
    return _scale(one.factor / other.factor * _bridge(one, other, analyte, f"{from_unit} → {to_unit}"))


def _scale(ratio: Fraction) -> Callable[[float], float]:
    top, bottom = ratio.numerator, ratio.denominator
    if top < 1 << 53 and bottom < 1 << 53:
        return lambda value: value * top / bottom
    factor = float(ratio)
    return lambda value: value * factor


def _affine(ratio: Fraction, shift: Fraction) -> Callable[[float], float]:
    return lambda value: float(Fraction(repr(float(value))) * ratio + shift)


def _hba1c(from_unit: str, to_unit: str) -> Callable[[float], float] | None:
    """IFCC and NGSP are two scales with an offset, although both are shares."""
    ifcc = {"mmol/mol"}
    if (from_unit in ifcc) == (to_unit in ifcc):
        return None
    other = parse(to_unit if from_unit in ifcc else from_unit)
    if other.dimensions:
        raise UnitError(f"HbA1c is not measured in {to_unit if from_unit in ifcc else from_unit}")
    percent = other.factor * 100
    if from_unit in ifcc:
        return _affine(1 / (HBA1C_SLOPE * percent), HBA1C_INTERCEPT / percent)
    return _affine(HBA1C_SLOPE * percent, -HBA1C_SLOPE * HBA1C_INTERCEPT)


def _bridge(one: Unit, other: Unit, analyte: str, what: str) -> Fraction:
    """Factor from the dimensions of *one* to those of *other* through what is known of the analyte."""
    gap = _difference(one.dimensions, other.dimensions)
    facts = _facts(analyte)
    if facts is not None:
        factor = facts(gap)
        if factor is not None:
            return factor
    raise UnitError(f"no way from {what}" + (f" for {analyte}" if analyte else ""))


def _difference(one: Dimensions, other: Dimensions) -> dict[str, int]:
    gap = dict(one)
    for name, power in other:
        gap[name] = gap.get(name, 0) - power
    return {name: power for name, power in gap.items() if power}


def _canonical_unit(analyte: str) -> str:
    from medgui.record.variables import VARIABLES

    variable = VARIABLES.get(analyte)
    return variable.unit if variable else ""


def _facts(analyte: str) -> Callable[[dict[str, int]], Fraction | None] | None:
    """Molar mass, valence and equal arbitrary units of one analyte, as a function of the missing dimensions."""
    from medgui.record.variables import VARIABLES

    variable = VARIABLES.get(analyte)
    if variable is None:
        return None
    bridges: list[tuple[dict[str, int], Fraction]] = [({"enzyme": 1, "arbitrary": -1}, Fraction(1))]
    if variable.molar_mass:
        bridges.append(({"mass": 1, "amount": -1}, 1 / variable.molar_mass))
    if variable.valence:
        bridges.append(({"charge": 1, "amount": -1}, Fraction(1, variable.valence)))
        if variable.molar_mass:
            molar = variable.molar_mass / variable.valence
            bridges.append(({"mass": 1, "charge": -1}, 1 / molar))
    if variable.unit.endswith("{1.73_m2}"):
        bridges.append(({"per_body_surface": -1}, Fraction(1)))

    def factor(gap: dict[str, int]) -> Fraction | None:
        for dimensions, value in bridges:
            if gap == dimensions:
                return value
            if gap == {name: -power for name, power in dimensions.items()}:
                return 1 / value
        return None

    return factor
