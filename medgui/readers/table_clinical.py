"""Problems, drugs and allergies that a table lists, as rows with a code system or as words in a column.

A table seldom says whether a problem is confirmed or a drug is taken; without that it is kept and shown, never used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from medgui.i18n import _
from medgui.readers.limits import shortened
from medgui.readers.systems import ICD10
from medgui.readers.wording import drug_doubt, family, names_family_history, wording_doubt
from medgui.record.model import Allergy, Coding, Condition, Medication, Source
from medgui.record.variables import code_system, fold

CONDITION, MEDICATION, ALLERGY = "diagnosis", "medication", "allergy"

_CATEGORIES = {
    CONDITION: """condition, conditions, diagnosis, diagnoses, problem, problems, problem list, history,
        medical history, disease, comorbidity, diagnose, 诊断, 疾病, 既往史, 病史""",
    MEDICATION: "medication, medications, drug, drugs, prescription, medikament, 用药, 药物, 药品, 处方",
    ALLERGY: "allergy, allergies, allergyintolerance, intolerance, allergie, 过敏, 过敏史, 药物过敏",
}
_BY_CATEGORY = {fold(word): kind for kind, words in _CATEGORIES.items() for word in words.split(",")}
_STATUS = {
    "active": "active", "current": "active", "taking": "active", "ongoing": "active", "present": "active",
    "confirmed": "active", "aktiv": "active", "在用": "active", "使用中": "active", "现患": "active", "确诊": "active",
    "stopped": "stopped", "discontinued": "stopped", "inactive": "stopped", "停用": "stopped", "已停": "stopped",
    "已停用": "stopped", "completed": "completed", "完成": "completed", "planned": "planned", "计划": "planned",
    "nottaken": "not-taken", "nottaking": "not-taken", "未服用": "not-taken", "resolved": "resolved",
    "remission": "remission", "治愈": "resolved", "已治愈": "resolved",
}  # fmt: skip
_NO_ALLERGY = frozenset({
    "none", "no", "nil", "nka", "nkda", "noallergies", "noallergy", "noknownallergies", "noknownallergy",
    "noknowndrugallergies", "keine", "无", "否", "否认", "没有", "无过敏史", "否认过敏史", "无药物过敏", "无药物过敏史",
    "否认药物过敏史", "无已知过敏",
})  # fmt: skip
_NONE_KNOWN = re.compile(
    r"no (known )?(drug |food |medication |environmental )?allerg(y|ies)\.?", re.IGNORECASE
)
_NOTHING = frozenset({"none", "no", "nil", "keine", "无", "否认", "没有", "否"})
_SPLIT = re.compile(r"[;；、\n\r|]+|\s{3,}")
_ICD10 = re.compile(r"\(?([A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\)?[\s:,-]*(?=\D|$)")


def entry_kind(category: str, codings: Iterable[Coding]) -> str:
    """What a row of a long table is, besides a result: by its category, else by the system of its code; or ""."""
    named = _BY_CATEGORY.get(fold(category))
    if named:
        return named
    systems = {code_system(coding.system) for coding in codings}
    if systems & {"rxnorm", "atc"}:
        return MEDICATION
    return CONDITION if systems & {"icd10", "icd9"} else ""


def listed(cell: str) -> Iterator[tuple[str, tuple[Coding, ...]]]:
    """The entries of a cell that lists several, each with its ICD-10 code where one stands before the name."""
    for part in _SPLIT.split(cell):
        text = re.sub(r"^\s*\d{1,2}[.)、]\s*", "", part).strip(" ,，.。")
        if text:
            found = _ICD10.match(text)
            name = text[found.end() :].strip() if found else text
            yield name or text, (Coding(found[1], ICD10, name),) if found else ()


def says_none(text: str) -> bool:
    """Whether a cell of a list of problems or drugs says that there is nothing on it."""
    return (fold(text) or text) in _NOTHING


def condition(
    entry: str, name: str, codings: tuple[Coding, ...], status: str, time: str, source: Source
) -> Condition:
    """A problem; used only where the table states that it is (or was) there, and its words do not deny it."""
    stated = _STATUS.get(fold(status), "")
    doubt = wording_doubt(name)
    relative = names_family_history(codings, name)
    if relative:
        doubt = family()
    elif not doubt and stated not in ("active", "resolved", "remission", "stopped"):
        doubt = _("The table does not say whether the diagnosis is certain and present.")
    return Condition(
        id=entry,
        codings=codings,
        name=shortened(name, 500),
        clinical_status="inactive" if stated == "stopped" else stated or "unknown",
        verification="",
        subject="relative" if relative else "patient",
        onset="",
        recorded=time,
        source=source,
        kind="family_history" if relative else "condition",
        usable=not doubt,
        unusable_reason=doubt,
    )


def medication(
    entry: str, name: str, codings: tuple[Coding, ...], status: str, dose: str, source: Source
) -> Medication:
    """A drug; used only where the table states that it is taken."""
    stated = _STATUS.get(fold(status), "unknown")
    stated = stated if stated not in ("resolved", "remission") else "unknown"
    doubt = drug_doubt(fold(status), stated)
    return Medication(
        id=entry,
        codings=codings,
        name=shortened(name, 500),
        status=stated,
        dose=dose,
        route="",
        start="",
        end="",
        source=source,
        usable=not doubt,
        unusable_reason=doubt,
    )


def allergy(
    entry: str, name: str, codings: tuple[Coding, ...], status: str, time: str, source: Source
) -> Allergy:
    """An allergy, or the statement that none is known."""
    negated = (fold(name) or name) in _NO_ALLERGY or _NONE_KNOWN.fullmatch(name.strip()) is not None
    return Allergy(
        id=entry,
        codings=codings,
        name=shortened(name, 500),
        reaction="",
        status=_STATUS.get(fold(status), ""),
        verification="",
        negated=negated,
        recorded=time,
        source=source,
    )
