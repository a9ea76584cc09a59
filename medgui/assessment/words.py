"""The sentences of findings: titles, gaps, scope, reasons. Whole sentences, one place, both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date

from medgui.i18n import (
    EN_DASH,
    N_,
    NBSP,
    _,
    format_age,
    format_date,
    format_list,
    format_number,
    format_percent,
    language,
    localised,
    ngettext,
)
from medgui.inference.manifest import InputSpec, Manifest, Text
from medgui.record.dates import day
from medgui.record.model import Source
from medgui.record.units import printed
from medgui.record.value import Gap, Value
from medgui.record.variables import VARIABLES

REASON_SIGNS = 90
"""The longest one-line reason (UI.md section 4)."""


def title(name: str) -> str:
    """Return the name of a standard input in the language in force; the name itself where none is known."""
    variable = VARIABLES.get(name)
    if variable is not None:
        return localised(variable.title)
    return _("birth date") if name == "birth_date" else name.replace("_", " ")


def names(inputs: Sequence[str]) -> str:
    """Write a list of inputs; English titles may hold a comma, so they are parted by semicolons."""
    return ("、" if language() == "zh" else "; ").join(title(name) for name in inputs)


def decimals(name: str) -> int:
    """Return how many decimals a standard input is shown with in its canonical unit."""
    variable = VARIABLES.get(name)
    return variable.conventional.decimals if variable is not None else 1


def measured(name: str, value: float | str | None, unit: str, categories: Mapping[str, float]) -> str:
    """Write a value as a doctor reads it: "162 mmHg", "82 y", "female", "yes"."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return _("not stated")
    if isinstance(value, str):
        return answer(name, value)
    if categories:
        return answer(name, next((text for text, code in categories.items() if code == value), str(value)))
    if unit == "a":
        return format_age(math.floor(value))
    return quantity(name, value, unit)


def quantity(name: str, value: float, unit: str, places: int | None = None) -> str:
    """Write a number with *places* or the decimals of its variable and its unit in print."""
    variable = VARIABLES.get(name)
    stated, places = places, decimals(name) if places is None else places
    if stated is None and variable is not None and unit != variable.unit and variable.unit:
        places = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    figure = format_number(value, places)
    shown = printed(unit)
    if not shown or shown == "1":
        return figure
    return figure + ("%" if shown == "%" and language() == "zh" else f"{NBSP}{shown}")


LIKELIHOOD = "{LR}"
"""Unit of a likelihood ratio."""


POINTS = "{score}"
"""Unit of a finding's number that has none and is no probability: points, a ratio."""


def figure(name: str, value: float, unit: str, places: int | None = None) -> str:
    """Write an output's value: a probability (unit "1") in percent, points with *places*, others with their unit."""
    if unit == POINTS:
        return format_number(value, 2 if places is None else places)
    return format_percent(value) if unit == "1" else quantity(name, value, unit, places)


def likelihood(text: str, ratio: float) -> str:
    """Fill `{times}` of an output's event with a likelihood ratio: "26 times as likely in …"."""
    places = 0 if ratio >= 9.95 else 1 if ratio >= 0.995 else 2 if ratio >= 0.0995 else 3
    figure = format_number(ratio, places)
    return text.format(times=_("{n} times").format(n=figure))


def answer(name: str, text: str) -> str:
    """Write a category in the language in force; as in the manifest where no translation is known."""
    if text in ("yes", "no"):
        return _("yes") if text == "yes" else _("no")
    variable = VARIABLES.get(name)
    shown = variable.categories.get(text) if variable is not None else None
    return localised(shown) if shown else text


def span(name: str, lo: float, hi: float, unit: str) -> str:
    """Write a closed range: "90–180 mmHg", "30–79 y"."""
    if unit == "a":
        low, high = f"{math.floor(lo)}", format_age(math.floor(hi))
        return f"{low}{EN_DASH}{high}"
    shown = quantity(name, hi, unit).removeprefix(format_number(hi, decimals(name)))
    return f"{format_number(lo, _places(lo))}{EN_DASH}{format_number(hi, _places(hi))}{shown}"


def _places(number: float) -> int:
    return 0 if float(number).is_integer() else len(f"{number:.6f}".rstrip("0").partition(".")[2])


_PARTS = {
    "Observation": N_("Measurements"),
    "Condition": N_("Problem list"),
    "Procedure": N_("Procedures"),
    "Patient": N_("Patient"),
    "MedicationRequest": N_("Medications"),
    "MedicationStatement": N_("Medications"),
    "MedicationAdministration": N_("Medications"),
}
"""What a doctor calls the part of a file that a FHIR resource stands in."""

_RESOURCE = re.compile(r"\b([A-Z][A-Za-z]+)/")


def place(source: Source, name: str = "") -> str:
    """Say in which part of the file a value stands ("Problem list"); its line and element are `source.location`.

    *name* is the standard input, which tells vital signs from laboratory where the file does not.
    """
    found = _RESOURCE.search(source.location)
    if source.section or not found or found[1] not in _PARTS:
        return source.section or source.location or source.file
    variable = VARIABLES.get(name)
    if found[1] == "Observation" and variable is not None:
        groups = {"vital": _("Vital signs"), "history": _("History"), "exam": _("Examination")}
        return groups.get(variable.group, _("Laboratory"))
    return _(_PARTS[found[1]])


def of_clinic(source: Source) -> str:
    """Say that a value follows from the country in the settings, and which that is."""
    return _("from the clinic's settings ({country})").format(country=source.text)


def when(time: str) -> str:
    """Write the day of an ISO time, as far as it is known."""
    known = day(time)
    return format_date(known) if isinstance(known, date) else time


def gap(value: Value, spec: InputSpec) -> str:
    """Say why an input has no usable value."""
    if value.gap is Gap.TOO_OLD and spec.max_age_days is not None and spec.max_age_days < 60:
        sentence = ngettext(
            "The last value is older than {n} day.",
            "The last value is older than {n} days.",
            spec.max_age_days,
        )
        return sentence.format(n=spec.max_age_days)
    if value.gap is Gap.TOO_OLD:
        months = round((spec.max_age_days or 365) / 30.44)
        sentence = ngettext(
            "The last value is older than {n} month.", "The last value is older than {n} months.", months
        )
        return sentence.format(n=months)
    if value.gap is Gap.CENSORED:
        return _("Reported as a limit ({text}), not as a number.").format(text=value.value_as_written)
    sentences = {
        Gap.QUESTIONED: _("An open question about it waits for an answer."),
        Gap.ACUTE: _("Measured in hospital or in an emergency: confirm it before it is used."),
        Gap.NOT_STATED: _("Not stated in the file."),
        Gap.LEFT_OUT: _("Left out by the user."),
        Gap.CONFLICT: _("Values that belong together are not from one sample or day."),
    }
    return sentences.get(value.gap, _("Not in the file."))


def shortened(text: str, signs: int = REASON_SIGNS) -> str:
    """Cut at a word so that `text` has at most `signs` signs; "…" says that something was cut."""
    if len(text) <= signs:
        return text
    cut = text[: signs - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut[signs // 2 :] else cut
    return head.rstrip(" ,;:.，；：。") + "…"


def ready_reason(model: str, variant: str, leading: Sequence[str]) -> str:
    """Name the model, its variant and the inputs that add most, as many as fit in a line."""
    for count in (2, 1, 0):
        names = format_list(list(leading[:count]))
        if variant and names:
            text = _("{model}, {variant}; most from {inputs}")
        elif names:
            text = _("{model}; most from {inputs}")
        elif variant:
            text = _("{model}, {variant}")
        else:
            text = "{model}"
        line = text.format(model=model, variant=variant, inputs=names)
        if len(line) <= REASON_SIGNS:
            return line
    return shortened(model)


def missing_reason(titles: Sequence[str]) -> str:
    """Say how many answers are needed and which."""
    sentence = ngettext("Needs one answer: {names}", "Needs {n} answers: {names}", len(titles))
    return shortened(sentence.format(n=len(titles), names=format_list(list(titles))))


def scope_reason(because: str) -> str:
    """Say that the model is not for this patient, and why; a long reason without what follows its colon."""
    sentence = _("Not for this patient: {reason}")
    text = sentence.format(reason=because)
    if len(text) > REASON_SIGNS:
        text = sentence.format(reason=because.replace("：", ":").partition(":")[0])
    return shortened(text)


def age_outside(age: float, bounds: tuple[float, float]) -> str:
    """Say which age the model was made for."""
    sentence = _("age {age}; made for {range}")
    return sentence.format(age=format_age(math.floor(age)), range=span("age", *bounds, "a"))


def above_range(spec: InputSpec, value: float) -> str:
    """Say that a value is above what the model accepts. Out of scope is not low risk (SAFETY 16)."""
    sentence = _("{name} {value} is above the accepted range; this is not low risk")
    return sentence.format(name=title(spec.name), value=measured(spec.name, value, spec.unit, {}))


def below_range(spec: InputSpec, value: float) -> str:
    """Say that a value is below what the model accepts. Out of scope is not low risk (SAFETY 16)."""
    sentence = _("{name} {value} is below the accepted range; this is not low risk")
    return sentence.format(name=title(spec.name), value=measured(spec.name, value, spec.unit, {}))


def with_reason(sentence: str, why: Text) -> str:
    """Add why, where there are words for it."""
    return _("{sentence}: {reason}").format(sentence=sentence, reason=localised(why)) if why else sentence


def person(age: float, sex: float | str | None) -> str:
    """Write "woman of 50", as a baseline's name needs it."""
    years = math.floor(age)
    if sex == "female":
        return _("Woman of {age}").format(age=years)
    if sex == "male":
        return _("Man of {age}").format(age=years)
    return _("Person of {age}").format(age=years)


def baseline_name(text: Text, age: float, sex: str | None) -> str:
    """Fill `{person}`, `{age}` and `{sex}` of a manifest's baseline with the patient's own."""
    words = _spaced(localised(text))
    if math.isnan(age):
        who, years = _("Person of the same age and sex"), ""
    else:
        who, years = person(age, sex), str(math.floor(age))
    shown = answer("sex", sex) if sex else _("not stated")
    return words.replace("{person}", who).replace("{age}", years).replace("{sex}", shown)


def _spaced(text: str) -> str:
    """Put a blank between Chinese and a placeholder that will begin with a figure ("的 50 岁女性")."""
    if text.isascii():
        return text
    return re.sub(r"([\u4e00-\u9fff])(\{(?:person|age)\})", r"\1 \2", text)


def model_name(manifest: Manifest) -> str:
    """Return the model's own name ("PREVENT 2023")."""
    return localised(manifest.name) or manifest.id
