"""JSON with places: each resource and value that is used knows the line it stands on.

The C parser of `json` does the parsing, one array element at a time, so that the offset of each element is
known. The offset of a value inside an element is looked for only when it is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from json import decoder
from typing import Any

from medgui.frozen import frozen

_scan_string: Callable[[str, int], tuple[str, int]] = vars(decoder)["scanstring"]
_SPACE = re.compile(r"[ \t\n\r]*")
_MEMBER = re.compile(r'[ \t\n\r]*"')
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_CHUNK = 1 << 12

DOUBLED = "\x00doubled"
"""Key under which a JSON object that names a key twice lists such keys."""

UNUSED = re.compile(r"(?!)")
"""Matches nothing: no element of the array is of a kind that nobody reads."""

Place = tuple[str | int, ...]


class Number(float):
    """A JSON number with a decimal point or exponent, and its text as written ("7.50")."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Number:
        """Make the number of a literal."""
        self = super().__new__(cls, text)
        self.text = text
        return self


def integer(text: str) -> int | Number:
    """The value of an integer literal; one of more than 18 digits keeps its text and may be infinite."""
    return int(text) if len(text) <= 18 else Number(text)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


@frozen
class Unparsed:
    """Stands for an element of an array that is no JSON, with the error that says why."""

    error: ValueError


_SKIPPER = json.JSONDecoder()


class Document:
    """A JSON text; `line` and `locate` give places in it, `top` and `array` parse it piece by piece.

    `doubled` is true after an object was parsed that names a key twice.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0]
        self._is_one_line = text.find("\n", 0, len(text) - 1) < 0
        for start in range(0, len(text), _CHUNK):
            self._lines.append(self._lines[-1] + text.count("\n", start, start + _CHUNK))
        self._ends: dict[int, int] = {}
        self.doubled = False
        self._decoder = json.JSONDecoder(
            parse_float=Number, parse_int=integer, parse_constant=_constant, object_pairs_hook=self._object
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            self.doubled = True
            seen: set[str] = set()
            made[DOUBLED] = [key for key, _value in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
        return made

    def line(self, offset: int) -> int:
        """Line number, from 1, of a character offset."""
        chunk = offset // _CHUNK
        return self._lines[chunk] + self.text.count("\n", chunk * _CHUNK, offset) + 1

    def skip_space(self, offset: int) -> int:
        """First offset from *offset* on that is not white space."""
        if self.text[offset : offset + 1] > " ":
            return offset
        found = _SPACE.match(self.text, offset)
        return found.end() if found else offset

    def line_value(self, offset: int) -> tuple[Any, int]:
        """Parse the value at *offset* of a text with one value a line; returns it and the offset behind it.

        A line that is no JSON becomes `Unparsed`; `ValueError` where it is the last one, which may be cut off.
        """
        try:
            value: tuple[Any, int] = self._decoder.raw_decode(self.text, offset)
        except ValueError as error:
            end = self.text.find("\n", offset)
            if end < 0 or self.skip_space(end) >= len(self.text):
                raise
            return Unparsed(error), end
        return value

    def members(self, offset: int) -> Iterator[tuple[str, int, int]]:
        """Keys of the object at *offset* with the offsets of their values' start and end, unparsed."""
        text, at = self.text, self.skip_space(offset)
        if text[at : at + 1] != "{":
            return
        while found := _MEMBER.match(text, at + 1):
            key, behind = _scan_string(text, found.end())
            colon = _COLON.match(text, behind)
            if colon is None:
                raise json.JSONDecodeError("Expecting ':' delimiter", text, behind)
            _value, end = _SKIPPER.raw_decode(text, colon.end())
            yield key, colon.end(), end
            at = self.skip_space(end)
            if text[at : at + 1] != ",":
                return

    def line_of(self, offset: int, place: Place) -> int:
        """Line number of the value at *place* below the value at *offset*."""
        return self.line(self._offset_of(offset, place))

    def place_of(self, offset: int, place: Place) -> tuple[int, int | None]:
        """Line and column of the value at *place*; the column only where the whole text is one line."""
        found = self._offset_of(offset, place)
        return self.line(found), found + 1 if self._is_one_line else None

    def _offset_of(self, offset: int, place: Place) -> int:
        """Offset of the value at *place* below the value at *offset*.

        From a key that stands once in its element of the array, no walk through what is before it is needed.
        """
        end = self._ends.get(offset)
        if end is not None:
            for known in range(len(place), 0, -1):
                step = place[known - 1]
                start = self._only(step, offset, end) if isinstance(step, str) else None
                if start is not None:
                    return self.locate(start, place[known:])
        return self.locate(offset, place)

    def _only(self, key: str, start: int, end: int) -> int | None:
        """Offset of the value of a key that stands once between two offsets, else None."""
        quoted = f'"{key}"'
        at = self.text.find(quoted, start, end)
        if at < 0 or self.text.find(quoted, at + 1, end) >= 0:
            return None
        colon = self.skip_space(at + len(quoted))
        return self.skip_space(colon + 1) if self.text[colon : colon + 1] == ":" else None

    def top(
        self,
        streamed: str,
        lighten: Callable[[Any], Any] = lambda value: value,
        unused: re.Pattern[str] = UNUSED,
    ) -> tuple[dict[str, Any], list[tuple[int, Any]]]:
        """Parse the one object of this text: its members, and those of the array *streamed* with offsets.

        *lighten* may give less of an element to keep, one element at a time; what begins as *unused* says is
        parsed without the texts of its numbers. `ValueError` where the text is no JSON object or goes on after it.
        """
        members: dict[str, Any] = {}
        elements: list[tuple[int, Any]] = []
        at = self._expect(self.skip_space(0), "{")
        while self.text[at : at + 1] != "}":
            key, at = _scan_string(self.text, self._expect(at, '"', keep_space=True))
            at = self._expect(self.skip_space(at), ":")
            if key in members:
                raise json.JSONDecodeError(f"second {key!r}", self.text, at)
            if key == streamed and self.text[at : at + 1] == "[":
                members[key], at = elements, self._elements(at, elements, lighten, unused)
            else:
                members[key], at = self._decoder.raw_decode(self.text, at)
            at = self.skip_space(at)
            if self.text[at : at + 1] != "}":
                at = self._expect(at, ",")
        end = self.skip_space(at + 1)
        if end < len(self.text):
            raise json.JSONDecodeError("Extra data", self.text, end)
        return members, elements

    def array(self, offset: int, into: list[tuple[int, Any]]) -> None:
        """Parse the one array of this text, at *offset*, element by element. `ValueError` as for `top`."""
        end = self.skip_space(self._elements(offset, into, lambda value: value, UNUSED))
        if end < len(self.text):
            raise json.JSONDecodeError("Extra data", self.text, end)

    def _elements(
        self,
        offset: int,
        into: list[tuple[int, Any]],
        lighten: Callable[[Any], Any],
        unused: re.Pattern[str],
    ) -> int:
        at = self._expect(offset, "[")
        while self.text[at : at + 1] != "]":
            decoder = _SKIPPER if unused.match(self.text, at) else self._decoder
            value, end = self._element(at, decoder)
            into.append((at, lighten(value)))
            self._ends[at] = end
            at = self.skip_space(end)
            if self.text[at : at + 1] != "]":
                at = self._expect(at, ",")
        return at + 1

    def _element(self, offset: int, decoder: json.JSONDecoder) -> tuple[Any, int]:
        """One element of an array; one that is no JSON becomes `Unparsed` where its brackets show its end."""
        try:
            value: tuple[Any, int] = decoder.raw_decode(self.text, offset)
        except ValueError as error:
            end = self._balanced_end(offset)
            if end is None or self.text[self.skip_space(end) : self.skip_space(end) + 1] not in (",", "]"):
                raise
            return Unparsed(error), end
        return value

    def _balanced_end(self, offset: int) -> int | None:
        """Offset behind the object or array at *offset* by its brackets alone, None where it never ends."""
        depth = 0
        for found in _BRACKETS.finditer(self.text, offset):
            sign = found[0]
            if sign[0] != '"':
                depth += 1 if sign in "[{" else -1
                if depth <= 0:
                    return found.end() if sign in "]}" and depth == 0 else None
            elif depth == 0:
                return None
        return None

    def _expect(self, offset: int, sign: str, *, keep_space: bool = False) -> int:
        if self.text[offset : offset + 1] != sign:
            raise json.JSONDecodeError(f"Expecting {sign!r}", self.text, offset)
        return offset + 1 if keep_space else self.skip_space(offset + 1)

    def locate(self, offset: int, place: Place) -> int:
        """Offset of the value at *place* (keys and indices) below the value at *offset*; the deepest found."""
        at = self.skip_space(offset)
        for step in place:
            found = self._child(at, step)
            if found is None:
                return at
            at = found
        return at

    def _child(self, offset: int, step: str | int) -> int | None:
        if isinstance(step, str):
            return next((start for key, start, _end in self.members(offset) if key == step), None)
        at = self.skip_space(offset)
        if self.text[at : at + 1] != "[":
            return None
        at = self.skip_space(at + 1)
        for _index in range(step):
            _value, end = _SKIPPER.raw_decode(self.text, at)
            at = self.skip_space(end)
            if self.text[at : at + 1] != ",":
                return None
            at = self.skip_space(at + 1)
        return at if self.text[at : at + 1] != "]" else None


def written(value: object) -> str:
    """A JSON value as it stands in the file."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
