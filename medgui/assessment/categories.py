"""The category of a result: only from the manifest's bands, and decided on the figure as it is shown.

A displayed number and its chip never disagree at a threshold (SAFETY 21): 7.46 % is shown as "7.5 %" and belongs
to the band that starts at 7.5 %; an eGFR of 59.6 is shown as 60 and is G2, as laboratories report it.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from medgui.assessment import words
from medgui.assessment.features import Row, Suppliers
from medgui.assessment.finding import Band, Category, Caution, Level
from medgui.i18n import _, localised, percent_decimals
from medgui.inference.header import KIDNEY_FUNCTION
from medgui.inference.manifest import BandSpec, Manifest, OutputSpec
from medgui.record.model import Record
from medgui.record.resolve import resolve


def as_shown(name: str, value: float, unit: str, decimals: int | None = None) -> Decimal:
    """Round as the screen does: to *decimals*; else risks (unit "1") in percent to one, two below 1 %."""
    exact = Decimal(repr(float(value)))
    usual = percent_decimals(value) + 2 if unit == "1" else words.decimals(name)
    places = usual if decimals is None else decimals
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def bands_at(spec: OutputSpec, age: float) -> tuple[BandSpec, ...]:
    """Return the bands that hold at *age* (years, NaN: not known, for which bands that go by age do not hold)."""
    return tuple(band for band in spec.bands if band.age is None or band.age[0] <= age < band.age[1])


def band_of(spec: OutputSpec, value: float, age: float = math.nan) -> BandSpec | None:
    """Return the band of the output's guideline that the shown figure falls into; None without bands."""
    shown = as_shown(spec.name, value, spec.unit, spec.decimals)
    bands = bands_at(spec, age)
    for band in bands:
        lo, hi = Decimal(repr(float(band.lo))), Decimal(repr(float(band.hi)))
        if lo <= shown < hi or (band is bands[-1] and shown == hi):
            return band
    return None


def category_of(spec: OutputSpec, value: float, age: float = math.nan) -> Category | None:
    """Return the guideline's own word for the shown figure, with guideline, year and region."""
    band = band_of(spec, value, age)
    if band is None:
        return None
    return Category(localised(band.text), localised(spec.bands_source), Level(band.level))


def category_of_range(spec: OutputSpec, lo: float, hi: float, age: float = math.nan) -> Category | None:
    """Return the category that every value from *lo* to *hi* has; None where there are several."""
    if band_of(spec, lo, age) != band_of(spec, hi, age):
        return None
    return category_of(spec, lo, age)


def bands_of(spec: OutputSpec, age: float = math.nan) -> tuple[Band, ...]:
    """Return the bands that hold at *age* with their words in the language in force."""
    return tuple(Band(b.lo, b.hi, localised(b.text), Level(b.level)) for b in bands_at(spec, age))


def fixed_by_condition(
    record: Record, manifest: Manifest, row: Row, as_of: str, suppliers: Suppliers
) -> Caution | None:
    """Tell where a condition fixes the category, so that no chip is computed (SAFETY 13); None where none does.

    For primary-prevention models, which are those that exclude prior disease: diabetes from 40 years (but where the
    model and its bands are for diabetes alone), LDL cholesterol of 190 mg/dL and above, familial
    hypercholesterolaemia, chronic kidney disease, an eGFR below 60, whether the model takes it or not, and a urine
    albumin/creatinine ratio of 300 mg/g and above (ESC 2021 and 2023: at least high risk, very high in diabetes).
    """
    if not manifest.conditions_fix_category:
        return None
    if row.number("diabetes") == 1.0 and row.number("age") >= 40 and not _for_diabetes(manifest):
        sentence = _("With diabetes from 40 years on, guidelines set the category without a computed risk.")
        return Caution("category_fixed", sentence, "diabetes")
    ldl = resolve(record, "ldl_cholesterol", as_of=as_of).value
    if isinstance(ldl, float) and ldl >= 190:
        sentence = _("With an LDL cholesterol of 190 mg/dL and above, guidelines set the category by itself.")
        return Caution("category_fixed", sentence, "ldl_cholesterol")
    for name, sentence in (
        (
            "familial_hypercholesterolaemia",
            _("With familial hypercholesterolaemia guidelines set the category."),
        ),
        (
            "chronic_kidney_disease",
            _("With chronic kidney disease guidelines set the category by its stage."),
        ),
    ):
        if resolve(record, name, as_of=as_of).value == 1.0:
            return Caution("category_fixed", sentence, name)
    if _egfr(record, row, as_of, suppliers) < 60:
        sentence = _("With an eGFR below 60, guidelines set the category by kidney disease, once confirmed.")
        return Caution("category_fixed", sentence, "egfr")
    uacr = resolve(record, "uacr", as_of=as_of).value
    if isinstance(uacr, float) and uacr >= 300:
        sentence = _(
            "With a urine albumin/creatinine ratio of 300 mg/g and above, guidelines set the category by kidney "
            "disease, once confirmed."
        )
        return Caution("category_fixed", sentence, "uacr")
    return None


def _egfr(record: Record, row: Row, as_of: str, suppliers: Suppliers) -> float:
    """The model's own eGFR, else that of the record, else the one computed from creatinine; NaN without any."""
    own = row.number("egfr")
    if not math.isnan(own):
        return own
    stated = resolve(record, "egfr", as_of=as_of).value
    if isinstance(stated, float):
        return stated
    computed = suppliers.get(KIDNEY_FUNCTION)
    values = [output.value for output in computed.outputs if output.name == "egfr"] if computed else []
    return next((value for value in values if value is not None), math.nan)


def _for_diabetes(manifest: Manifest) -> bool:
    """Tell whether a model is out of scope for everybody without diabetes."""
    return any(
        rule.input == "diabetes" and rule.value == 0.0 and rule.effect == "out_of_scope"
        for rule in manifest.exclusions
    )
