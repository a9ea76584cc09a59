"""Cautions as they are shown: what is alike said once, information after what needs care."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from medgui.assessment import words
from medgui.assessment.finding import Caution
from medgui.frozen import replace
from medgui.i18n import _


def ordered(cautions: Sequence[Caution]) -> tuple[Caution, ...]:
    """Drop what is said twice; keep the order, information after cautions."""
    if not cautions:
        return ()
    cautions = _merged(cautions)
    kept = list({(caution.code, caution.input, caution.message): caution for caution in cautions}.values())
    return tuple(sorted(kept, key=lambda caution: caution.level.value == "info"))


def _merged(cautions: Sequence[Caution]) -> list[Caution]:
    """Say once what would be said of thirty genes, one by one, or of six values that are too old."""
    cautions = _old_together(cautions)
    alike = Counter((caution.code, caution.message) for caution in cautions if caution.input)
    found = []
    for caution in cautions:
        count = alike[caution.code, caution.message]
        if count > 1 and caution.input:
            sentence = _("{caution} This holds for {n} values.")
            text = sentence.format(caution=caution.message, n=count)
            caution = replace(caution, input="", message=text)
        found.append(caution)
    return found


def _old_together(cautions: Sequence[Caution]) -> list[Caution]:
    """One sentence for all values that are too old; the list of inputs has the age limit of each."""
    old = [caution for caution in cautions if caution.code == "value_too_old"]
    if len(old) < 2:
        return list(cautions)
    names = words.names(list(dict.fromkeys(caution.input for caution in old)))
    text = _("{n} values are too old and are not used: {names}.").format(n=len(old), names=names)
    place = cautions.index(old[0])
    others = [caution for caution in cautions if caution.code != "value_too_old"]
    before = sum(1 for caution in cautions[:place] if caution.code != "value_too_old")
    return [*others[:before], replace(old[0], message=text, input=""), *others[before:]]
