"""Words that can be asked for again when the language changes."""

from collections.abc import Callable

Words = str | Callable[[], str]
"""A fixed text (a name from the file) or a function that gives it in the language in force."""


def say(words: Words) -> str:
    """Return the text as it reads now."""
    return words() if callable(words) else words
