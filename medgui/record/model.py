"""The Record: what is known about one person, each value with unit, time, code and provenance. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import Literal

from medgui.frozen import frozen

Sex = Literal["female", "male"]


class Origin(StrEnum):
    """Where a value that a model uses came from."""

    FILE = "file"
    DERIVED = "derived"
    ENTERED = "entered"
    IMPUTED = "imputed"
    ASSUMED_ABSENT = "assumed_absent"
    CLINIC = "clinic"


class Completeness(StrEnum):
    """How far a section of the file was read (SAFETY 2)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    ABSENT = "absent"


@frozen
class Source:
    """Place in a file. `location` is for people ("entry[3] Observation/bp-1, line 120"), `text` as written.

    `column` counts characters from 1; readers give it where lines are long (XML, JSON of one line).
    """

    file: str
    location: str = ""
    text: str = ""
    line: int | None = None
    section: str = ""
    column: int | None = None


@frozen
class Quantity:
    """A number with a UCUM unit. `comparator` is one of "", "<", "<=", ">", ">=" (then it is an interval)."""

    value: float
    unit: str
    comparator: str = ""


@frozen
class Coding:
    """One code of a concept. `system` is the FHIR system URI ("" when the file gives none)."""

    code: str
    system: str = ""
    display: str = ""


@frozen
class Observation:
    """One measured or stated value. Panels are split into components before they come here.

    `variable` is the standard input name (`systolic_bp`; see resources/knowledge/variables.toml) or "".
    `value`/`unit` are canonical where the unit was understood and no question is open, else as written.
    `usable` is false for values kept and shown but never used (SAFETY 1); `unusable_reason` says why.
    `answer` is what a yes or no says beyond it ("ex_smoker"). `setting` is "outpatient", "inpatient", "emergency",
    "home" or "" (not stated).
    """

    id: str
    code: str
    system: str
    name: str
    value: float | str | bool | None
    unit: str
    value_as_written: str
    unit_as_written: str
    time: str
    source: Source
    variable: str = ""
    comparator: str = ""
    codings: tuple[Coding, ...] = ()
    status: str = "final"
    usable: bool = True
    unusable_reason: str = ""
    setting: str = ""
    specimen: str = ""
    method: str = ""
    category: str = ""
    reference_range: tuple[float | None, float | None] | None = None
    interpretation: str = ""
    origin: Origin = Origin.FILE
    note: str = ""
    answer: str = ""


@frozen
class Condition:
    """A problem, diagnosis or past event. `subject` is "patient" or the relative it is about.

    `kind` is "condition", "procedure", "immunization", "phenotype" (a sign or symptom; `verification` "refuted"
    where it was looked for and is absent) or "family_history". `clinical_status` of a procedure or immunization
    is its status ("completed", "not-done"); `onset` is when it was done. `note` is what the file says in words where
    it gives no date ("Onset: 45 a").
    """

    id: str
    codings: tuple[Coding, ...]
    name: str
    clinical_status: str
    verification: str
    subject: str
    onset: str
    recorded: str
    source: Source
    kind: str = "condition"
    usable: bool = True
    unusable_reason: str = ""
    note: str = ""


@frozen
class Medication:
    """A medication. `status` is "active", "stopped", "planned", "not-taken", "completed" or "unknown".

    `dose` and `frequency` are in words ("40 mg", "every 12 hours"); "" where the file states none, and `frequency`
    is "" too where the file states dose and frequency in one sentence, which then stands in `dose`.
    """

    id: str
    codings: tuple[Coding, ...]
    name: str
    status: str
    dose: str
    route: str
    start: str
    end: str
    source: Source
    usable: bool = True
    unusable_reason: str = ""
    frequency: str = ""


@frozen
class Allergy:
    """An allergy, or a stated "no known allergy" (`negated` true)."""

    id: str
    codings: tuple[Coding, ...]
    name: str
    reaction: str
    status: str
    verification: str
    negated: bool
    recorded: str
    source: Source


@frozen
class Identifier:
    system: str
    value: str
    kind: str = ""


@frozen
class Patient:
    """Identity. `birth_date` is ISO, possibly partial ("1976", "1976-03"). `sex` is None when not usable.

    `sex_source` says which element gave `sex` (SAFETY 3); `administrative_gender` is as written.
    """

    id: str
    family: str = ""
    given: str = ""
    birth_date: str = ""
    sex: Sex | None = None
    administrative_gender: str = ""
    sex_source: str = ""
    identifiers: tuple[Identifier, ...] = ()
    deceased: str = ""
    ethnicity: str = ""
    is_test: bool = False
    source: Source = Source("")


@frozen
class Suggestion:
    """One possible answer to a question."""

    label: str
    value: float | str | bool | None
    unit: str = ""


@frozen
class Question:
    """Something the file does not settle. No model uses the value until it is answered (SAFETY, architecture 5.1).

    `code` is stable for machines ("unit_mismatch", "sex_conflict", "birth_date_partial"…); `message` is the
    question in words; `observation` the Observation id or ""; `variable` the standard input it concerns.
    `suggestions` come with the likely answer first; none is ever taken by itself. `facts` help to decide.
    """

    id: str
    code: str
    message: str
    observation: str = ""
    variable: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    source: Source = Source("")


@frozen
class Answer:
    """What a doctor entered or answered. `value` None with `left_out` true means "leave it out"."""

    variable: str
    value: float | str | bool | None
    unit: str
    time: str
    question: str = ""
    left_out: bool = False
    note: str = ""


@frozen
class Document:
    """A note, report, image header or variant file that is kept as it is: shown, never a source of numbers.

    `media_type` is the MIME type ("text/plain", "application/pdf", "application/dicom", "text/x-vcf"). `text` is
    the plain text as far as the file holds one ("" for pixels, PDF pages and variants). `facts` are pairs of
    label and value for people (modality, body part, assembly). `path` is the place of the file on this computer
    where the document is a file of its own, else "".
    """

    id: str
    title: str
    media_type: str
    time: str
    source: Source
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    size: int = 0
    path: str = ""


@frozen
class Cleaned:
    """What standardisation left out or put together, and why: the trace of an entry that is no longer listed.

    `code` is stable for machines ("duplicate", "corrected", "entered_in_error"…), `kept` the id of the entry
    that stands for it ("" where none does).
    """

    code: str
    message: str
    source: Source
    kept: str = ""


@frozen
class FilePart:
    """One file that a record was read from. `name` is what its values carry in `Source.file`."""

    name: str
    format: str
    sha256: str
    size: int
    document_date: str = ""
    path: str = ""


@frozen
class Unread:
    """Something in the file that was not understood and is never used."""

    location: str
    reason: str
    line: int | None = None
    section: str = ""


@frozen
class Record:
    """All that one file (or several) says about one person, plus the doctor's answers.

    `generation` grows with each answer or edit; results carry `key` so that the screen can drop what does not
    match. `completeness` maps "conditions", "medications", "allergies", "observations", "procedures",
    "social_history", "immunizations", "family_history" to how far that part was read; a missing key is ABSENT.
    `parts` are the files it was read from; `file`, `format` and `sha256` are those of the first, or of all together
    (then `file` is "a.json (+2)" and `format` "several"). `list_dates` holds the date of the list that makes a section
    complete where that is not the document's own. `clinic_country` (ISO alpha-3, "" where not set) is a setting of
    the clinic: what follows from it stands where the file says nothing.
    """

    patient: Patient
    file: str
    format: str
    read_at: str
    document_date: str = ""
    as_of: str = ""
    observations: tuple[Observation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    medications: tuple[Medication, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: tuple[Answer, ...] = ()
    unread: tuple[Unread, ...] = ()
    completeness: Mapping[str, Completeness] = field(default_factory=dict)
    sha256: str = ""
    generation: int = 0
    documents: tuple[Document, ...] = ()
    cleaned: tuple[Cleaned, ...] = ()
    parts: tuple[FilePart, ...] = ()
    list_dates: Mapping[str, str] = field(default_factory=dict)
    clinic_country: str = ""

    def list_date(self, section: str) -> str:
        """The day as of which *section* was listed: what "none listed" holds for."""
        return self.list_dates.get(section, self.document_date)

    def at_clinic(self, country: str) -> Record:
        """This record in a clinic of *country*; itself where that is so already."""
        return self if country == self.clinic_country else replace(self, clinic_country=country)

    @property
    def key(self) -> tuple[str, str, int]:
        """Identity and generation: what a result must carry to be painted on this record."""
        return (self.sha256 or self.file, self.patient.id, self.generation)

    def with_answer(self, answer: Answer) -> Record:
        """A new record in which `answer` holds; the question it answers is closed. The file is never changed."""
        kept = tuple(a for a in self.answers if not _same_place(a, answer))
        return replace(self, answers=(*kept, answer), generation=self.generation + 1)

    def without_answer(self, answer: Answer) -> Record:
        """Undo of `with_answer`."""
        return replace(
            self, answers=tuple(a for a in self.answers if a != answer), generation=self.generation + 1
        )

    @property
    def open_questions(self) -> tuple[Question, ...]:
        answered = {a.question for a in self.answers if a.question}
        entered = {a.variable for a in self.answers if not a.question}
        return tuple(
            q for q in self.questions if q.id not in answered and (q.observation or q.variable not in entered)
        )


def _same_place(old: Answer, new: Answer) -> bool:
    return bool(new.question and old.question == new.question) or (
        not new.question and not old.question and old.variable == new.variable
    )
