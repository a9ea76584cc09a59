"""What is this person's X? The one place that decides what counts as a fact about the patient.

Entered answers win over the file; open questions block; censored, stale, acute and doubtful values are no
numbers; several pressures of a day are one mean; what the record can compute it computes (`record.derive`);
yes and no come from problems, drugs and social history (`record.facts`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from medgui.frozen import replace
from medgui.i18n import N_, _, language
from medgui.record.answers import canonical_answer, category_value
from medgui.record.asking import Asked
from medgui.record.clinic import FROM_CLINIC, from_clinic, from_country
from medgui.record.computed import COMPUTED
from medgui.record.courses import ACUTE_SETTINGS
from medgui.record.dates import DAYS_IN_YEAR, age_range, days_between, moment, span
from medgui.record.derive import RULES, derived
from medgui.record.facts import age_at_diabetes, chest_pain_type, diabetes_type, fact
from medgui.record.index import Index, index_of
from medgui.record.model import Answer, Observation, Origin, Record
from medgui.record.notes import notes, older_equation
from medgui.record.problems import stating
from medgui.record.units import says_nothing
from medgui.record.value import Gap, Value
from medgui.record.variables import VARIABLES, Variable

PRESSURES = ("systolic_bp", "diastolic_bp")
HOME_SETTING = "home"
CREATININE_DAYS_IN_CKD = 92
ADULT_YEARS, CHILD_HEIGHT_DAYS = 18, 183
FROM_PROBLEMS = {
    "diabetes_type": diabetes_type,
    "age_at_diabetes": age_at_diabetes,
    "chest_pain_type": chest_pain_type,
}
_STATED = ("sex", "ethnicity")

UNDATED = N_("The file gives no date for this value; it is taken as current.")
HOME = N_("Measured at home, not in the clinic.")
UNIT_ASSUMED = N_("The file gives no unit; only this unit makes the value possible.")
AGE_AT_MEASUREMENT = N_("The file gives an age and no birth date.")
PARTIAL_BIRTH_DATE = N_("The birth date is partial; the age in whole years is certain.")


def resolve(
    record: Record, name: str, *, as_of: str, max_age_days: int | None = None, acute: bool = False
) -> Value:
    """Give the value of a standard input as on the day *as_of* (ISO), or the reason why there is none.

    *max_age_days* replaces the variable's own limit (SAFETY 9). A name that is no standard input is missing.
    *acute*: inpatient and emergency values count, those measured at home do not, and the last reading of a day is
    taken as it is (SAFETY 10).
    """
    variable = VARIABLES.get(name)
    if variable is None:
        return Value(name, None, gap=Gap.MISSING)
    index = index_of(record)
    key = (name, as_of, max_age_days, acute, language())
    kept = index.resolved.get(key)
    if kept is None:
        kept = _resolve(record, index, variable, as_of, max_age_days, acute)
        if kept.known:
            kept = replace(kept, cautions=(*kept.cautions, *notes(record, index, kept, as_of)))
        index.resolved[key] = kept
    return kept


def _resolve(
    record: Record, index: Index, variable: Variable, as_of: str, limit: int | None, acute: bool
) -> Value:
    answer = index.entered.get(variable.name)
    if answer is not None:
        return entered(variable, answer)
    if variable.name in index.questioned_names:
        return Value(variable.name, None, variable.unit, Gap.QUESTIONED)
    if variable.name == "age":
        return _age(record, index, variable, as_of)
    if variable.name in _STATED:
        return _stated(record, index, variable)
    limit = _limit(record, variable, as_of, limit)
    if variable.kind == "boolean":
        found = fact(record, variable, as_of=as_of, max_age_days=limit)
    else:
        found = _measured(index, variable, as_of, limit, acute=acute)
    if variable.name in FROM_CLINIC and found.gap in (Gap.MISSING, Gap.NOT_STATED):
        return _of_place(record, index, variable, as_of)
    if variable.name in FROM_PROBLEMS and found.gap is Gap.MISSING:
        return FROM_PROBLEMS[variable.name](record, as_of)
    if variable.name == "egfr" and found.gap in (Gap.MISSING, Gap.TOO_OLD):
        return _older_egfr(record, index, found, as_of, limit)
    if variable.name in RULES:
        return _or_derived(record, variable, found, as_of, limit, acute=acute)
    if variable.name in COMPUTED:
        return _or_computed(record, index, found, as_of, limit, acute)
    return found


def _or_computed(
    record: Record, index: Index, found: Value, as_of: str, limit: int | None, acute: bool
) -> Value:
    """What the file states; where it says nothing by itself, what the rest of the record tells."""
    way = COMPUTED[found.name]
    silent = found.gap in (Gap.MISSING, Gap.NOT_STATED) or found.origin is Origin.ASSUMED_ABSENT
    if not (silent or (way.refines and found.known)):
        return found

    def ask(name: str, days: int | None = None) -> Value:
        return resolve(record, name, as_of=as_of, max_age_days=days, acute=acute)

    def direct(name: str) -> Value:
        return _direct(index, VARIABLES[name], as_of, VARIABLES[name].max_age_days, acute)

    return way.compute(Asked(record, index, VARIABLES[found.name], as_of, limit, ask, direct), found)


def _of_place(record: Record, index: Index, variable: Variable, as_of: str) -> Value:
    """What follows from the patient's own country where it is stated, else from the clinic's."""
    country = _direct(index, VARIABLES["country"], as_of, None, acute=False)
    if isinstance(country.value, str) and variable.name != "country":
        return from_country(variable, country)
    return from_clinic(variable, record.clinic_country)


def _limit(record: Record, variable: Variable, as_of: str, limit: int | None) -> int | None:
    """The asked or usual age limit; three months for creatinine in kidney disease (SAFETY 9); heights by age."""
    limit = variable.max_age_days if limit is None else limit
    if variable.name in ("creatinine", "egfr") and limit is not None and _has_kidney_disease(record):
        return min(limit, CREATININE_DAYS_IN_CKD)
    if variable.name == "height" and limit is None:
        return _height_limit(record.patient.birth_date, as_of)
    return limit


def _has_kidney_disease(record: Record) -> bool:
    return any(
        stating(record, name).evidence for name in ("chronic_kidney_disease", "dialysis_or_transplant")
    )


def _height_limit(birth_date: str, as_of: str) -> int | None:
    """An adult's height holds if measured as an adult, a child's for half a year."""
    days = days_between(birth_date, as_of)
    if days is None:
        return None
    return max(days - int(ADULT_YEARS * DAYS_IN_YEAR), CHILD_HEIGHT_DAYS)


def _older_egfr(record: Record, index: Index, found: Value, as_of: str, limit: int | None) -> Value:
    """An eGFR by an older equation, only where there is no creatinine to compute it from."""
    older = _measured(index, VARIABLES["egfr_older"], as_of, limit)
    if not older.known or resolve(record, "creatinine", as_of=as_of, max_age_days=limit).known:
        return found
    return older_equation(older)


def entered(variable: Variable, answer: Answer) -> Value:
    """The value of an answer in the canonical unit; a gap where the doctor left it out or the unit is wrong."""
    if answer.left_out or answer.value is None:
        return Value(variable.name, None, variable.unit, Gap.LEFT_OUT, Origin.ENTERED, time=answer.time)
    value = canonical_answer(variable, answer)
    return Value(
        name=variable.name,
        value=value,
        unit=variable.unit,
        gap=Gap.NONE if value is not None else Gap.QUESTIONED,
        origin=Origin.ENTERED,
        time=answer.time,
        value_as_written=str(answer.value),
        unit_as_written=answer.unit,
    )


# Identity


def _age(record: Record, index: Index, variable: Variable, as_of: str) -> Value:
    at = _last_day_alive(record, as_of)
    years = age_range(record.patient.birth_date, at)
    blank = Value("age", None, variable.unit, source=record.patient.source)
    if years is None:
        return _age_stated(index, variable, as_of)
    if years[0] != years[1] or years[0] < 0:
        return replace(blank, gap=Gap.QUESTIONED, value_as_written=record.patient.birth_date)
    partial = len(record.patient.birth_date) < 10
    return replace(
        blank,
        value=float(years[0]),
        origin=Origin.DERIVED,
        sources=(record.patient.source,),
        time=at,
        derived_from=("birth_date",),
        value_as_written=record.patient.birth_date,
        cautions=(("birth_date_partial", _(PARTIAL_BIRTH_DATE)),) if partial else (),
    )


def _last_day_alive(record: Record, as_of: str) -> str:
    died = span(record.patient.deceased)
    now = span(as_of)
    return record.patient.deceased if died and now and died[0] < now[0] else as_of


def _age_stated(index: Index, variable: Variable, as_of: str) -> Value:
    """The age that a file states in place of a birth date, moved on by the whole years since."""
    found = _measured(index, variable, as_of, None)
    if not isinstance(found.value, float):
        return found
    passed = (days_between(found.time, as_of) or 0) // DAYS_IN_YEAR if found.time else 0
    caution = ("age_stated", _(AGE_AT_MEASUREMENT))
    return replace(found, value=float(int(found.value) + int(passed)), cautions=(*found.cautions, caution))


def _stated(record: Record, index: Index, variable: Variable) -> Value:
    patient = record.patient
    text = patient.sex if variable.name == "sex" else patient.ethnicity
    blank = Value(variable.name, None, variable.unit, Gap.NOT_STATED, source=patient.source)
    if text and text in variable.categories:
        return replace(blank, value=text, gap=Gap.NONE, sources=(patient.source,), value_as_written=text)
    for dated in index.by_variable.get(variable.name, ()):
        found = dated.observation
        value = category_value(variable, found.value)
        if found.usable and value is not None:
            return _value(variable, [found], value)
    return blank


# Measurements


def _measured(
    index: Index, variable: Variable, as_of: str, limit: int | None, *, acute: bool = False
) -> Value:
    """The latest usable value within its age limit, or the reason why there is none."""
    not_for = (HOME_SETTING,) if acute else ACUTE_SETTINGS
    today = _ordinal(as_of)
    day: list[Observation] = []
    passed_over: dict[Gap, Observation] = {}
    newest = math.inf
    for dated in index.latest_first(variable):
        if dated.day > today:
            continue
        if day and dated.day < newest:
            break
        found = index.settled(dated.observation, variable)
        if found is None or not (found.usable or found.id in index.questioned):
            continue
        if variable.kind == "quantity" and _number(found) is None:
            continue
        if limit is not None and limit < today - dated.day < math.inf:
            passed_over.setdefault(Gap.TOO_OLD, found)
        elif found.setting in not_for:
            passed_over.setdefault(Gap.MISSING if acute else Gap.ACUTE, found)
        else:
            day.append(found)
            newest = dated.day
    if day:
        return _of_day(index, variable, day, acute=acute)
    for gap in (Gap.ACUTE, Gap.TOO_OLD):
        if gap in passed_over:
            return _gap(variable, gap, passed_over[gap])
    return _gap(variable, Gap.MISSING, None)


def _ordinal(as_of: str) -> float:
    now = span(as_of)
    return now[1].toordinal() if now else math.inf


def _of_day(index: Index, variable: Variable, day: list[Observation], *, acute: bool) -> Value:
    waiting = next((o for o in day if index.is_questioned(o, variable)), None)
    if waiting is not None:
        return _gap(variable, Gap.QUESTIONED, waiting)
    if variable.kind == "category":
        return _latest_category(variable, day)
    mean = variable.name in PRESSURES and not acute
    return _pressure(variable, day) if mean else _latest(variable, day)


def _gap(variable: Variable, gap: Gap, found: Observation | None) -> Value:
    blank = Value(variable.name, None, variable.unit, gap)
    if found is None:
        return blank
    return replace(_value(variable, [found], None), gap=gap)


def _latest_category(variable: Variable, day: list[Observation]) -> Value:
    latest = max(day, key=lambda o: moment(o.time))
    value = category_value(variable, latest.value)
    return _value(variable, [latest], value) if value is not None else _gap(variable, Gap.NOT_STATED, latest)


def _latest(variable: Variable, day: list[Observation]) -> Value:
    """The last value of the day; several at one moment must agree, else the code listed first decides."""
    last = max(moment(o.time) for o in day)
    same = [o for o in day if moment(o.time) == last]
    if len({o.value for o in same}) > 1:
        rank = {code: place for place, code in enumerate(variable.codes)}
        best = min(rank.get(o.code, len(rank)) for o in same)
        same = [o for o in same if rank.get(o.code, len(rank)) == best]
    if len({(o.value, o.comparator) for o in same}) > 1:
        return _gap(variable, Gap.CONFLICT, same[0])
    if same[0].comparator:
        return _gap(variable, Gap.CENSORED, same[0])
    return _value(variable, same, _number(same[0]))


def _pressure(variable: Variable, day: list[Observation]) -> Value:
    """Mean of the day; home readings are not mixed with the clinic's (SAFETY 9)."""
    clinic = [o for o in day if o.setting != HOME_SETTING]
    readings = [o for o in (clinic or day) if not o.comparator]
    if not readings:
        return _gap(variable, Gap.CENSORED, day[0])
    distinct = list({(o.time, o.value): o for o in readings}.values())
    numbers = [number for number in map(_number, distinct) if number is not None]
    mean = sum(numbers) / len(numbers) if numbers else None
    value = _value(variable, sorted(readings, key=lambda o: moment(o.time), reverse=True), mean)
    if len(distinct) > 1:
        value = replace(value, value_as_written=", ".join(o.value_as_written for o in distinct))
    return value if clinic else replace(value, cautions=(*value.cautions, ("home_pressure", _(HOME))))


def _number(found: Observation) -> float | None:
    value = found.value
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None


def _value(variable: Variable, found: list[Observation], value: float | str | None) -> Value:
    first = found[0]
    cautions = list(_cautions(first)) if value is not None else []
    return Value(
        name=variable.name,
        value=value,
        unit=variable.unit,
        gap=Gap.NONE if value is not None else Gap.MISSING,
        origin=first.origin,
        source=first.source,
        sources=tuple(o.source for o in found),
        time=first.time,
        value_as_written=first.value_as_written,
        unit_as_written=first.unit_as_written,
        cautions=tuple(cautions),
        observation=first.id,
    )


def _cautions(found: Observation) -> Iterable[tuple[str, str]]:
    if not found.time:
        yield "undated", _(UNDATED)
    assumed = (
        found.unit not in ("", "1") and not found.unit.startswith("{") and says_nothing(found.unit_as_written)
    )
    if assumed and found.origin is Origin.FILE and found.variable != "age":
        yield "unit_assumed", _(UNIT_ASSUMED)


def _or_derived(
    record: Record, variable: Variable, found: Value, as_of: str, limit: int | None, *, acute: bool
) -> Value:
    """The measured value, or the computed one where there is none or its parents are newer or were answered."""
    rule = RULES[variable.name]
    if found.known and variable.name != "bmi":
        return found
    if any(parent in RULES and variable.name in RULES[parent].parents for parent in rule.parents):
        index = index_of(record)
        parents = {p: _direct(index, VARIABLES[p], as_of, limit, acute) for p in rule.parents}
    else:
        ages = {p: None if VARIABLES[p].max_age_days is None else limit for p in rule.parents}
        parents = {
            p: resolve(record, p, as_of=as_of, max_age_days=ages[p], acute=acute) for p in rule.parents
        }
    computed = derived(variable.name, variable.unit, parents)
    if not found.known:
        return computed if computed.known or found.gap in (Gap.MISSING, Gap.NOT_STATED) else found
    if any(value.gap is Gap.QUESTIONED for value in parents.values()):
        return replace(found, value=None, gap=Gap.QUESTIONED)
    answered = any(value.origin is Origin.ENTERED for value in parents.values())
    newer = parents[rule.parents[0]].time[:10] > found.time[:10]
    return computed if computed.known and (answered or newer) else found


def _direct(index: Index, variable: Variable, as_of: str, limit: int | None, acute: bool) -> Value:
    answer = index.entered.get(variable.name)
    return entered(variable, answer) if answer else _measured(index, variable, as_of, limit, acute=acute)
