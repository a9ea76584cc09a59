"""A record without what identifies the patient, for research and teaching (SAFETY 26).

Only what can be checked leaves: numbers with an understood unit, codes of public terminologies, categories of
standard inputs, statuses from fixed lists, and dates. Everything written in words stays here: names, notes, texts
of values, reactions, instructions, documents, files and places, and every entry that has words only. A section
that lost an entry is no longer complete, so that nobody reads its absence as "no".

Against the eighteen identifiers of the HIPAA Safe Harbor list (45 CFR 164.514(b)(2)(i)):
A names, B places, D-F telephone, fax, e-mail, G-K numbers, L vehicles, M devices, N-O addresses on the net,
P-Q biometrics and images, R other numbers: the record's fields for them are emptied, and text that could hold them is
left out. C dates: all are shifted by one offset a patient, a whole number of days; times of day and zones are left
out. Ages from 90 become one group: no birth date, no age but ">= 90", and no date that lies so far back that it
tells the age. Shifted dates are more than Safe Harbor allows, so that a person with knowledge of the method has to
judge the risk for the data at hand (expert determination, 164.514(b)(1)); rare codes and values are for them too.

Offset and id are drawn anew for each export and kept nowhere: two exports of a patient cannot be joined.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from medgui.export.ages import OLDEST, age_group, latest_day, reaches_ninety, states_old_age
from medgui.export.codes import public, public_unit, specimen_class
from medgui.i18n import N_, _
from medgui.record.answers import category_value
from medgui.record.dates import span
from medgui.record.model import (
    Allergy,
    Answer,
    Completeness,
    Condition,
    Medication,
    Observation,
    Patient,
    Question,
    Record,
    Source,
    Suggestion,
)
from medgui.record.questions import OWN_CODES, raise_questions
from medgui.record.variables import VARIABLES, Variable

REASON = N_("Not a confirmed fact about the patient.")
UNSETTLED = N_("The file does not settle this value.")
_FIRST, _LAST = -365, -1
_NOWHERE = Source("")
_STATES = frozenset({
    "active", "inactive", "resolved", "remission", "recurrence", "relapse", "confirmed", "unconfirmed", "provisional",
    "differential", "refuted", "entered-in-error", "completed", "not-done", "in-progress", "preparation", "on-hold",
    "stopped", "unknown", "final", "amended", "corrected", "preliminary", "registered", "cancelled", "planned",
    "not-taken", "partial", "health-unknown",
})  # fmt: skip
_SETTINGS = frozenset({"outpatient", "inpatient", "emergency", "home"})
_CATEGORIES = frozenset({
    "social-history", "vital-signs", "imaging", "laboratory", "procedure", "survey", "exam", "therapy", "activity",
})  # fmt: skip
_FLAGS = frozenset({"H", "L", "HH", "LL", "N", "A", "AA", "POS", "NEG", "<", ">"})
_GENDERS = frozenset({"male", "female", "other", "unknown"})
_SEX_SOURCES = frozenset(
    {"sex parameter for clinical use", "recorded sex", "administrative gender", "table column"}
)
_WRITTEN = re.compile(r"(<=|>=|<|>|≤|≥)?\s*[+-]?\d{1,9}([.,]\d{1,9})?")
_DOSE = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)\s*(mg|g|mcg|ug|µg|mL|ml|[Uu]nits?|IU|%)")
_KINDS = {
    "condition": "conditions",
    "phenotype": "conditions",
    "procedure": "procedures",
    "immunization": "immunizations",
    "family_history": "family_history",
}


def random_offset() -> int:
    """Days to move all dates of one patient by: one of the 365 from a year back to yesterday, drawn at random."""
    return _FIRST + secrets.randbelow(_LAST - _FIRST + 1)


def random_key() -> str:
    """An id for one exported patient that is derived from nothing."""
    return f"P-{secrets.token_hex(8)}"


def deidentified(record: Record, *, offset_days: int, key: str) -> Record:
    """The record without what identifies the patient; all dates move by *offset_days*, *key* is the new id."""
    return _Remover(record, offset_days, key).record()


class _Remover:
    """Takes one record apart; `lost` are the sections of which an entry was left out."""

    def __init__(self, record: Record, offset_days: int, key: str) -> None:
        self.source, self.offset, self.key = record, timedelta(days=offset_days), key
        self.latest = latest_day(record)
        self.old = reaches_ninety(record) or states_old_age(record)
        self.lost: set[str] = set()
        self.names: dict[str, str] = {}

    def record(self) -> Record:
        """Put together what may leave."""
        old = self.source
        observations = [*_present(map(self._observation, old.observations))]
        if self.old and not any(found.variable == "age" for found in observations):
            observations.append(age_group(self._date(self.latest)))
        conditions = tuple(_present(map(self._condition, old.conditions)))
        drugs = tuple(_present(map(self._medication, old.medications)))
        allergies = tuple(_present(map(self._allergy, old.allergies)))
        questions = tuple(self._questions())
        answers = tuple(_present(map(self._answer, old.answers)))
        made = Record(
            patient=self._patient(),
            file="",
            format=old.format,
            read_at="",
            document_date=self._date(self.latest),
            as_of=self._date(self.latest),
            observations=tuple(observations),
            conditions=conditions,
            medications=drugs,
            allergies=allergies,
            questions=questions,
            answers=answers,
            completeness=self._completeness(),
        )
        return raise_questions(made)

    def _completeness(self) -> dict[str, Completeness]:
        states = dict(self.source.completeness)
        for section in self.lost & states.keys():
            states[section] = Completeness.PARTIAL
        for section, day in self.source.list_dates.items():
            if day != self.source.document_date and states.get(section) is Completeness.COMPLETE:
                states[section] = Completeness.PARTIAL
        return states

    # Dates

    def _date(self, text: str) -> str:
        """A date moved by the offset and as precise as it was; "" where it is none or would tell an age from 90."""
        days = span(text)
        if days is None:
            return ""
        if self.old and self._far_back(days[0]):
            return ""
        length = (days[1] - days[0]).days
        try:
            moved = (days[0] + timedelta(days=length // 2) + self.offset).isoformat()
        except OverflowError:
            return ""
        return moved if length == 0 else moved[:7] if length < 31 else moved[:4]

    def _far_back(self, day: date) -> bool:
        until = span(self.latest)
        return until is not None and (until[1] - day).days >= (OLDEST - 1) * 365

    # The person

    def _patient(self) -> Patient:
        person = self.source.patient
        died = person.deceased
        written = person.administrative_gender.lower()
        groups = VARIABLES["ethnicity"].categories if "ethnicity" in VARIABLES else {}
        return Patient(
            id=self.key,
            birth_date="" if self.old else self._date(person.birth_date),
            sex=person.sex,
            administrative_gender=written if written in _GENDERS else "",
            sex_source=person.sex_source if person.sex_source in _SEX_SOURCES else "",
            deceased=(self._date(died) or "yes") if died else "",
            ethnicity=person.ethnicity if person.ethnicity in groups else "",
            is_test=person.is_test,
        )

    # Values

    def _observation(self, found: Observation) -> Observation | None:
        """The value where it is a number with a unit, a category or yes and no, of something with a public code."""
        codings = public(found.codings or ())
        variable = VARIABLES.get(found.variable)
        value = self._value(found, variable)
        if value is None or not (codings or variable):
            self.lost.add("social_history" if found.category == "social-history" else "observations")
            return None
        first = codings[0] if codings else None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        unit = public_unit(found.unit_as_written, found.variable) or ""
        grouped = number and self._tells_age(found)
        return replace(
            found,
            id=self._name(found.id),
            code=first.code if first else "",
            system=first.system if first else "",
            name=variable.title["en"] if variable else first.code if first else "",
            value=float(OLDEST) if grouped else value,
            comparator=">=" if grouped else found.comparator,
            value_as_written=self._written(found, number) if not grouped else str(OLDEST),
            unit=unit if found.unit == found.unit_as_written else found.unit,
            unit_as_written=unit,
            time=self._date(found.time),
            source=_NOWHERE,
            codings=codings,
            status=found.status if found.status in _STATES else "unknown",
            unusable_reason="" if found.usable else _(REASON),
            setting=found.setting if found.setting in _SETTINGS else "",
            specimen=specimen_class(found.specimen),
            method="",
            category=found.category if found.category in _CATEGORIES else "",
            interpretation=found.interpretation if found.interpretation in _FLAGS else "",
            note="",
        )

    def _value(self, found: Observation, variable: Variable | None) -> float | str | bool | None:
        value = found.value
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            written = found.unit_as_written.strip()
            understood = public_unit(written, found.variable) if written else None
            if self.old and found.variable.startswith("age_"):
                return None
            bare = variable is not None and not written
            return value if understood is not None or bare else None
        if isinstance(value, str) and variable is not None and value in variable.categories:
            return value
        return None

    def _tells_age(self, found: Observation) -> bool:
        return found.variable == "age" and self.old

    @staticmethod
    def _written(found: Observation, number: bool) -> str:
        if not number:
            return "" if found.value is None else str(found.value).lower()
        written = found.value_as_written.strip()
        return written if _WRITTEN.fullmatch(written) else f"{found.comparator}{float(found.value or 0):.12g}"

    def _name(self, name: str) -> str:
        """The number that stands for an id; parts of one panel keep their common number."""
        panel, sign, part = name.partition("#")
        if sign and part.isdigit():
            number = self.names.setdefault(panel + "#", f"observation-{len(self.names) + 1}")
            self.names[name] = f"{number}#{part}"
        return self.names.setdefault(name, f"observation-{len(self.names) + 1}")

    # Lists

    def _condition(self, found: Condition) -> Condition | None:
        codings = public(found.codings)
        if not codings:
            self.lost.add(_KINDS.get(found.kind, "conditions"))
            return None
        own = found.subject in ("", "patient")
        return Condition(
            id=self._name(f"{found.kind}:{found.id}"),
            codings=codings,
            name=codings[0].code,
            clinical_status=found.clinical_status if found.clinical_status in _STATES else "",
            verification=found.verification if found.verification in _STATES else "",
            subject="patient" if own else "family member",
            onset=self._date(found.onset),
            recorded=self._date(found.recorded),
            source=_NOWHERE,
            kind=found.kind if found.kind in _KINDS else "condition",
            usable=found.usable,
            unusable_reason="" if found.usable else _(REASON),
        )

    def _medication(self, found: Medication) -> Medication | None:
        codings = public(found.codings)
        if not codings:
            self.lost.add("medications")
            return None
        dose = _DOSE.fullmatch(found.dose.strip())
        return Medication(
            id=self._name(f"medication:{found.id}"),
            codings=codings,
            name=codings[0].code,
            status=found.status if found.status in _STATES else "unknown",
            dose=f"{dose[1]} {dose[2]}" if dose else "",
            route="",
            start=self._date(found.start),
            end=self._date(found.end),
            source=_NOWHERE,
            usable=found.usable,
            unusable_reason="" if found.usable else _(REASON),
        )

    def _allergy(self, found: Allergy) -> Allergy | None:
        codings = public(found.codings)
        if not codings and not found.negated:
            self.lost.add("allergies")
            return None
        return Allergy(
            id=self._name(f"allergy:{found.id}"),
            codings=codings,
            name="" if found.negated else codings[0].code,
            reaction="",
            status=found.status if found.status in _STATES else "",
            verification=found.verification if found.verification in _STATES else "",
            negated=found.negated,
            recorded=self._date(found.recorded),
            source=_NOWHERE,
        )

    # Questions and answers

    def _questions(self) -> list[Question]:
        """The readers' questions without their words; those about plausibility are asked anew."""
        kept = []
        for question in self.source.questions:
            name = self.names.get(question.observation, "")
            if question.code in OWN_CODES or (question.observation and not name):
                continue
            kept.append(
                Question(
                    id=f"{question.code}:{name}" if name else question.code,
                    code=question.code,
                    message=_(UNSETTLED),
                    observation=name,
                    variable=question.variable,
                    suggestions=tuple(self._suggestions(question)),
                )
            )
        return kept

    def _suggestions(self, question: Question) -> list[Suggestion]:
        variable = VARIABLES.get(question.variable)
        kept = []
        for offered in question.suggestions:
            is_text = isinstance(offered.value, str)
            if is_text and (variable is None or offered.value not in variable.categories):
                continue
            unit = public_unit(offered.unit, question.variable) if offered.unit else ""
            if unit is not None and question.variable != "age":
                kept.append(Suggestion("", offered.value, unit))
        return kept

    def _answer(self, answer: Answer) -> Answer | None:
        variable = VARIABLES.get(answer.variable)
        question = next((q for q in self.source.questions if q.id == answer.question), None)
        if variable is None or (self.old and answer.variable.startswith("age")):
            return None
        value = answer.value
        if isinstance(value, str) and category_value(variable, value) is None:
            return None
        about = self.names.get(question.observation, "") if question else ""
        if question is not None and question.observation and not about:
            return None
        kept = f"{question.code}:{about}" if question and about else question.code if question else ""
        unit = public_unit(answer.unit, answer.variable) if answer.unit else ""
        return Answer(answer.variable, value, unit or "", self._date(answer.time), kept, answer.left_out)


T = TypeVar("T")


def _present(listed: Iterable[T | None]) -> Iterator[T]:
    return (item for item in listed if item is not None)
