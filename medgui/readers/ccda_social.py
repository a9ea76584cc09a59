"""Smoking and pregnancy in C-CDA: answers under many codes, with times that say from when to when they held."""

from __future__ import annotations

from dataclasses import replace

from medgui.i18n import _
from medgui.readers.answers import from_codes, from_text, is_unknown, says_unknown
from medgui.readers.ccda_file import CcdaFile, author_time, denial, is_denied, template_roots
from medgui.readers.ccda_reading import Reading
from medgui.readers.ccda_values import end_of, start_of
from medgui.readers.xml_place import Node
from medgui.record.model import Coding, Observation
from medgui.record.variables import VARIABLES

_SMOKING_CODES = frozenset({"229819007", "72166-2", "11367-0"})
_SMOKING_TEMPLATES = frozenset({
    "2.16.840.1.113883.10.20.22.4.78", "2.16.840.1.113883.10.22.4.78", "2.16.840.1.113883.10.20.22.4.85",
})  # fmt: skip
"""Smoking status (in R1.1 also printed without its ".20") and tobacco use."""
_PREGNANCY_TEMPLATE = "2.16.840.1.113883.10.20.15.3.8"


def social_answer(
    file: CcdaFile, node: Node, found: Observation, reading: Reading
) -> tuple[Observation, tuple[Coding, ...]]:
    """*found* as the answer about smoking or pregnancy that it is, with the codes of the answer; else as it stands."""
    asked, templates = node.child("code").at("code"), template_roots(node)
    if _PREGNANCY_TEMPLATE in templates or found.variable == "pregnant" or asked == "ASSERTION":
        pregnant = from_codes(VARIABLES["pregnant"], reading.codes)
        if pregnant is not None:
            return _pregnancy(file, node, found, reading.codes)
    if not found.variable and _is_about_smoking(node, found, reading):
        found = replace(found, variable="current_smoker")
    if found.variable != "current_smoker":
        return found, reading.codes
    smoking = VARIABLES["current_smoker"]
    said, meant = from_text(smoking, reading.text), from_codes(smoking, reading.codes)
    if said is not None and meant is not None and said != meant and found.usable:
        reason = _("Its code and its words contradict each other.")
        return replace(found, usable=False, unusable_reason=reason), reading.codes
    return _lasting(file, node, found, reading), reading.codes


def _is_about_smoking(node: Node, found: Observation, reading: Reading) -> bool:
    """Whether the code or template asks about smoking and the value answers it, with a code or in words.

    An assertion, or a question without a code, is about smoking where its answer is coded as one.
    """
    asked, own = node.child("code").at("code"), bool(template_roots(node) & _SMOKING_TEMPLATES)
    if from_codes(VARIABLES["current_smoker"], reading.codes) is not None:
        return own or asked in _SMOKING_CODES or asked == "ASSERTION" or not found.codings
    if not own and asked not in _SMOKING_CODES:
        return False
    if is_unknown(reading.codes) or says_unknown(reading.text):
        return True
    return "smok" in reading.text.lower() and from_text(VARIABLES["current_smoker"], reading.text) is not None


def _lasting(file: CcdaFile, node: Node, found: Observation, reading: Reading) -> Observation:
    """A state with a beginning and no end holds when it was written down; one that is over holds no more.

    Somebody who stopped smoking before the document was made is a former smoker on its day.
    """
    effective = node.child("effectiveTime")
    since, last = start_of(effective.child("low")), end_of(effective)
    if effective.at("value") or not since:
        return found
    status = VARIABLES["smoking_status"]
    kind = from_codes(status, reading.codes) or from_text(status, reading.text)
    if not last:
        note = _("Since {date}.").format(date=since[:10])
    elif not file.is_past(last):
        return found
    elif kind == "ex_smoker":
        note = _("From {first} to {last}.").format(first=since[:10], last=last[:10])
    else:
        return _over(found, last)
    return replace(found, time=author_time(node) or file.date or found.time, note=note)


def _over(found: Observation, last: str) -> Observation:
    if not found.usable:
        return found
    reason = _("It was so until {date} only.").format(date=last[:10])
    return replace(found, usable=False, unusable_reason=reason)


def _pregnancy(
    file: CcdaFile, node: Node, found: Observation, codes: tuple[Coding, ...]
) -> tuple[Observation, tuple[Coding, ...]]:
    """The statement that she is pregnant; denied, it is the statement that she is not."""
    found = replace(found, variable="pregnant")
    if not is_denied(node):
        last = end_of(node.child("effectiveTime"))
        return (_over(found, last) if file.is_past(last) else found), codes
    only_denied = found.unusable_reason == denial()
    settled = replace(found, usable=True, unusable_reason="") if only_denied else found
    return replace(settled, value=False), ()
