"""Values of the Record page: one entry a variable or code, newest value first, in groups. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from medgui.assessment import shown, words
from medgui.assessment.finding import Assessment
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_list, format_number, ngettext
from medgui.record.answers import canonical_answer
from medgui.record.dates import day, moment
from medgui.record.index import index_of
from medgui.record.model import Answer, Observation, Origin, Record, Source
from medgui.record.resolve import resolve
from medgui.record.units import printed
from medgui.record.variables import VARIABLES, UnitSystem

GROUPS = {
    "vital": N_("Vital signs"),
    "lab": N_("Laboratory"),
    "history": N_("History and findings"),
    "other": N_("Other observations"),
    "conditions": N_("Conditions"),
    "procedures": N_("Procedures"),
    "phenotypes": N_("Signs and symptoms"),
    "medications": N_("Medications"),
    "allergies": N_("Allergies"),
    "immunizations": N_("Immunisations"),
    "family_history": N_("Family history"),
    "documents": N_("Documents"),
    "cleaned": N_("Left out or put together"),
    "unread": N_("Not understood, never used"),
}
DERIVED = ("bmi", "non_hdl_cholesterol")


@frozen
class Moment:
    """One value of a trend, in the unit shown."""

    day: date
    value: float
    text: str
    questioned: bool


@frozen
class Reading:
    """One of several values of an entry, with its own place in the file. `note` says why it is not used."""

    time: str
    value: str
    unit: str
    source: Source
    questioned: bool = False
    usable: bool = True
    note: str = ""


@frozen
class Entry:
    """One line. `reference` is the file's own range, `flag` says that the value lies outside of it.

    `readings` are all values, latest first, where there are several. A *wide* line is words only and takes the
    whole width; `document` is the id of the document that it opens.
    """

    key: str
    group: str
    title: str
    value: str = ""
    unit: str = ""
    reference: str = ""
    flag: str = ""
    time: str = ""
    questioned: bool = False
    entered: bool = False
    derived: bool = False
    usable: bool = True
    note: str = ""
    source: Source = Source("")
    code: str = ""
    variable: str = ""
    trend: tuple[Moment, ...] = ()
    readings: tuple[Reading, ...] = ()
    document: str = ""
    wide: bool = False


def value_entries(record: Record, assessment: Assessment | None, system: UnitSystem) -> list[Entry]:
    """List the values that the file states, what was entered and what follows from them, in the order of the page."""
    lines = [
        *_observed(record, system),
        *_entered_only(record, system),
        *_derived(record, assessment, system),
    ]
    order = {name: number for number, name in enumerate(VARIABLES)}
    groups = list(GROUPS)
    lines.sort(key=lambda e: (groups.index(e.group), order.get(e.variable, len(order)), e.title))
    return lines


def _group(observation: Observation) -> str:
    variable = VARIABLES.get(observation.variable)
    if variable is None:
        return {"vital-signs": "vital", "laboratory": "lab"}.get(observation.category, "other")
    if variable.group == "vital":
        return "vital"
    return "history" if variable.group in ("history", "exam", "person") else "lab"


def _observed(record: Record, system: UnitSystem) -> Iterable[Entry]:
    together: dict[str, list[Observation]] = {}
    for observation in record.observations:
        together.setdefault(observation.variable or f"{observation.code}|{observation.name}", []).append(
            observation
        )
    index = index_of(record)
    context = _Context(index.questioned, index.corrections, index.entered, system)
    for key, found in together.items():
        found.sort(key=lambda o: moment(o.time))
        usable = [o for o in found if o.usable] or found
        yield _entry(key, usable[-1], found, context)


@frozen
class _Context:
    """What is asked, what was answered, and the units in force."""

    waiting: frozenset[str]
    corrections: Mapping[str, Answer]
    entered: Mapping[str, Answer]
    system: UnitSystem

    def answer(self, observation: Observation) -> Answer | None:
        """What stands in the place of a value: an answer about it, else one for its variable."""
        return self.corrections.get(observation.id) or self.entered.get(observation.variable)


def _entry(key: str, latest: Observation, found: Sequence[Observation], context: _Context) -> Entry:
    questioned = latest.id in context.waiting
    answer, system = context.answer(latest), context.system
    value, unit = _value(latest, system, as_written=questioned)
    note = latest.unusable_reason or latest.note
    if answer is not None:
        value, unit, note = _answered(answer, latest, system)
    return Entry(
        key=key,
        group=_group(latest),
        title=words.title(latest.variable) if latest.variable else latest.name or latest.code,
        value=value,
        unit=unit,
        reference=_range(latest, system),
        flag="" if questioned or answer is not None else _flag(latest, system),
        time=latest.time,
        questioned=questioned,
        entered=answer is not None,
        usable=latest.usable,
        note=note,
        source=latest.source,
        code=latest.code,
        variable=latest.variable,
        trend=tuple(_trend(found, latest, context)),
        readings=tuple(_readings(found, context)) if len(found) > 1 else (),
    )


def _readings(found: Sequence[Observation], context: _Context) -> Iterable[Reading]:
    """All values of an entry, latest first, each as the file has it."""
    for observation in reversed(found):
        questioned = observation.id in context.waiting
        value, unit = _value(observation, context.system, as_written=questioned)
        answer = context.corrections.get(observation.id)
        note = observation.unusable_reason
        if answer is not None:
            value, unit, note = _answered(answer, observation, context.system)
        yield Reading(observation.time, value, unit, observation.source, questioned, observation.usable, note)


def _value(observation: Observation, system: UnitSystem, *, as_written: bool) -> tuple[str, str]:
    value = observation.value
    if as_written or value is None:
        return observation.value_as_written, observation.unit_as_written
    if isinstance(value, bool):
        return (_("yes") if value else _("no")), ""
    if isinstance(value, str):
        return (words.answer(observation.variable, value) if observation.variable else value), ""
    if not observation.variable:
        return f"{observation.comparator}{observation.value_as_written}", printed(observation.unit)
    figure = shown.shown(observation.variable, value, observation.unit, system)
    return f"{observation.comparator}{figure.text}", figure.unit


def _answered(answer: Answer, latest: Observation, system: UnitSystem) -> tuple[str, str, str]:
    written = f"{latest.value_as_written} {latest.unit_as_written}".strip()
    note = _("Entered. The file says {text}.").format(text=written)
    if answer.left_out or answer.value is None:
        return _("left out"), "", _("Left out by the user. The file says {text}.").format(text=written)
    figure = _entered(answer, system)
    return figure.text, figure.unit, note


def _entered(answer: Answer, system: UnitSystem) -> shown.Shown:
    """Write an answer, given in any unit, in the unit of `system`."""
    variable = VARIABLES.get(answer.variable)
    if variable is None:
        return shown.Shown(str(answer.value), answer.unit)
    return shown.shown(answer.variable, canonical_answer(variable, answer), variable.unit, system)


def _range(observation: Observation, system: UnitSystem) -> str:
    lo, hi = (_limit(observation, end, system) for end in observation.reference_range or (None, None))
    if lo and hi:
        return f"{lo}\u2013{hi}"
    return f"≥ {lo}" if lo else f"≤ {hi}" if hi else ""


def _limit(observation: Observation, end: float | None, system: UnitSystem) -> str:
    """Write an end of the file's own range; with all its digits where the analyte has no standard name."""
    if end is None:
        return ""
    if not observation.variable:
        return f"{end:.10g}"
    return shown.shown(observation.variable, end, observation.unit, system).text


def _flag(observation: Observation, system: UnitSystem) -> str:
    """Say that a value lies outside of the file's own range; "" where it lies inside or none is given."""
    value, limits = observation.value, observation.reference_range
    if limits is None or not isinstance(value, float | int) or isinstance(value, bool):
        return ""
    lo, hi = limits
    if hi is not None and value > hi:
        return _("Above {limit}").format(limit=_limit(observation, hi, system))
    if lo is not None and value < lo:
        return _("Below {limit}").format(limit=_limit(observation, lo, system))
    return ""


def _trend(found: Sequence[Observation], latest: Observation, context: _Context) -> Iterable[Moment]:
    """Points of the course: numbers of one unit, corrected where the user corrected them."""
    for observation in found:
        on, (number, text) = day(observation.time), _point(observation, latest, context)
        if on is not None and number is not None:
            yield Moment(on, number, text, observation.id in context.waiting)


def _point(observation: Observation, latest: Observation, context: _Context) -> tuple[float | None, str]:
    value, unit = observation.value, observation.unit
    if observation.comparator or not observation.usable or not isinstance(value, float | int):
        return None, ""
    if isinstance(value, bool):
        return None, ""
    answer, variable = context.corrections.get(observation.id), VARIABLES.get(observation.variable)
    if answer is not None and variable is not None:
        corrected = canonical_answer(variable, answer)
        if answer.left_out or not isinstance(corrected, float):
            return None, ""
        value, unit = corrected, variable.unit
    if variable is None:
        return (float(value), observation.value_as_written) if unit == latest.unit else (None, "")
    figure = shown.shown(observation.variable, float(value), unit, context.system)
    return shown.figure(observation.variable, float(value), unit, context.system), figure.text


def _entered_only(record: Record, system: UnitSystem) -> Iterable[Entry]:
    """Yield what the doctor entered and no observation of the file has."""
    observed = {o.variable for o in record.observations}
    for answer in record.answers:
        if answer.variable and answer.variable not in observed:
            figure = _entered(answer, system)
            variable = VARIABLES.get(answer.variable)
            group = "vital" if variable and variable.group == "vital" else "lab"
            if variable and variable.kind != "quantity":
                group = "history"
            text = _("left out") if answer.left_out else figure.text
            yield Entry(
                answer.variable, group, words.title(answer.variable), text, figure.unit, time=answer.time,
                entered=True, note=_("Entered by the user."), variable=answer.variable,
            )  # fmt: skip


def _derived(record: Record, assessment: Assessment | None, system: UnitSystem) -> Iterable[Entry]:
    observed = {o.variable for o in record.observations if o.usable}
    for name in DERIVED:
        value = resolve(record, name, as_of=record.as_of)
        if name not in observed and value.known and value.origin is Origin.DERIVED:
            figure = shown.shown(name, value.value, value.unit, system)
            group = "vital" if name == "bmi" else "lab"
            yield Entry(
                name, group, words.title(name), figure.text, figure.unit, time=value.time, derived=True,
                note=_from(value.derived_from), variable=name, source=value.source,
            )  # fmt: skip
    for finding in assessment.findings if assessment is not None else ():
        if finding.model == "ckd_epi_2021" and finding.outputs and finding.outputs[0].value is not None:
            output = finding.outputs[0]
            title = f"{words.title('egfr')}, CKD-EPI 2021"
            time = max((i.time for i in finding.inputs), default="")
            names = [i.name for i in finding.inputs]
            figure = shown.shown("egfr", output.value, output.unit, system)
            yield Entry(
                "egfr:derived", "lab", title, figure.text, figure.unit, time=time, derived=True, note=_from(names),
                variable="egfr",
            )  # fmt: skip


def _from(names: Sequence[str]) -> str:
    return _("Derived from {names}.").format(names=format_list([words.title(name) for name in names]))


def used_by(assessment: Assessment | None, variable: str) -> list[str]:
    """Name the findings that use a variable."""
    if assessment is None or not variable:
        return []
    return [
        f.title
        for f in assessment.findings
        if any(variable == i.name or variable in i.derived_from for i in f.inputs)
    ]


def summary(record: Record) -> str:
    """Return the one line beside the title of the page."""
    number = len(record.observations)
    parts = [ngettext("{n} value read", "{n} values read", number).format(n=format_number(number, 0))]
    waiting = len(record.open_questions)
    if waiting:
        parts.append(ngettext("{n} question", "{n} questions", waiting).format(n=waiting))
    lost = len(record.unread)
    if lost:
        sentence = ngettext("{n} entry not understood", "{n} entries not understood", lost)
        parts.append(sentence.format(n=lost))
    return "  •  ".join(parts)
