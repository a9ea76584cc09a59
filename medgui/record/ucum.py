"""A compact reader of UCUM, as much as medicine needs: prefixes, powers, products, fractions, annotations.

A unit is an exact factor (`fractions.Fraction`) to base units and a tuple of dimensions. Annotations that
change what is measured (per 1.73 m², FEU or DDU of D-dimer) are dimensions of their own, so that they can
never be mixed up; other annotations mean nothing.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

Dimensions = tuple[tuple[str, int], ...]


class UnitError(ValueError):
    """A unit is unknown, or two units do not measure the same thing."""


class Unit(NamedTuple):
    """`value in base = factor × value + offset` (offset only for temperatures, in kelvin)."""

    factor: Fraction
    dimensions: Dimensions
    offset: Fraction = Fraction(0)


# Mega and above are left out: in medicine "Mg" and "Ml" are always misspelt milligrams and millilitres.
_PREFIXES = {"k": 3, "h": 2, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}

_F = Fraction
_METRIC: dict[str, tuple[Fraction, dict[str, int]]] = {
    "g": (_F(1), {"mass": 1}),
    "L": (_F(1, 1000), {"length": 3}),
    "l": (_F(1, 1000), {"length": 3}),
    "m": (_F(1), {"length": 1}),
    "s": (_F(1), {"time": 1}),
    "mol": (_F(1), {"amount": 1}),
    "eq": (_F(1), {"charge": 1}),
    "osm": (_F(1), {"osmole": 1}),
    "U": (_F(1), {"enzyme": 1}),
    "kat": (_F(60_000_000), {"enzyme": 1}),
    "[iU]": (_F(1), {"arbitrary": 1}),
    "[IU]": (_F(1), {"arbitrary": 1}),
    "Pa": (_F(1000), {"mass": 1, "length": -1, "time": -2}),
    "m[Hg]": (_F(133322) * 1000, {"mass": 1, "length": -1, "time": -2}),
    "m[H2O]": (_F("9806.65") * 1000, {"mass": 1, "length": -1, "time": -2}),
    "cal": (_F("4.184") * 1000, {"mass": 1, "length": 2, "time": -2}),
    "J": (_F(1000), {"mass": 1, "length": 2, "time": -2}),
    "V": (_F(1), {"voltage": 1}),
    "Gy": (_F(1), {"length": 2, "time": -2}),
}
_PLAIN: dict[str, tuple[Fraction, dict[str, int]]] = {
    "1": (_F(1), {}),
    "%": (_F(1, 100), {}),
    "[ppm]": (_F(1, 1_000_000), {}),
    "[ppth]": (_F(1, 1000), {}),
    "[pH]": (_F(1), {"ph": 1}),
    "min": (_F(60), {"time": 1}),
    "h": (_F(3600), {"time": 1}),
    "d": (_F(86400), {"time": 1}),
    "wk": (_F(604800), {"time": 1}),
    "mo": (_F("30.4375") * 86400, {"time": 1}),
    "a": (_F("365.25") * 86400, {"time": 1}),
    "[lb_av]": (_F("453.59237"), {"mass": 1}),
    "[oz_av]": (_F("453.59237") / 16, {"mass": 1}),
    "[stone_av]": (_F("453.59237") * 14, {"mass": 1}),
    "[jin]": (_F(500), {"mass": 1}),
    "[in_i]": (_F("0.0254"), {"length": 1}),
    "[ft_i]": (_F("0.3048"), {"length": 1}),
    "[foz_us]": (_F("29.5735295625") / 1_000_000, {"length": 3}),
    "[tsp_us]": (_F("4.92892159375") / 1_000_000, {"length": 3}),
    "[tbs_us]": (_F("14.78676478125") / 1_000_000, {"length": 3}),
    "[drp]": (_F(1, 20_000_000), {"length": 3}),
    "[HPF]": (_F(1), {"high_power_field": 1}),
    "[LPF]": (_F(1), {"low_power_field": 1}),
    "[GPL'U]": (_F(1), {"igg_phospholipid": 1}),
    "[MPL'U]": (_F(1), {"igm_phospholipid": 1}),
    "[APL'U]": (_F(1), {"iga_phospholipid": 1}),
    "Hz": (_F(1), {"time": -1}),
    "dB": (_F(1), {"decibel": 1}),
    "dyn": (_F(1, 100), {"mass": 1, "length": 1, "time": -2}),
    "deg": (_F(1), {"angle": 1}),
    "[arb'U]": (_F(1), {"arbitrary": 1}),
}
_SPECIAL = {
    "K": Unit(_F(1), (("temperature", 1),)),
    "Cel": Unit(_F(1), (("temperature", 1),), _F("273.15")),
    "[degF]": Unit(_F(5, 9), (("temperature", 1),), _F("459.67") * _F(5, 9)),
}
_KINDS = {"{1.73_m2}": "per_body_surface", "{FEU}": "feu", "{DDU}": "ddu"}


_PLAIN_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_LARGEST_POWER, _LONGEST = 30, 120
"""Beyond any unit of measurement: 10*12/L, kg/m2, mol.kg-1.s-1."""


@lru_cache(maxsize=1024)
def parse(unit: str) -> Unit:
    """Read one UCUM expression; `UnitError` where it is none."""
    special = _SPECIAL.get(unit)
    if special is not None:
        return special
    if len(unit) > _LONGEST:
        raise UnitError(f"not a unit: {unit[:20]!r}…")
    factor, dimensions, rest = _term(unit, 0)
    if rest != len(unit):
        raise UnitError(f"not a unit: {unit!r}")
    kinds = _KINDS.values()
    return Unit(factor, tuple(sorted((k, 1 if k in kinds else v) for k, v in dimensions.items() if v)))


def _term(text: str, at: int) -> tuple[Fraction, dict[str, int], int]:
    """Components joined by "." and "/", until the end or a closing bracket."""
    factor, dimensions = Fraction(1), dict[str, int]()
    sign = 1
    if text[at : at + 1] == "/":
        sign, at = -1, at + 1
    while True:
        part, part_dimensions, at = _component(text, at)
        factor = factor * part if sign > 0 else factor / part
        for name, power in part_dimensions.items():
            dimensions[name] = dimensions.get(name, 0) + sign * power
        operator = text[at : at + 1]
        if operator == "{":  # an annotation may follow its unit
            continue
        if operator not in (".", "/"):
            return factor, dimensions, at
        sign, at = (1 if operator == "." else -1), at + 1


def _component(text: str, at: int) -> tuple[Fraction, dict[str, int], int]:
    if text[at : at + 1] == "(":
        factor, dimensions, at = _term(text, at + 1)
        if text[at : at + 1] != ")":
            raise UnitError(f"a bracket is open: {text!r}")
        return factor, dimensions, at + 1
    if text[at : at + 1] == "{":
        end = text.find("}", at)
        if end < 0:
            raise UnitError(f"an annotation is open: {text!r}")
        kind = _KINDS.get(text[at : end + 1])
        return Fraction(1), {kind: 1} if kind else {}, end + 1
    end = _end_of_simple(text, at)
    factor, dimensions = _simple(text[at:end])
    return factor, dimensions, end


def _end_of_simple(text: str, at: int) -> int:
    bracket = False
    for end in range(at, len(text)):
        sign = text[end]
        if sign == "[":
            bracket = True
        elif sign == "]":
            bracket = False
        elif not bracket and sign in "./(){}" and not (sign == "." and _is_decimal(text, at, end)):
            return end
    return len(text)


def _is_decimal(text: str, at: int, end: int) -> bool:
    """Tell a decimal point ("1.73") from a product ("24.h")."""
    return text[at:end].isdigit() and text[end + 1 : end + 2].isdigit()


@lru_cache(maxsize=512)
def _simple(text: str) -> tuple[Fraction, dict[str, int]]:
    if text.startswith(("10*", "10^")) and _is_int(text[3:]):
        return Fraction(10) ** _power(text[3:]), {}
    if _PLAIN_NUMBER.fullmatch(text) and Fraction(text):
        return Fraction(text), {}
    symbol, power = text, 1
    stem = text.rstrip("0123456789")
    if stem != text:
        sign = -1 if stem.endswith("-") else 1
        symbol, power = stem.rstrip("+-"), sign * _power(text[len(stem) :])
    found = _PLAIN.get(symbol) or _METRIC.get(symbol) or _prefixed(symbol)
    if found is None or power == 0:
        raise UnitError(f"unknown unit {text!r}")
    factor, dimensions = found
    return factor**power, {name: exponent * power for name, exponent in dimensions.items()}


def _power(digits: str) -> int:
    """An exponent; a damaged one of many digits would not be computed in a lifetime."""
    power = int(digits) if len(digits) <= 4 else _LARGEST_POWER + 1
    if abs(power) > _LARGEST_POWER:
        raise UnitError(f"no unit has the power {digits[:20]}")
    return power


def _prefixed(symbol: str) -> tuple[Fraction, dict[str, int]] | None:
    for length in (1, 2):
        exponent = _PREFIXES.get(symbol[:length])
        atom = _METRIC.get(symbol[length:])
        if exponent is not None and atom is not None:
            return atom[0] * Fraction(10) ** exponent, atom[1]
    return None


def _is_int(text: str) -> bool:
    return text.lstrip("+-").isdigit()
