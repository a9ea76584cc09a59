"""What the words and statuses of an entry say about it: family history, denied, suspected, not done.

Shared by all readers; what counts as a fact about the patient is the same in every format (SAFETY 1).
"""

from __future__ import annotations

import re

from medgui.i18n import _
from medgui.record.model import Coding

_DENIED = (
    "no history of",
    "no evidence of",
    "no known ",
    "absence of",
    "denies ",
    "negative for",
    "无",
    "否认",
)
_LESS = re.compile("无(痛|症状|脉|菌|精|牙|脑|汗|乳|排卵|功能|尿|黄疸|反应|力|创)")
"""Names of diseases in which 无 means "-less": painless infarction, pulseless disease, anuria; not a denial."""
_NO = re.compile(r"no (?:longer )?(?!reflow|known |longer )(?:[a-z-]+ ){0,4}[a-z-]+$")
"""A name that is a denial as a whole: "No diabetes", "No coronary artery disease"."""
_RULED_OUT = re.compile(r"(?<!not )\b(?:ruled out|excluded|not present|not found)\W*$")
_SUSPECTED = (
    "suspected ", "suspect ", "possible ", "probable ", "presumed ", "presumptive ", "likely ", "questionable ",
    "rule out ", "rule-out ", "r/o ", "r/o:", "suspicion of", "suspicion for", "concern for ", "query ", "?",
    "at risk for", "at risk of", "疑似", "可疑",
)  # fmt: skip
_UNSURE = re.compile(r"[?？]\s*$|\((?:suspected|possible|probable|presumed|likely|provisional|unconfirmed)\)\W*$"
                     r"|[,-] ?(?:suspected|possible|probable|unconfirmed|not confirmed|provisional)$")  # fmt: skip

_FAMILY = re.compile(
    r"(?:family|fam\.?|maternal|paternal) (?:medical )?(?:history|hx|h/o)\b|fhx?:|fhx\b|fh of\b",
    re.IGNORECASE,
)
_FAMILY_CODES = {"icd-10": ("Z80", "Z81", "Z82", "Z83", "Z84"), "icd-9": ("V16", "V17", "V18", "V19")}
"""Chapters of ICD whose codes say that a relative had it."""

_VERIFICATION = {
    "unconfirmed": "unconfirmed", "provisional": "unconfirmed", "differential": "unconfirmed",
    "refuted": "refuted", "entered-in-error": "entered-in-error",
}  # fmt: skip


def verification_doubt(status: str) -> str:
    """Why a diagnosis of this FHIR verification status is not used; "" for confirmed ones and where none is given."""
    kind = _VERIFICATION.get(status, "")
    if kind == "unconfirmed":
        return _("The diagnosis is not confirmed.")
    if kind == "refuted":
        return _("The diagnosis was refuted.")
    if kind == "entered-in-error":
        return _("Entered in error.")
    return ""


def family() -> str:
    """The reason why a relative's disease is not used."""
    return _("Family history, not about the patient.")


def names_family_history(listed: tuple[Coding, ...], name: str) -> bool:
    """Whether a problem by its words or ICD code is about relatives."""
    texts = [name, *(coding.display for coding in listed)]
    if any(_FAMILY.match(text) or "家族史" in text for text in texts):
        return True
    return any(
        coding.code[:3] in _FAMILY_CODES.get(coding.system.rpartition("/")[2].partition("-cm")[0], ())
        for coding in listed
    )


def is_denial(name: str) -> bool:
    """Whether a name says of itself that there is no such thing ("No diabetes", "Stroke, ruled out")."""
    low = name.lower()
    denied = low.startswith(_DENIED) and not _LESS.match(low)
    return denied or bool(_NO.match(low) or _RULED_OUT.search(low))


def wording_doubt(name: str) -> str:
    """A concept that by its own words denies, suspects or only asks about a disease."""
    low = name.lower()
    if is_denial(name):
        return _("The entry says that it is absent.")
    if low.startswith(_SUSPECTED) or _UNSURE.search(low):
        return _("The diagnosis is not confirmed.")
    return ""


def procedure_doubt(status: str) -> str:
    """Why a procedure of this FHIR status is no past event; "" where it was done."""
    if status in ("completed", "in-progress"):
        return ""
    if status == "preparation":
        return _("The procedure is planned.")
    if status == "not-done":
        return _("The procedure was not done.")
    if status == "entered-in-error":
        return _("Entered in error.")
    return _("The file does not say that the procedure was done.")


def vaccine_doubt(status: str) -> str:
    """Why an immunization of this FHIR status did not take place; "" where the vaccine was given."""
    if status == "completed":
        return ""
    if status == "not-done":
        return _("The vaccine was not given.")
    if status == "entered-in-error":
        return _("Entered in error.")
    return _("The file does not say that the vaccine was given.")


def drug_doubt(stated: str, status: str) -> str:
    """Why a drug is not one that the patient takes; *stated* is the file's own status, *status* the record's."""
    if stated == "entered-in-error":
        return _("Entered in error.")
    if stated == "on-hold":
        return _("The drug is on hold.")
    return {
        "active": "",
        "planned": _("The drug is planned, not taken."),
        "not-taken": _("The drug is not taken."),
        "stopped": _("The drug was stopped."),
        "completed": _("The course is over."),
    }.get(status, _("The file does not say whether the drug is taken."))


_USABLE_RESULT = frozenset({"final", "amended", "corrected"})


def result_doubt(status: str) -> str:
    """Why a result of this status is not used; "" for final, amended and corrected ones."""
    if status in _USABLE_RESULT:
        return ""
    if status in ("preliminary", "registered"):
        return _("The result is preliminary.")
    if status == "entered-in-error":
        return _("Entered in error.")
    if status == "cancelled":
        return _("The measurement was cancelled.")
    return _("The file does not say that the result is final.")
