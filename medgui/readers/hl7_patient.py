"""Who an HL7 v2 file is about: the patients of its messages, and the identity of the one that is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_age, format_list
from medgui.readers import chosen
from medgui.readers.fhir_patient import HISPANIC, NOT_HISPANIC, RACES
from medgui.readers.hl7_text import Hl7File, Message, Segment
from medgui.readers.hl7_values import identifiers, iso_time, names, time_of
from medgui.readers.patient_file import PatientFile
from medgui.readers.sex import settle_sex
from medgui.record.dates import age_range
from medgui.record.model import Identifier, Patient, Question, Source, Suggestion, Unread

_SSN = "http://hl7.org/fhir/sid/us-ssn"
_OF_A_VISIT = frozenset({"AN", "VN", "ACSN", "BA", "PLAC", "FILL"})
"""Kinds of identifier (table 0203) that name a visit or an account, not a person."""
_RECORD_NUMBERS = ("MR", "MRN", "PI", "PT", "PN", "MRN1")


@dataclass(slots=True)
class Stretch:
    """What one message says about one patient: from a PID segment to the next."""

    message: Message
    pid: Segment
    segments: list[Segment] = field(default_factory=list)

    def numbers(self) -> list[Identifier]:
        """Identifiers of the person: the list, in older versions also the outer and the alternate one."""
        listed = [*identifiers(self.pid.parts(3))]
        listed += [*identifiers(self.pid.parts(2)), *identifiers(self.pid.parts(4))]
        if self.pid.text(19):
            listed.append(Identifier(_SSN, self.pid.text(19), "SS"))
        first = {(item.value, item.system): item for item in reversed(listed)}
        return [item for item in dict.fromkeys(listed) if first[item.value, item.system] is item]

    def known_as(self) -> list[Identifier]:
        """Identifiers that tell the person, with those that a merge gave up for them."""
        given_up = [
            item for each in self.segments if each.name == "MRG" for item in identifiers(each.parts(1))
        ]
        return [item for item in (*self.numbers(), *given_up) if item.kind.upper() not in _OF_A_VISIT]

    def name(self, today: date) -> tuple[str, str]:
        """Family and given names."""
        found = names(self.pid.parts(5), today)
        return (found[0].family, found[0].given) if found else ("", "")

    def born(self) -> str:
        """The birth date, possibly partial; "" where none is readable."""
        return (iso_time(self.pid.text(7)) or "")[:10]


@dataclass(slots=True)
class Person:
    """One patient of the file with all stretches about them, in file order."""

    id: str
    stretches: list[Stretch]
    label: str = ""


def stretches(file: Hl7File) -> tuple[list[Stretch], list[Unread]]:
    """All stretches of a file; messages that name no patient are noted."""
    found: list[Stretch] = []
    unread: list[Unread] = []
    for message in file.messages:
        current: Stretch | None = None
        before: list[Segment] = []
        for segment in message.segments:
            if segment.name == "PID":
                current = Stretch(message, segment, before)
                found.append(current)
                before = []
            elif current is None:
                before.append(segment)
            else:
                current.segments.append(segment)
        if current is None:
            kind = "^".join(filter(None, message.kind)) or "?"
            reason = _("The message ({kind}) names no patient and is not read.")
            unread.append(message.header.not_read(reason.format(kind=kind)))
    return found, unread


def people(found: list[Stretch], today: date) -> list[Person]:
    """Stretches by person: one identifier in common makes one person, unless both name and birth date differ."""
    owner = list(range(len(found)))
    known: dict[str, list[int]] = {}
    for index, stretch in enumerate(found):
        for key in _keys(stretch, today):
            others = known.setdefault(key, [])
            same = [other for other in others[:_COMPARED] if _same(stretch, found[other], today)]
            for other in same:
                owner[_root(owner, index)] = _root(owner, other)
            if not same:
                others.append(index)
    groups: dict[int, list[Stretch]] = {}
    for index, stretch in enumerate(found):
        groups.setdefault(_root(owner, index), []).append(stretch)
    taken: set[str] = set()
    listed = []
    for number, group in enumerate(groups.values(), 1):
        key = _record_number(group) or f"#{number}"
        listed.append(Person(key if key not in taken else f"{key} #{number}", group, _label(group, today)))
        taken.add(key)
    return listed


_COMPARED = 20
"""Different people under one number that a stretch is compared with."""


def _root(owner: list[int], index: int) -> int:
    while owner[index] != index:
        owner[index] = index = owner[owner[index]]
    return index


def _keys(stretch: Stretch, today: date) -> set[str]:
    """Under what a stretch is looked up: its numbers, else name and birth date."""
    numbers = {item.value.casefold() for item in stretch.known_as()}
    return numbers or {"\n".join((*stretch.name(today), stretch.born())).casefold()}


def _same(one: Stretch, other: Stretch, today: date) -> bool:
    name, other_name = (tuple(part.casefold() for part in each.name(today)) for each in (one, other))
    born, other_born = one.born(), other.born()
    same_birth = not born or not other_born or born.startswith(other_born) or other_born.startswith(born)
    numbers, other_numbers = one.known_as(), other.known_as()
    if numbers and other_numbers:
        shared = any(_same_number(a, b) for a in numbers for b in other_numbers)
        return shared and _may_be_one(name, other_name, same_birth=same_birth)
    return any(name) and name == other_name and bool(born) and born == other_born


def _may_be_one(name: tuple[str, ...], other: tuple[str, ...], *, same_birth: bool) -> bool:
    """Whether two names under one number may be of one person.

    A family name changes with a marriage and a given name is written short; not both at once. With another birth
    date the family name has to be the same (it is asked which date holds).
    """
    family, given = (
        not (a and b) or a == b for a, b in zip(map(_first, name), map(_first, other), strict=True)
    )
    return (family or given) if same_birth else family


def _first(name: str) -> str:
    return name.partition(" ")[0]


def _same_number(one: Identifier, other: Identifier) -> bool:
    return one.value.casefold() == other.value.casefold() and (
        one.system == other.system or not one.system or not other.system
    )


def _record_number(group: list[Stretch]) -> str:
    numbers = [item for each in reversed(group) for item in each.numbers()]
    own = [item for item in numbers if item.kind.upper() not in _OF_A_VISIT] or numbers
    best = [item for item in own if item.kind.upper() in _RECORD_NUMBERS] or own
    return best[0].value if best else ""


def _label(group: list[Stretch], today: date) -> str:
    """A patient for a list to choose from: name, birth date, sex."""
    last = group[-1]
    family, given = last.name(today)
    parts = (" ".join(filter(None, (given, family))), last.born(), last.pid.text(8))
    return ", ".join(part for part in parts if part)


def choose(listed: list[Person], file: PatientFile) -> Person:
    """The person to read. Raises as `readers.open_record` says."""
    if not listed:
        raise UnreadableFile(_("{file} holds no patient.").format(file=file.name))
    shown = [
        chosen.Person(
            person.id,
            person.label,
            {item.value for each in person.stretches for item in each.known_as()},
        )
        for person in listed
    ]
    return listed[chosen.choose(file, shown)]


def read_patient(file: Hl7File, person: Person, today: date) -> tuple[Patient, list[Question], list[Unread]]:
    """Identity of the person: what the last message says, and a question where messages contradict each other."""
    unread: list[Unread] = []
    last = person.stretches[-1]
    source = last.pid.source(file.name, section="patient")
    family, given = _latest_name(person, today, unread)
    births = list(dict.fromkeys(filter(None, (_birth(each, unread) for each in person.stretches))))
    births = [one for one in births if not any(other != one and other.startswith(one) for other in births)]
    sex, sex_source, questions = settle_sex(_sexes(person), source)
    if len(births) > 1:
        questions.append(_which_birth(births, source, today))
    patient = Patient(
        id=person.id,
        family=family,
        given=given,
        birth_date=births[0] if len(births) == 1 else "",
        sex=sex,
        administrative_gender=next(_latest(person, 8), ""),
        sex_source=sex_source,
        identifiers=tuple(
            dict.fromkeys(item for each in reversed(person.stretches) for item in each.numbers())
        ),
        deceased=_deceased(person, unread),
        ethnicity=_ethnicity(person),
        is_test=any(each.message.header.text(11).upper() in ("T", "D") for each in person.stretches),
        source=source,
    )
    return patient, questions, list(dict.fromkeys(unread))


def _latest(person: Person, number: int) -> Iterator[str]:
    """What the messages say in a field of the PID segment, the last one first."""
    return (each.pid.text(number) for each in reversed(person.stretches) if each.pid.text(number))


def _latest_name(person: Person, today: date, unread: list[Unread]) -> tuple[str, str]:
    found = [each for each in person.stretches if any(each.name(today))]
    if not found:
        return "", ""
    shown = {tuple(map(str.casefold, each.name(today))): " ".join(each.name(today)) for each in found}
    if len(shown) > 1:
        reason = _("The messages name the patient in several ways ({names}); the last one is shown.")
        unread.append(
            found[-1].pid.not_read(reason.format(names=format_list(list(shown.values())[:5])), "patient")
        )
    return found[-1].name(today)


def _birth(stretch: Stretch, unread: list[Unread]) -> str:
    return time_of(stretch.pid, 7, unread, "patient")[:10]


def _which_birth(births: list[str], source: Source, today: date) -> Question:
    """Messages of one patient with several birth dates: none is used until the doctor says."""
    ages = [age_range(born, today.isoformat()) for born in births]
    return Question(
        id="birth_date_ambiguous",
        code="birth_date_ambiguous",
        message=_("Which birth date? The messages state {dates}.").format(dates=format_list(births)),
        variable="age",
        suggestions=tuple(
            Suggestion(_("{date} ({age})").format(date=born, age=format_age(age[0])), float(age[0]), "a")
            for born, age in zip(births, ages, strict=True)
            if age and age[0] == age[1]
        ),
        source=source,
    )


def _sexes(person: Person) -> tuple[list[str], list[str], list[str]]:
    """Statements of the sex: for clinical use (GSC, version 2.9.1), recorded (GSR), administrative (PID-8)."""
    clinical: list[str] = []
    recorded: list[str] = []
    for each in person.stretches:
        for segment in each.segments:
            if segment.name in ("GSC", "GSR"):
                listed = clinical if segment.name == "GSC" else recorded
                listed.extend(part.text(1) for number in (4, 5) for part in segment.parts(number))
    return clinical, recorded, list(_latest(person, 8))


def _deceased(person: Person, unread: list[Unread]) -> str:
    """Time of death, "yes" where only that is stated, or "": what the last message says that says anything."""
    for each in reversed(person.stretches):
        stated, when = each.pid.text(30).upper(), time_of(each.pid, 29, unread, "patient")
        if stated in ("N", "NO", "0", "F"):
            return ""
        if when or stated in ("Y", "YES", "1", "T"):
            return when or "yes"
    return ""


_HISPANIC_WORDS = {"H": HISPANIC, "N": NOT_HISPANIC, "NH": NOT_HISPANIC}
"""Table 0189."""


def _ethnicity(person: Person) -> str:
    """Race and ethnic group (US) as the standard text; "" unless both are stated (Hispanic needs no race)."""
    hispanic = {_HISPANIC_WORDS.get(code, code) for code in _stated(person, 22)}
    if HISPANIC in hispanic:
        return "Hispanic"
    races = {code for code in _stated(person, 10) if code.replace("-", "").isdigit()}
    if NOT_HISPANIC not in hispanic or not races:
        return ""
    return RACES.get(next(iter(races)), "Other") if len(races) == 1 else "Other"


def _stated(person: Person, number: int) -> list[str]:
    """Codes of a repeated coded field in the last message that holds one."""
    for each in reversed(person.stretches):
        found = [part.text(component).upper() for part in each.pid.parts(number) for component in (1, 4)]
        if any(found):
            return [code for code in found if code]
    return []
