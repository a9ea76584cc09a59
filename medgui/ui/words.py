"""Words that can be asked for again when the language changes."""

import re
from collections.abc import Callable

Words = str | Callable[[], str]
"""A fixed text (a name from the file) or a function that gives it in the language in force."""


def say(words: Words) -> str:
    """Return the text as it reads now."""
    return words() if callable(words) else words


_LONG = re.compile(r"\S{28,}")
_BREAK = re.compile(r"(?<=[_/\\.,;:|+-])(?=\w)")


def breakable(text: str) -> str:
    """A text for wrapping: long words without a blank (file names, codes) may break behind their signs."""
    return _LONG.sub(lambda found: _BREAK.sub("\u200b", found[0]), text)
