"""What stands for a finding in one line: the words of a stage instead of its number, and which of its outputs it is."""

from __future__ import annotations

from medgui.assessment.finding import Category, Finding, Output
from medgui.i18n import NBSP, _

SHORT = 4
"""Signs of a stage that is known by its letters: G3b, A2."""


def stage_words(finding: Finding) -> str:
    """Give "G3b A2" for a finding whose first output is a stage known by its letters; "" for any other."""
    said = [o.word(o.value) for o in finding.outputs if o.named and o.value is not None]
    if not said or not _is_short(said[0]) or finding.outputs[0].value is None or not finding.outputs[0].named:
        return ""
    return NBSP.join(word for word in said if _is_short(word))


def stage_category(finding: Finding) -> Category | None:
    """Give the category in words that the stages together make ("High (orange)"), else that of the first."""
    own = [o.category for o in finding.outputs if o.named and o.category is not None]
    if not stage_words(finding) or not own:
        return None
    return next((category for category in own if not _is_short(category.text)), own[0])


def said_reason(finding: Finding, output: Output | None) -> str:
    """Give the one-line reason, led by the output whose number it stands beside where the model has several.

    A number without its horizon or outcome would be read as another one ("2 years, 4 variables: …").
    """
    numbered = [o for o in finding.outputs if o.value is not None or o.interval is not None]
    if output is None or output not in numbered or len(numbered) < 2 or finding.kind == "value":
        return finding.reason
    if output.named:
        return finding.reason
    named = output.short_title or output.title
    return _("{output}: {reason}").format(output=named, reason=finding.reason)


def _is_short(word: str) -> bool:
    return len(word) <= SHORT and word.isascii()
