"""Words that can be asked for again when the language changes."""

import re
from collections.abc import Callable

from medgui.i18n import language

Words = str | Callable[[], str]
"""A fixed text (a name from the file) or a function that gives it in the language in force."""


_CURLY = re.compile("[\u2018\u2019\u201c\u201d]")
_STRAIGHT = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
_CHINESE = "[\u2e80-\u9fff\uff00-\uffef]"


def say(words: Words) -> str:
    """Return the text as it reads now."""
    return straight(words() if callable(words) else words)


def straight(text: str) -> str:
    """The text with straight quotes, unless it is Chinese: curly ones come out full width in our font (UI.md)."""
    if language() == "zh" or not _CURLY.search(text) or re.search(_CHINESE, text):
        return text
    return text.translate(_STRAIGHT)


_LONG = re.compile(r"\S{28,}")
_BREAK = re.compile(r"(?<=[_/\\.,;:|+-])(?=\w)")


def breakable(text: str) -> str:
    """A text for wrapping: long words without a blank (file names, codes) may break behind their signs."""
    return _LONG.sub(lambda found: _BREAK.sub("\u200b", found[0]), text)
