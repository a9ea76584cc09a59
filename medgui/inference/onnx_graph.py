"""Read the nodes of an ONNX file without the `onnx` package (why: docs/adr/0011).

Only what the tree reader needs is decoded: nodes with their attributes, initialisers that are small arrays, and the
names of inputs and outputs. Field numbers are those of onnx.proto3 (ONNX 1.18, Apache-2.0).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen

Field = tuple[int, int, Any]
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LISTS = {(0x3D, b"\xa0\x01\x06"), (0x40, b"\xa0\x01\x07"), (0x4A, b"\xa0\x01\x08")}
"""First tag and type of an attribute that is a list of floats, integers or texts."""
_TENSOR_TYPES = {1: "<f4", 2: "u1", 3: "i1", 6: "<i4", 7: "<i8", 9: "?", 11: "<f8"}


@frozen
class Node:
    """One node. Attribute values: int, float, bytes, lists of them, or arrays."""

    op: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]


@frozen
class Graph:
    """Nodes in the order of the file; `initialisers` are the constant arrays by name."""

    nodes: tuple[Node, ...]
    initialisers: dict[str, NDArray[Any]]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def maker(self, tensor: str) -> Node | None:
        """The node that makes *tensor*; None for an input of the graph or a constant."""
        return next((node for node in self.nodes if tensor in node.outputs), None)


def read_graph(content: bytes) -> Graph:
    """Decode the graph of an ONNX model. Raises `ValueError` where the bytes are no such file."""
    try:
        body = next(value for number, _wire, value in fields(content) if number == 7)
        return _graph(body)
    except (StopIteration, IndexError, struct.error, UnicodeDecodeError, TypeError) as error:
        raise ValueError("not an ONNX model") from error


def fields(data: bytes) -> Iterator[Field]:
    """Fields of one protobuf message: (number, wire type, value)."""
    position, end = 0, len(data)
    while position < end:
        key, position = _varint(data, position)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, position = _varint(data, position)
            yield number, wire, value
            continue
        if wire == _BYTES:
            size, position = _varint(data, position)
        elif wire in (_FIXED32, _FIXED64):
            size = 4 if wire == _FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire}")
        if position + size > end:
            raise ValueError("cut off")
        yield number, wire, data[position : position + size]
        position += size


def _varint(data: bytes, position: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = data[position]
        position += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, position
        shift += 7
        if shift > 63:
            raise ValueError("varint")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _graph(data: bytes) -> Graph:
    nodes: list[Node] = []
    constants: dict[str, NDArray[Any]] = {}
    inputs: list[str] = []
    outputs: list[str] = []
    for number, _wire, value in fields(data):
        if number == 1:
            nodes.append(_node(value))
        elif number == 5:
            name, array = _tensor(value)
            constants[name] = array
        elif number in (11, 12):
            name = next(part.decode() for field, _w, part in fields(value) if field == 1)
            (inputs if number == 11 else outputs).append(name)
    return Graph(tuple(nodes), constants, tuple(inputs), tuple(outputs))


def _node(data: bytes) -> Node:
    texts: dict[int, list[str]] = {1: [], 2: [], 4: [], 7: []}
    attributes: dict[str, Any] = {}
    for number, _wire, value in fields(data):
        if number in texts:
            texts[number].append(value.decode())
        elif number == 5:
            name, content = _attribute(value)
            attributes[name] = content
    operator, domain = "".join(texts[4]), "".join(texts[7])
    return Node(operator, domain, tuple(texts[1]), tuple(texts[2]), attributes)


def _attribute(data: bytes) -> tuple[str, Any]:
    """Name and value; repeated numbers come packed or one by one. Subgraphs are left out."""
    quick = _long_list(data)
    if quick is not None:
        return quick
    name, single, kind = "", None, 0
    many: dict[int, list[Any]] = {6: [], 7: [], 8: []}
    for number, wire, value in fields(data):
        if number == 1:
            name = value.decode()
        elif number == 20:
            kind = value
        elif number in (2, 3, 4, 5):
            single = _single(number, value)
        elif number == 7:
            many[6].extend(np.frombuffer(value, "<f4").tolist())
        elif number == 8:
            many[7].extend(whole_numbers(value, wire))
        elif number == 9:
            many[8].append(value)
    if kind in (6, 7):
        return name, np.array(many[kind], dtype=np.float32 if kind == 6 else np.int64)
    return name, many[8] if kind == 8 else single


def is_long_list(data: bytes) -> bool:
    """Tell by its ends whether an attribute is a name with a plain list of numbers or texts, as writers make it.

    The items are not looked at: a tree ensemble has 100,000 of them, and none can hold a tensor or a graph.
    """
    if len(data) < 6 or data[0] != 0x0A or data[1] >= 0x80:
        return False
    return (data[2 + data[1]], data[-3:]) in _LISTS


def _long_list(data: bytes) -> tuple[str, Any] | None:
    """Decode at once what the usual writers make: name, items each with its own tag, type. None: something else.

    A tree ensemble holds 100,000 such numbers; one by one they would cost 0.1 s at every start.
    """
    if len(data) < 6 or data[0] != 0x0A or data[1] >= 0x80:
        return None
    name, body = data[2 : 2 + data[1]].decode(), data[2 + data[1] :]
    if body.endswith(b"\xa0\x01\x08"):
        texts = _short_texts(body[:-3])
        return None if texts is None else (name, texts)
    numbers = np.frombuffer(body[:-3], np.uint8)
    if body.endswith(b"\xa0\x01\x06") and len(numbers) % 5 == 0:
        rows = numbers.reshape(-1, 5)
        return (name, rows[:, 1:].copy().view("<f4").reshape(-1)) if (rows[:, 0] == 0x3D).all() else None
    if not body.endswith(b"\xa0\x01\x07") or not len(numbers) or numbers[-1] >= 0x80:
        return None
    ends = np.flatnonzero(numbers < 0x80)
    starts = np.concatenate([[0], ends[:-1] + 1])
    if len(ends) % 2 or int(np.max(ends - starts)) > 9 or not (numbers[starts[0::2]] == 0x40).all():
        return None
    values = np.zeros(len(ends), dtype=np.uint64)
    for place in range(int(np.max(ends - starts)) + 1):
        here = starts + place <= ends
        digits = numbers[starts[here] + place].astype(np.uint64) & np.uint64(0x7F)
        values[here] |= digits << np.uint64(7 * place)
    return name, values[1::2].astype(np.int64)


def _short_texts(body: bytes) -> list[bytes] | None:
    """Texts of under 128 bytes, each with its own tag."""
    found, position, end = [], 0, len(body)
    while position + 1 < end:
        size = body[position + 1]
        if body[position] != 0x4A or size >= 0x80:
            return None
        found.append(body[position + 2 : position + 2 + size])
        position += 2 + size
    return found if position == end else None


def _single(number: int, value: Any) -> Any:
    if number == 2:
        return struct.unpack("<f", value)[0]
    if number == 3:
        return _signed(value)
    return _tensor(value)[1] if number == 5 else value


def whole_numbers(value: Any, wire: int) -> list[int]:
    """Signed whole numbers of a repeated field, packed or one by one."""
    if wire == _VARINT:
        return [_signed(value)]
    found, position = [], 0
    while position < len(value):
        item, position = _varint(value, position)
        found.append(_signed(item))
    return found


def _tensor(data: bytes) -> tuple[str, NDArray[Any]]:
    """Name and values of a TensorProto; types that trees do not use are left empty."""
    name, kind, raw = "", 0, b""
    shape: list[int] = []
    parts: list[NDArray[Any]] = []
    for number, wire, value in fields(data):
        if number == 1:
            shape.extend(whole_numbers(value, wire))
        elif number == 2:
            kind = value
        elif number == 4:
            parts.append(np.frombuffer(value, "<f4"))
        elif number in (5, 7):
            parts.append(np.array(whole_numbers(value, wire), dtype=np.int64))
        elif number == 8:
            name = value.decode()
        elif number == 9:
            raw = value
        elif number == 10:
            parts.append(np.frombuffer(value, "<f8"))
    if kind not in _TENSOR_TYPES:
        return name, np.empty(0)
    array = np.frombuffer(raw, _TENSOR_TYPES[kind]) if raw else np.concatenate(parts or [np.empty(0)])
    return name, array.reshape(shape).astype(_TENSOR_TYPES[kind])
