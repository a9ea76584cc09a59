"""Strict reading of a TOML table: every key is asked for by kind, and a key that nobody asked for is an error.

Each mistake is a `DamagedData` whose sentence names the file and the key.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from medgui.errors import DamagedData
from medgui.i18n import _
from medgui.inference.manifest import Text

LANGUAGES = ("en", "zh")


class Table:
    """One table of a TOML file; `file` and `place` are for the words of an error."""

    def __init__(self, data: Mapping[str, Any], file: str, place: str = "") -> None:
        self._data = data
        self._file = file
        self._place = place
        self._asked: set[str] = set()

    def path(self, key: str) -> str:
        """Name *key* with the tables above it: `inputs[3].accepted`."""
        return f"{self._place}.{key}" if self._place else key

    def wrong(self, key: str, why: str) -> DamagedData:
        """Make the error for *key*; *why* is a whole, translated sentence."""
        return DamagedData(
            _("{file}, key “{key}”: {why}").format(file=self._file, key=self.path(key), why=why)
        )

    def has(self, key: str) -> bool:
        """Tell whether *key* is there."""
        return key in self._data

    def names(self) -> list[str]:
        """All keys of this table; each counts as asked for."""
        self._asked.update(self._data)
        return list(self._data)

    def raw(self, key: str) -> Any:
        """The value as TOML gives it; error when *key* is missing."""
        self._asked.add(key)
        if key not in self._data:
            raise self.wrong(key, _("The key is missing."))
        return self._data[key]

    def finish(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                raise self.wrong(key, _("The key is not known."))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without *default* it must be there and not be empty."""
        if default is not None and not self.has(key):
            self._asked.add(key)
            return default
        value = self.raw(key)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(key, _("A text is expected here."))
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the *allowed* words."""
        value = self.text(key, default)
        if value not in allowed:
            words = ", ".join(allowed)
            raise self.wrong(key, _("One of these is expected: {allowed}.").format(allowed=words))
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        if not self.has(key):
            return default
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.wrong(key, _("true or false is expected here."))
        return value

    def number(self, key: str) -> float:
        """A number; infinity is one (an open band), NaN is not."""
        return self._number(key, self.raw(key))

    def maybe_number(self, key: str) -> float | None:
        """A number, or None where *key* is absent."""
        return self.number(key) if self.has(key) else None

    def whole(self, key: str) -> int:
        """A whole number of at least 0."""
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.wrong(key, _("A whole number is expected here."))
        return value

    def maybe_whole(self, key: str) -> int | None:
        """A whole number, or None where *key* is absent."""
        return self.whole(key) if self.has(key) else None

    def pair(self, key: str) -> tuple[float, float]:
        """Two numbers, the first not above the second."""
        value = self.raw(key)
        if not isinstance(value, list) or len(value) != 2:
            raise self.wrong(key, _("Two numbers are expected here, the smaller one first."))
        lo, hi = (self._number(key, item) for item in value)
        if lo > hi:
            raise self.wrong(key, _("Two numbers are expected here, the smaller one first."))
        return lo, hi

    def maybe_pair(self, key: str) -> tuple[float, float] | None:
        """Two numbers, or None where *key* is absent."""
        return self.pair(key) if self.has(key) else None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts without repetition; absent means empty."""
        if not self.has(key):
            return ()
        value = self.raw(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.wrong(key, _("A list of texts is expected here."))
        if len(set(value)) != len(value):
            raise self.wrong(key, _("The same text stands here twice."))
        return tuple(value)

    def localised(self, key: str, *, optional: bool = False) -> Text:
        """A text in English and Chinese; both must be there, and filled unless it is *optional*."""
        if optional and not self.has(key):
            return {}
        value = self.raw(key)
        if optional and value == dict.fromkeys(LANGUAGES, ""):
            return {}
        if not is_localised(value):
            raise self.wrong(key, _("A text in English (en) and Chinese (zh) is expected here."))
        return {language: value[language] for language in LANGUAGES}

    def numbers(self, key: str) -> dict[str, float]:
        """A table of names and numbers; absent means empty."""
        if not self.has(key):
            return {}
        value = self.raw(key)
        if not isinstance(value, dict):
            raise self.wrong(key, _("A table of names and numbers is expected here."))
        return {name: self._number(f"{key}.{name}", item) for name, item in value.items()}

    def texts(self, key: str) -> dict[str, str]:
        """A table of texts and what each stands for; absent means empty."""
        if not self.has(key):
            return {}
        value = self.raw(key)
        if not isinstance(value, dict) or not all(isinstance(item, str) and item for item in value.values()):
            raise self.wrong(key, _("A table of texts is expected here."))
        return dict(value)

    def table(self, key: str) -> Table:
        """The table under *key*."""
        value = self.raw(key)
        if not isinstance(value, dict):
            raise self.wrong(key, _("A table is expected here."))
        return Table(value, self._file, self.path(key))

    def tables(self, key: str) -> Iterator[Table]:
        """The array of tables under *key*, numbered from 1 in errors; absent means none."""
        if not self.has(key):
            return
        value = self.raw(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, _("A list of tables is expected here."))
        for place, item in enumerate(value, start=1):
            yield Table(item, self._file, f"{self.path(key)}[{place}]")

    def _number(self, key: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise self.wrong(key, _("A number is expected here."))
        return float(value)


def is_localised(value: object) -> bool:
    """Tell whether *value* is `{en, zh}` with two texts that are not empty."""
    if not isinstance(value, dict) or len(value) != len(LANGUAGES):
        return False
    for language in LANGUAGES:
        words = value.get(language)
        if not isinstance(words, str) or not words.strip():
            return False
    return True
