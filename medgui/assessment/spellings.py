"""How tables write what a model asks as a category or as yes or no: words alone, never codes.

A number for a sex or an ethnic group is not read: 1 is a man in the UCI and NHANES sets and a woman in others (in
WHAS500, `gender`), so the number alone says nothing. Words that mean one thing in every table are taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from medgui.inference.manifest import InputSpec
from medgui.inference.rules import is_yes_no
from medgui.record.variables import VARIABLES

YES_NO = {"no": 0.0, "yes": 1.0, "0": 0.0, "1": 1.0, "false": 0.0, "true": 1.0}
TEXT_ONLY = ("sex", "ethnicity")
"""Inputs whose numeric codes differ from data set to data set: only words are taken."""

_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sex": {
        "female": ("f", "woman", "women", "females", "女", "女性"),
        "male": ("m", "man", "men", "males", "男", "男性"),
    },
    "ethnicity": {
        "NH White": ("non-hispanic white",),
        "NH Black": ("non-hispanic black",),
        "NH Asian": ("non-hispanic asian",),
        "Hispanic": ("mexican american", "other hispanic"),
    },
    "diabetes_type": {
        "type_1": ("type 1", "t1dm", "1 型", "1型"),
        "type_2": ("type 2", "t2dm", "2 型", "2型"),
    },
    "current_smoker": {
        "no": ("never", "former", "never smoker", "former smoker", "ex-smoker"),
        "yes": ("current", "current smoker"),
    },
}
"""Input to category to other words for it; `ethnicity` as NHANES codes it (RIDRETH1, RIDRETH3)."""


def meanings(spec: InputSpec) -> Mapping[str, float]:
    """Return what each cell of a text column means, in lower case; empty for an input that is a number."""
    if not spec.categories:
        return _with_words(spec.name, YES_NO, spec.spellings) if is_yes_no(spec) else {}
    answers = {_plain(text): float(code) for text, code in spec.categories.items()}
    if spec.name not in TEXT_ONLY:
        if set(answers) == {"no", "yes"}:
            answers |= {"true": answers["yes"], "false": answers["no"]}
        answers |= {f"{code:.15g}": code for code in list(answers.values())}
    return _with_words(spec.name, answers, spec.spellings)


def fact_meanings(name: str) -> Mapping[str, float]:
    """Return what each cell of a column means that decides eligibility and is no input: a choice or a yes/no.

    A choice is read by its words alone: a number in such a column says nothing of which choice it means.
    """
    variable = VARIABLES.get(name)
    chosen = variable.numbers() if variable is not None else {}
    return _with_words(name, {_plain(text): code for text, code in chosen.items()} or YES_NO, {})


def _with_words(name: str, answers: Mapping[str, float], spellings: Mapping[str, str]) -> Mapping[str, float]:
    """Add the words of all tables and those of the manifest; a word of the manifest's own categories stays."""
    found = dict(answers)
    for text, meant in spellings.items():
        found[_plain(text)] = found[_plain(meant)]
    for meant, words in _WORDS.get(name, {}).items():
        if _plain(meant) in answers:
            for word in words:
                found.setdefault(word, answers[_plain(meant)])
    return found


def _plain(text: str) -> str:
    return text.strip().casefold()
