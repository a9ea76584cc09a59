"""Thrift's compact protocol, as far as the footer of a Parquet file needs it: read and written again without loss.

A struct is a list of (field id, type, value); a list is (type of its items, items). Types that are not known here
are carried as they are read. Source: Apache Thrift, "thrift-compact-protocol.md".
"""

from __future__ import annotations

from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
DEEPEST = 32
Struct = list[tuple[int, int, Any]]


def field(struct: Struct, number: int) -> Any:
    """The value of a field; None where it is absent."""
    return next((value for each, _kind, value in struct if each == number), None)


def put(struct: Struct, number: int, kind: int, value: Any) -> None:
    """Set a field, in the order of the ids."""
    struct[:] = sorted([each for each in struct if each[0] != number] + [(number, kind, value)])


class Reader:
    """Reads one struct. `ValueError` where the bytes are none."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def struct(self, depth: int = 0) -> Struct:
        """Read a struct up to its end mark."""
        if depth > DEEPEST:
            raise ValueError("too deep")
        found: Struct = []
        last = 0
        while True:
            head = self._byte()
            if head == 0:
                return found
            kind, step = head & 0x0F, head >> 4
            last = last + step if step else self._signed()
            found.append((last, kind, self._value(kind, depth)))

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind in (I16, I32, I64):
            return self._signed()
        if kind in (BYTE, DOUBLE):
            return self._bytes(1 if kind == BYTE else 8)
        if kind == BINARY:
            return self._bytes(self._varint())
        if kind in (LIST, SET):
            return self._items(depth)
        if kind == STRUCT:
            return self.struct(depth + 1)
        raise ValueError(f"type {kind}")

    def _items(self, depth: int) -> tuple[int, list[Any]]:
        head = self._byte()
        count, kind = head >> 4, head & 0x0F
        if count == 15:
            count = self._varint()
        if count > len(self.data) - self.position:
            raise ValueError("cut off")
        if kind in (TRUE, FALSE):
            return kind, [self._bytes(1) for _item in range(count)]
        return kind, [self._value(kind, depth) for _item in range(count)]

    def _byte(self) -> int:
        return self._bytes(1)[0]

    def _bytes(self, count: int) -> bytes:
        end = self.position + count
        if end > len(self.data):
            raise ValueError("cut off")
        found = self.data[self.position : end]
        self.position = end
        return found

    def _varint(self) -> int:
        result = shift = 0
        while True:
            byte = self._byte()
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7
            if shift > 63:
                raise ValueError("varint")

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)


def write_struct(struct: Struct) -> bytes:
    """Write a struct with its end mark."""
    parts = []
    last = 0
    for number, kind, value in struct:
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        step = number - last
        parts.append(bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _signed(number))
        if kind not in (TRUE, FALSE):
            parts.append(_written(kind, value))
        last = number
    return b"".join([*parts, b"\0"])


def _written(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return _signed(value)
    if kind in (BYTE, DOUBLE):
        return bytes(value)
    if kind == BINARY:
        return _varint(len(value)) + bytes(value)
    if kind == STRUCT:
        return write_struct(value)
    inner, items = value
    count = len(items)
    head = bytes([count << 4 | inner]) if count < 15 else bytes([0xF0 | inner]) + _varint(count)
    written = items if inner in (TRUE, FALSE) else (_written(inner, item) for item in items)
    return head + b"".join(written)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _signed(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)
