"""The category of a result: only from the manifest's bands, and decided on the figure as it is shown.

A displayed number and its chip never disagree at a threshold (SAFETY 21): 7.46 % is shown as "7.5 %" and belongs
to the band that starts at 7.5 %; an eGFR of 59.6 is shown as 60 and is G2, as laboratories report it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from medgui.assessment import words
from medgui.assessment.finding import Band, Category, Level
from medgui.i18n import localised, percent_decimals
from medgui.inference.manifest import OutputSpec


def as_shown(name: str, value: float, unit: str) -> Decimal:
    """Round as the screen does: risks (unit "1") in percent to one decimal, two below 1 %; others as their variable."""
    exact = Decimal(repr(float(value)))
    places = percent_decimals(value) + 2 if unit == "1" else words.decimals(name)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def band_index(spec: OutputSpec, value: float) -> int | None:
    """Return which band of the output's guideline the shown figure falls into; None without bands."""
    shown = as_shown(spec.name, value, spec.unit)
    for i, band in enumerate(spec.bands):
        last = i == len(spec.bands) - 1
        lo, hi = Decimal(repr(float(band.lo))), Decimal(repr(float(band.hi)))
        if lo <= shown < hi or (last and shown == hi):
            return i
    return None


def category_of(spec: OutputSpec, value: float) -> Category | None:
    """Return the guideline's own word for the shown figure, with guideline, year and region."""
    i = band_index(spec, value)
    if i is None:
        return None
    band = spec.bands[i]
    return Category(localised(band.text), localised(spec.bands_source), Level(band.level))


def bands_of(spec: OutputSpec) -> tuple[Band, ...]:
    """Return the bands with their words in the language in force."""
    return tuple(Band(b.lo, b.hi, localised(b.text), Level(b.level)) for b in spec.bands)
