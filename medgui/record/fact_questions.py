"""Questions about facts that a file only hints at (SAFETY 7): a drug without its problem, one high result."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.i18n import N_, _, format_list, localised
from medgui.record.courses import reduced_egfr
from medgui.record.facts import drugs
from medgui.record.index import index_of
from medgui.record.model import Medication, Observation, Question, Record, Source, Suggestion
from medgui.record.problems import stating
from medgui.record.variables import VARIABLES

DRUG_WITHOUT_DIABETES = N_("Diabetes? {drugs} is listed, diabetes is not; it has other uses too.")
HBA1C_WITHOUT_DIABETES = N_("Diabetes? HbA1c was {value}; one result of 6.5 % or more needs confirmation.")
DRUG_WITHOUT_HYPERTENSION = N_("On blood-pressure treatment? {drugs} is listed, hypertension is not.")
DOUBTFUL = N_("{title}? The file says “{entry}”, which does not settle it.")
ENDED = N_("{title} now? “{entry}” is marked as {status}.")
REDUCED_EGFR = N_("Chronic kidney disease? The eGFR was {value}: reduced, its duration not shown.")
TYPES = N_("Type of diabetes? The problem list states several.")

_HBA1C_DIABETES = 6.5
"""Per cent; ADA Standards of Care 2024, section 2: without symptoms a second result confirms."""
_ASKED = (
    "diabetes",
    "prior_ascvd",
    "heart_failure",
    "dialysis_or_transplant",
    "atrial_fibrillation",
    "chronic_kidney_disease",
    "current_smoker",
)


def fact_questions(record: Record) -> Iterator[Question]:
    """Questions about yes/no facts; none for what the file states itself or a doctor has entered."""
    known = {o.variable for o in record.observations if o.usable and isinstance(o.value, bool | float)}
    for name in _ASKED:
        if name not in known and not stating(record, name).evidence:
            yield from _doubtful(record, name)
    if "diabetes" not in known and not stating(record, "diabetes").evidence:
        yield from _diabetes(record)
    if "bp_treatment" not in known:
        yield from _bp_treatment(record)
    if "chronic_kidney_disease" not in known:
        yield from _kidney_disease(record)
    if len(stating(record, "diabetes").types) > 1:
        yield _diabetes_types(record)


def _doubtful(record: Record, name: str) -> Iterator[Question]:
    found = stating(record, name)
    for condition in found.ended[-1:]:
        words = _(ENDED).format(
            title=localised(VARIABLES[name].title), entry=condition.name, status=condition.clinical_status
        )
        yield _yes_no(name, words, condition.source, "ended")
        return
    for condition in found.hints[-1:]:
        words = _(DOUBTFUL).format(title=localised(VARIABLES[name].title), entry=condition.name)
        yield _yes_no(name, words, condition.source, "hint")


def _diabetes(record: Record) -> Iterator[Question]:
    doubts = stating(record, "diabetes")
    if doubts.ended or doubts.hints:
        return
    listed = drugs(record, "glucose_lowering")
    if listed:
        words = _(DRUG_WITHOUT_DIABETES).format(drugs=_names(listed))
        yield _yes_no("diabetes", words, listed[0].source, "drug")
        return
    asked = {question.observation for question in record.questions}
    high = [o for o in record.observations if o.variable == "hba1c" and o.id not in asked and _is_high(o)]
    if high:
        latest = max(high, key=lambda o: o.time)
        written = f"{latest.value_as_written} {latest.unit_as_written}".strip()
        words = _(HBA1C_WITHOUT_DIABETES).format(value=written)
        yield _yes_no("diabetes", words, latest.source, "hba1c")


def _is_high(found: Observation) -> bool:
    value = found.value
    return found.usable and found.unit == "%" and isinstance(value, float) and value >= _HBA1C_DIABETES


def _bp_treatment(record: Record) -> Iterator[Question]:
    listed = drugs(record, "antihypertensive")
    if listed and not stating(record, "hypertension").evidence:
        words = _(DRUG_WITHOUT_HYPERTENSION).format(drugs=_names(listed))
        yield _yes_no("bp_treatment", words, listed[0].source, "drug")


def _kidney_disease(record: Record) -> Iterator[Question]:
    """One reduced eGFR, or several within three months, show no chronic disease (SAFETY 10)."""
    doubts = stating(record, "chronic_kidney_disease")
    if doubts.evidence or doubts.ended or doubts.hints:
        return
    low, chronic = reduced_egfr(index_of(record), record.as_of)
    if low and not chronic:
        words = _(REDUCED_EGFR).format(value=low[0].value_as_written)
        yield _yes_no("chronic_kidney_disease", words, low[0].source, "egfr")


def _names(listed: list[Medication]) -> str:
    return format_list(list(dict.fromkeys(m.name for m in listed))[:3])


def _yes_no(name: str, message: str, source: Source, kind: str) -> Question:
    return Question(
        id=f"fact_hinted:{name}:{kind}",
        code="fact_hinted",
        message=message,
        variable=name,
        suggestions=(Suggestion(_("Yes"), True), Suggestion(_("No"), False)),
        source=source,
    )


def _diabetes_types(record: Record) -> Question:
    kinds = stating(record, "diabetes").types
    choices = VARIABLES["diabetes_type"].categories
    return Question(
        id="diabetes_type_conflict",
        code="diabetes_type_conflict",
        message=_(TYPES),
        variable="diabetes_type",
        suggestions=tuple(Suggestion(localised(choices[kind]), kind) for kind in kinds),
        source=next(iter(kinds.values()))[0].source,
    )
