"""Sex from what a file states, by the order of SAFETY 3: for clinical use, recorded at birth, administrative."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from medgui.i18n import _
from medgui.record.model import Question, Sex, Source, Suggestion

_CODES: dict[str, Sex] = {
    "female-typical": "female", "male-typical": "male", "f": "female", "m": "male", "female": "female",
    "male": "male", "248152002": "female", "248153007": "male", "la3-6": "female", "la2-8": "male",
    "女": "female", "男": "male", "女性": "female", "男性": "male",
}  # fmt: skip
_SOURCES = ("sex parameter for clinical use", "recorded sex", "administrative gender")


def settle_sex(statements: Sequence[Iterable[str]], source: Source) -> tuple[Sex | None, str, list[Question]]:
    """Sex, the kind of statement that gave it, and a question where definite statements contradict each other.

    *statements* are the codes as written of three kinds: sex parameters for clinical use, recorded or birth sex,
    administrative gender. Codes that are neither female nor male say nothing. A conflict gives no sex.
    """
    found: list[tuple[Sex, str]] = []
    for kind, codes in zip(_SOURCES, statements, strict=True):
        found.extend((_CODES[code.lower()], kind) for code in codes if code.lower() in _CODES)
    if not found:
        return None, "", []
    if len({sex for sex, _kind in found}) == 1:
        return found[0][0], found[0][1], []
    return None, "", [_conflict(source, found)]


def _conflict(source: Source, found: list[tuple[Sex, str]]) -> Question:
    words = {"female": _("Female"), "male": _("Male")}
    named = {
        "sex parameter for clinical use": _("Sex for clinical use"),
        "recorded sex": _("Recorded sex"),
        "administrative gender": _("Administrative gender"),
    }
    order: list[Sex] = list(dict.fromkeys(sex for sex, _kind in found))
    return Question(
        id="sex_conflict",
        code="sex_conflict",
        message=_("Female or male? The file states both."),
        variable="sex",
        suggestions=tuple(Suggestion(words[sex], sex) for sex in order),
        facts=tuple((named[kind], words[sex]) for sex, kind in found),
        source=source,
    )
