"""Coded answers to yes, no and not stated, and to the categories of standard inputs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from medgui.i18n import _
from medgui.readers.systems import OWN_ANSWER, OWN_VARIABLE
from medgui.record.model import Coding, Observation
from medgui.record.variables import VARIABLES, Variable, fold

_SMOKING = {
    # SNOMED CT and LOINC answers to 72166-2.
    "449868002": "current_smoker", "428041000124106": "current_smoker", "77176002": "current_smoker",
    "65568007": "current_smoker", "428061000124105": "light_smoker", "428071000124103": "heavy_smoker",
    "160603005": "light_smoker", "160604004": "moderate_smoker", "160605003": "heavy_smoker",
    "160606002": "heavy_smoker", "230060001": "light_smoker", "230062009": "moderate_smoker",
    "230063004": "heavy_smoker", "230064005": "heavy_smoker", "59978006": "current_smoker",
    "82302008": "current_smoker", "266920004": "light_smoker", "56771006": "heavy_smoker", "8517006": "ex_smoker",
    "281018007": "ex_smoker", "266921000": "ex_smoker", "266922007": "ex_smoker", "266923002": "ex_smoker",
    "266924008": "ex_smoker", "266925009": "ex_smoker", "266928006": "ex_smoker", "266919005": "non_smoker",
    "8392000": "non_smoker", "405746006": "non_smoker", "221000119102": "non_smoker", "53896009": "ex_smoker",
    "56578002": "moderate_smoker", "160619003": "current_smoker", "230059006": "light_smoker",
    "LA18976-3": "current_smoker", "LA18977-1": "current_smoker", "LA18981-3": "heavy_smoker",
    "LA18982-1": "light_smoker", "LA15920-4": "ex_smoker", "LA18978-9": "non_smoker",
}  # fmt: skip
_SMOKING_WORDS = {
    "never": "non_smoker", "neversmoker": "non_smoker", "neversmoked": "non_smoker", "从不吸烟": "non_smoker",
    "neversmokedtobacco": "non_smoker", "nevertobaccosmoker": "non_smoker",
    "former": "ex_smoker", "formersmoker": "ex_smoker", "exsmoker": "ex_smoker", "已戒烟": "ex_smoker",
    "formertobaccosmoker": "ex_smoker", "excigarettesmoker": "ex_smoker", "formercigarettesmoker": "ex_smoker",
    "current": "current_smoker", "currentsmoker": "current_smoker", "smoker": "current_smoker",
    "currenteverydaysmoker": "current_smoker", "currentsomedaysmoker": "current_smoker",
    "everydaysmoker": "current_smoker", "somedaysmoker": "current_smoker", "cigarettesmoker": "current_smoker",
    "smokestobaccodaily": "current_smoker",
    "occasionaltobaccosmoker": "current_smoker", "smokescigarettes": "current_smoker",
    "tobaccosmoker": "current_smoker",
    "lighttobaccosmoker": "light_smoker", "heavytobaccosmoker": "heavy_smoker", "lightsmoker": "light_smoker",
    "heavysmoker": "heavy_smoker", "lightcigarettesmoker": "light_smoker",
    "moderatecigarettesmoker": "moderate_smoker", "heavycigarettesmoker": "heavy_smoker",
    "everyday": "current_smoker", "somedays": "current_smoker", "currenteveryday": "current_smoker",
    "currentsomeday": "current_smoker", "smokesdaily": "current_smoker", "quit": "ex_smoker",
    "stoppedsmoking": "ex_smoker", "戒烟": "ex_smoker", "既往吸烟": "ex_smoker", "从未吸烟": "non_smoker",
    "吸烟": "current_smoker", "目前吸烟": "current_smoker",
}  # fmt: skip
_CIGARETTES_COUNTED = frozenset({"266920004", "160603005", "160604004", "160605003", "160606002"})
"""SNOMED CT: under 1, 1 to 9, 10 to 19, 20 to 39, 40 and more cigarettes a day."""
_NON_SMOKERS = ("ex_smoker", "non_smoker")
_UNKNOWN = frozenset({
    "266927001", "261665006", "LA18980-5", "LA18979-7", "LA4489-6", "UNK", "unknown", "asked-unknown",
})  # fmt: skip
""""Unknown if ever smoked" and the like: an answer that is none (SAFETY 7)."""
_UNKNOWN_WORDS = frozenset({
    "unknown", "unknownifeversmoked", "smokercurrentstatusunknown", "smokingstatusunknown", "unknownsmokingstatus",
    "tobaccouseunknown", "notasked", "neverassessed", "notstated", "declinedtoanswer", "unabletoassess", "不详", "未知",
})  # fmt: skip
"""In words, which also decide where a code alone would be read as an answer (77176002 is "smoker", and is written for
"smoker, current status unknown")."""
_CODES: dict[str, dict[str, str | bool]] = {
    "smoking_status": dict(_SMOKING),
    "current_smoker": {code: answer not in _NON_SMOKERS for code, answer in _SMOKING.items()},
    "pregnant": {"77386006": True, "LA15173-0": True, "60001007": False, "LA26683-5": False},
    "sex": {
        "248152002": "female", "F": "female", "LA3-6": "female",
        "248153007": "male", "M": "male", "LA2-8": "male",
    },
}  # fmt: skip
_YES = frozenset({"373066001", "LA33-6", "Y", "52101004", "10828004"})
_NO = frozenset({"373067005", "LA32-8", "N", "2667000", "260385009"})
_WORDS_YES = frozenset({"yes", "y", "true", "1", "positive", "present", "是", "有", "阳性"})
_WORDS_NO = frozenset({"no", "n", "false", "0", "negative", "absent", "否", "无", "没有", "阴性"})
_BIRADS = re.compile(r"(?:bi-?rads?)?\s*(?:category)?\s*([2-5])\s*[abc]?(?:\s*类)?", re.IGNORECASE)
_MORE_WORDS: dict[str, dict[str, str | bool]] = {
    "sex": {
        "f": "female", "woman": "female", "女": "female", "女性": "female",
        "m": "male", "man": "male", "男": "male", "男性": "male",
    },
    "smoking_status": dict(_SMOKING_WORDS),
    "current_smoker": {
        **{word: answer not in _NON_SMOKERS for word, answer in _SMOKING_WORDS.items()},
        "nonsmoker": False, "不吸烟": False,
    },
    "ethnicity": {
        "nonhispanicwhite": "NH White", "nonhispanicblack": "NH Black", "nonhispanicasian": "NH Asian",
        "hispanic": "Hispanic", "hispanicorlatino": "Hispanic", "latino": "Hispanic", "other": "Other",
    },
}  # fmt: skip


def from_codes(variable: Variable, codes: Iterable[Coding]) -> str | bool | None:
    """The value that answer codes stand for, or None where none of them is known."""
    table = _CODES.get(variable.name, {})
    for coding in codes:
        if coding.code in table:
            return table[coding.code]
        if coding.system in (OWN_ANSWER, OWN_VARIABLE) and coding.code in variable.categories:
            return coding.code
        if variable.kind == "boolean" and variable.name not in _CODES:
            if coding.code in _YES:
                return True
            if coding.code in _NO:
                return False
    return None


def from_text(variable: Variable, text: str) -> str | bool | None:
    """The value that words stand for, or None. Only whole, known words count."""
    if variable.name == "birads":
        found = _BIRADS.fullmatch(text.strip())
        if found:
            return found[1] if found[1] in variable.categories else None
    low = fold(text) or text.strip().lower()
    if variable.kind == "boolean" and low in _WORDS_YES | _WORDS_NO:
        return low in _WORDS_YES
    for value, titles in variable.categories.items():
        if low in (fold(value), *(fold(title) for title in titles.values())):
            return value
    return _MORE_WORDS.get(variable.name, {}).get(low)


def is_unknown(codes: Iterable[Coding]) -> bool:
    """Whether the answer is "unknown": stated, and no value."""
    return any(coding.code in _UNKNOWN for coding in codes)


def says_unknown(text: str) -> bool:
    """Whether words say that an answer is not known; they are whole answers, not parts of a sentence."""
    return fold(text) in _UNKNOWN_WORDS


def answer_value(found: Observation, codes: tuple[Coding, ...]) -> Observation:
    """Turn a coded, boolean or written answer into the value of its standard input.

    Booleans become True or False, a category its standard text. What is not understood stays as written and
    is not used.
    """
    variable = VARIABLES.get(found.variable)
    if variable is None or found.value is None:
        return found
    if is_unknown(codes) or (variable.kind != "quantity" and says_unknown(str(found.value))):
        return replace(found, value=None, unit="")
    if variable.kind == "quantity":
        return _not_understood(found, _("The value is text, not a number."))
    stated = found.value if isinstance(found.value, bool) and variable.kind == "boolean" else None
    value = stated if stated is not None else from_codes(variable, codes)
    if value is None:
        value = from_text(variable, str(found.value))
    if value is None:
        return _not_understood(
            found, _("The answer “{text}” is not known.").format(text=found.value_as_written)
        )
    if variable.name == "current_smoker":
        found = replace(found, answer=_smoking_answer(codes, found.value))
    return replace(found, value=value, unit="")


def _smoking_answer(codes: Iterable[Coding], written: object) -> str:
    """Never, former or current; light, moderate or heavy only where the code itself counts the cigarettes.

    "Heavy" means ten a day and more in one country, twenty and more in another.
    """
    listed = tuple(codes)
    status = VARIABLES["smoking_status"]
    found = from_codes(status, listed)
    if found is None:
        found = from_text(status, written) if isinstance(written, str) else None
    if found not in ("light_smoker", "moderate_smoker", "heavy_smoker"):
        return str(found or "")
    return str(found) if any(coding.code in _CIGARETTES_COUNTED for coding in listed) else "current_smoker"


def _not_understood(found: Observation, reason: str) -> Observation:
    return found if not found.usable else replace(found, usable=False, unusable_reason=reason)
