"""Yes, no and not stated: facts from problems, procedures, drugs and social history (SAFETY 1, 2, 7, 11, 12).

Only own, confirmed entries count. Silence is "no" only where the section was read completely, and then says
so. What merely hints (metformin, one HbA1c of 6.5 %, an antihypertensive without hypertension) is no fact: it
becomes a question in `record.questions`.
"""

from __future__ import annotations

from dataclasses import replace

from medgui.record.asking import absent, not_known, stated_by
from medgui.record.dates import (
    age_range,
    completed_years,
    day,
    days_between,
    least_days_between,
    moment,
    span,
)
from medgui.record.drug_kinds import kinds_for, kinds_of
from medgui.record.fact_rules import drug_rules
from medgui.record.model import Condition, Medication, Observation, Origin, Record
from medgui.record.problems import is_ruled, stating, terms
from medgui.record.relatives import diabetes_in_family, diabetes_may_be_in_family
from medgui.record.value import Gap, Value
from medgui.record.variables import VARIABLES, Variable
from medgui.record.wording import not_taken

CHEST_PAIN = {"typical": 1, "atypical": 2, "non_anginal": 3}
"""Codes of the UCI set: 1 typical angina, 2 atypical angina, 3 non-anginal pain (4, no pain, is never inferred)."""
_FERTILE_AGE = (15, 50)
_PAST_WEEK, _WEEK = ("aspirin_past_7_days",), 7


def fact(record: Record, variable: Variable, *, as_of: str, max_age_days: int | None = None) -> Value:
    """A yes/no variable: 1.0, 0.0 (stated, or assumed absent), or a gap."""
    stated = _stated(record, variable, as_of, max_age_days)
    if variable.name in ("statin", "bp_treatment"):
        return _treatment(record, variable, stated, as_of, max_age_days)
    if kinds_for(variable.name):
        return _on_drug(record, variable, stated, as_of, max_age_days)
    if variable.name == "family_history":
        return _in_family(record, variable, stated)
    if not is_ruled(variable.name):
        return stated
    found = evidence(record, variable.name, as_of)
    if found:
        if stated.value == 0.0:
            return replace(stated, value=None, gap=Gap.CONFLICT)
        return stated_by(variable, [item.source for item in found], found[0].onset or found[0].recorded)
    if stated.known or stated.gap is not Gap.NOT_STATED:
        return stated
    if variable.name == "pregnant":
        return _not_pregnant(record, variable, as_of)
    doubts = stating(record, variable.name)
    if doubts.ended or doubts.hints or _begun(doubts.evidence, as_of):
        return not_known(variable, Gap.NOT_STATED)
    return absent(record, variable, terms(variable.name).sections)


def evidence(record: Record, name: str, as_of: str = "") -> list[Condition]:
    """The patient's own confirmed problems and procedures that state the fact *name*, earliest first."""
    found = [c for c in stating(record, name).evidence if not _after(c.onset or c.recorded, as_of)]
    within = terms(name).within
    if within and as_of:
        return [c for c in found if _within(c.onset or c.recorded, as_of, within)]
    return found


def _begun(listed: list[Condition], as_of: str) -> bool:
    """Whether an entry had begun by the day: one that is no evidence for its date is no absence either."""
    return any(not _after(c.onset or c.recorded, as_of) for c in listed)


def drugs(record: Record, kind: str, as_of: str = "") -> list[Medication]:
    """Medications of one kind ("statin", "antihypertensive", "glucose_lowering") that the patient takes now."""
    rule, local = drug_rules()[kind], drug_rules()["local"]
    return [
        m for m in record.medications if taken(m, as_of) and rule.matches(m) and not local.matches_route(m)
    ]


def taken(medication: Medication, as_of: str = "") -> bool:
    """Whether a medication is confirmed as taken on the day: active, usable and not ended before it."""
    if not medication.usable or medication.status != "active" or not_taken(medication.name):
        return False
    end, now = span(medication.end), span(as_of)
    start = span(medication.start)
    return not (end and now and end[1] < now[0]) and not (start and now and start[0] > now[1])


def is_unsure(medication: Medication) -> bool:
    """Whether it is open if a medication is taken: the file does not say, or its name contradicts its status."""
    return medication.status == "unknown" or (medication.status == "active" and not_taken(medication.name))


def diabetes_type(record: Record, as_of: str) -> Value:
    """`type_1`, `type_2` or `other` from own active problems; a conflict where they state several."""
    variable = VARIABLES["diabetes_type"]
    found = stating(record, "diabetes").types
    blank = not_known(variable, Gap.NOT_STATED)
    sources = [c.source for listed in found.values() for c in listed]
    if len(found) > 1:
        return replace(blank, gap=Gap.CONFLICT, sources=tuple(sources))
    for kind, listed in found.items():
        return replace(stated_by(variable, sources, listed[0].onset), value=kind, unit="")
    return blank


def age_at_diabetes(record: Record, as_of: str) -> Value:
    """Age in years at the earliest stated onset of diabetes; the date of recording is no onset."""
    variable = VARIABLES["age_at_diabetes"]
    onsets = [c for c in evidence(record, "diabetes") if c.onset]
    if not onsets:
        return not_known(variable, Gap.NOT_STATED)
    first = min(onsets, key=lambda c: moment(c.onset))
    years = age_range(record.patient.birth_date, first.onset)
    if years is None or years[0] < 0 or years[1] - years[0] > 1:
        return not_known(variable, Gap.NOT_STATED)
    value = stated_by(variable, [first.source], first.onset)
    return replace(
        value, value=float(years[0]), unit="a", origin=Origin.DERIVED, derived_from=("birth_date", "diabetes")
    )


def chest_pain_type(record: Record, as_of: str) -> Value:
    """Typical, atypical or non-anginal pain where an active problem of the last year names it, else not stated."""
    variable = VARIABLES["chest_pain_type"]
    kinds = {
        kind: [c for c in listed if _within(c.onset or c.recorded, as_of, variable.max_age_days or 0)]
        for kind, listed in stating(record, "chest_pain").types.items()
    }
    named = {kind: listed for kind, listed in kinds.items() if listed}
    if len(named) != 1:
        return not_known(variable, Gap.CONFLICT if named else Gap.NOT_STATED)
    kind, listed = next(iter(named.items()))
    value = stated_by(variable, [c.source for c in listed], listed[0].onset or listed[0].recorded)
    return replace(value, value=float(CHEST_PAIN[kind]), unit="")


# Parts


def _within(time: str, as_of: str, limit: int) -> bool:
    days = days_between(time, as_of)
    return days is not None and 0 <= days <= limit


def _after(time: str, as_of: str) -> bool:
    start, now = span(time), span(as_of)
    return start is not None and now is not None and start[0] > now[1]


def _stated(record: Record, variable: Variable, as_of: str, limit: int | None) -> Value:
    """The latest explicit yes or no among the observations."""
    from medgui.record.index import index_of

    index = index_of(record)
    listed = [
        index.settled(dated.observation, variable) for dated in index.by_variable.get(variable.name, ())
    ]
    answers = [(o, _truth(o)) for o in listed if o is not None and o.usable]
    in_time = [(o, t) for o, t in answers if (days_between(as_of, o.time) or 0) <= 0]
    if not in_time:
        return not_known(variable, Gap.NOT_STATED)
    latest, truth = max(in_time, key=lambda pair: moment(pair[0].time))
    if truth is None:
        return not_known(variable, Gap.NOT_STATED)
    age = days_between(latest.time, as_of)
    value = replace(
        stated_by(variable, [latest.source], latest.time),
        value=truth,
        value_as_written=latest.value_as_written,
        observation=latest.id,
        origin=latest.origin,
    )
    if limit is not None and age is not None and age > limit:
        return replace(value, value=None, gap=Gap.TOO_OLD)
    same = {t for o, t in in_time if moment(o.time) == moment(latest.time)}
    return value if len(same) == 1 else replace(value, value=None, gap=Gap.CONFLICT)


def _truth(found: Observation) -> float | None:
    if isinstance(found.value, bool):
        return float(found.value)
    return float(found.value) if found.value in (0.0, 1.0) and not found.comparator else None


def _treatment(record: Record, variable: Variable, stated: Value, as_of: str, limit: int | None) -> Value:
    """On a statin, or on systemic blood-pressure treatment for hypertension (SAFETY 7)."""
    if stated.known or stated.gap is not Gap.NOT_STATED:
        return stated
    kind = "statin" if variable.name == "statin" else "antihypertensive"
    found = drugs(record, kind, as_of)
    if not found:
        if any(is_unsure(m) and drug_rules()[kind].matches(m) for m in record.medications):
            return not_known(variable, Gap.NOT_STATED)
        return absent_of_drugs(record, variable, as_of, limit)
    sources = [m.source for m in found]
    if kind == "antihypertensive":
        reasons = evidence(record, "hypertension", as_of)
        if not reasons:
            return replace(not_known(variable, Gap.NOT_STATED), source=sources[0], sources=tuple(sources))
        sources += [c.source for c in reasons]
    return stated_by(variable, sources, found[0].start)


def _on_drug(record: Record, variable: Variable, stated: Value, as_of: str, limit: int | None) -> Value:
    """On a drug of one of the kinds that answer to *variable*; "no" where a current list names none."""
    kinds = frozenset(kinds_for(variable.name))
    listed = [m for m in record.medications if not kinds.isdisjoint(kinds_of(m))]
    found = [m for m in listed if taken(m, as_of)]
    if found and stated.value == 0.0:
        return replace(stated, value=None, gap=Gap.CONFLICT)
    if stated.known or stated.gap is not Gap.NOT_STATED:
        return stated
    if found:
        return stated_by(variable, [m.source for m in found], found[0].start)
    if any(is_unsure(m) for m in listed) or _lately_taken(variable, listed, as_of):
        return not_known(variable, Gap.NOT_STATED)
    return absent_of_drugs(record, variable, as_of, limit)


def _lately_taken(variable: Variable, listed: list[Medication], as_of: str) -> bool:
    """Whether a drug of which the past week counts was stopped within it, or on a day that is not stated."""
    if variable.name not in _PAST_WEEK:
        return False
    over = [m for m in listed if m.status in ("stopped", "completed") or m.end]
    return any(not m.end or (least_days_between(m.end, as_of) or 0) <= _WEEK for m in over)


def absent_of_drugs(record: Record, variable: Variable, as_of: str, limit: int | None) -> Value:
    """Assume "no" where the list of drugs is complete and no older than *limit* days."""
    days = days_between(record.list_date("medications"), as_of)
    if limit is not None and days is not None and days > limit:
        return not_known(variable, Gap.TOO_OLD)
    return absent(record, variable, ("medications",))


def _in_family(record: Record, variable: Variable, stated: Value) -> Value:
    """Diabetes of a parent, brother or sister; "no" where the list of the family's diseases is complete."""
    found = diabetes_in_family(record)
    if found:
        if stated.value == 0.0:
            return replace(stated, value=None, gap=Gap.CONFLICT)
        return stated_by(variable, [item.source for item in found], found[0].recorded)
    if stated.known or stated.gap is not Gap.NOT_STATED:
        return stated
    if diabetes_may_be_in_family(record):
        return not_known(variable, Gap.NOT_STATED)
    return absent(record, variable, ("family_history",))


def _not_pregnant(record: Record, variable: Variable, as_of: str) -> Value:
    """Men, and women outside 15-50 years, are not pregnant; others are not stated (SAFETY 11)."""
    blank = not_known(variable, Gap.NOT_STATED)
    parent = "sex" if record.patient.sex == "male" else ""
    born, now = day(record.patient.birth_date), day(as_of)
    if not parent and record.patient.sex == "female" and born and now:
        years = completed_years(born, now)
        parent = "" if _FERTILE_AGE[0] <= years <= _FERTILE_AGE[1] else "age"
    if not parent:
        return blank
    source = record.patient.source
    return replace(
        blank,
        value=0.0,
        gap=Gap.NONE,
        origin=Origin.DERIVED,
        source=source,
        sources=(source,),
        derived_from=(parent,),
    )
