"""Texts that state an empty list ("No known allergies"), or that there is no information: two answers (SAFETY 2, 5)."""

from __future__ import annotations

import re

_THINGS = (
    r"(?:current |active |chronic |present |prescribed |home |prior |past |significant |medical |surgical |drug |food "
    r"|medication |environmental |other |adverse )*"
    r"(?:problems?|conditions?|diagnos[ie]s|diseases?|history|medications?|meds|drugs?(?: therapy)?|allerg(?:y|ies)"
    r"|reactions?|intolerances?|sensitivities|procedures?|surger(?:y|ies)|operations?|immuni[sz]ations?|vaccines?)"
)
_LIST = rf"{_THINGS}(?:(?:,| and| or|/|, and| &) ?{_THINGS})*"
_NONE = re.compile(
    rf"(?:(?:the )?(?:patient |pt\.? )?(?:has |have |is (?:taking |on )|takes |reports |denies )?"
    rf"(?:no known|no (?=current|active)|no (?=drug therapy)|denies(?: any)?) ?{_LIST}"
    rf"(?: (?:to )?(?:any )?{_THINGS}| (?:prescribed|at this time|currently|history|known))*"
    r"|none known|nil known|nk[df]?a|no known"
    r"|(?:patient )?(?:is )?not (?:currently )?(?:taking|on) any (?:medications?|drugs?)"
    r"|无已知(?:药物)?过敏.?|否认(?:药物)?过敏史?)(?: ?\((?:nk[df]?a|no known[a-z ]*)\))?[.!]?",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"(?:no|none|not|unknown|unable|information|data|there (?:is|are) no)\b[^,;.]{0,60}"
    r"\b(?:information|data|available|recorded|documented|entered|on file|found|reported|provided|listed|applicable"
    r"|unknown|n/a|none|in the system|obtained|asked|entries|records?|entry)\b[^,;.]{0,40}"
    r"|unknown(?: (?:history|status|allerg\w+|problems?|medications?|procedures?|immuni[sz]ations?))*"
    r"|none|n/?a|nil|-+|not (?:recorded|available|asked|applicable|specified)",
    re.IGNORECASE,
)
_ONLY_NOW = re.compile(r"\b(?:active|current)\b.*\b(?:problem|condition|diagnos|disease)", re.IGNORECASE)


def states_nothing(words: str) -> str:
    """What a short text states in place of an entry: "none" (an empty list), "unknown" (no information), or "".

    "No active problems" says nothing of the past and counts as no information.
    """
    text = " ".join(words.split()).strip(" *-:;|")
    if len(text) > 200:
        return ""
    if _NONE.fullmatch(text):
        return "unknown" if _ONLY_NOW.search(text) else "none"
    return "unknown" if text and _UNKNOWN.fullmatch(text.rstrip(".!")) else ""
