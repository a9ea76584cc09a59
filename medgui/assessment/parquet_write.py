"""Columns of numbers and texts as chunks of a Parquet file, plain and uncompressed, and the footer that names them.

Numbers and layouts: Apache Parquet format 2.11 (parquet.thrift, Encodings.md). Every column may have empty cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.thrift import BINARY, I32, I64, LIST, STRUCT, Struct, write_struct
from medgui.frozen import frozen

FloatArray = NDArray[np.float64]
MAGIC = b"PAR1"
PAGE_ROWS = 32_768
_DOUBLE, _BYTE_ARRAY = 5, 6
_PLAIN, _RLE, _DICTIONARY = 0, 3, 8
_OPTIONAL, _UTF8 = 1, 0


@frozen
class Texts:
    """A column of texts [N]: `codes` into `values`, -1 where there is none."""

    codes: NDArray[np.intp]
    values: Sequence[bytes]


Column = FloatArray | Texts


def element(name: str, *, text: bool) -> Struct:
    """The schema of one column."""
    found: Struct = [
        (1, I32, _BYTE_ARRAY if text else _DOUBLE),
        (3, I32, _OPTIONAL),
        (4, BINARY, name.encode()),
    ]
    return [*found, (6, I32, _UTF8), (10, STRUCT, [(1, STRUCT, [])])] if text else found


def chunk(name: str, column: Column, offset: int) -> tuple[bytes, Struct, int]:
    """The bytes of a column that will stand at *offset*, its description, and its size."""
    if isinstance(column, Texts):
        dictionary, pages, encodings = _text_pages(column)
    else:
        dictionary, pages, encodings = b"", _number_pages(column), [_PLAIN, _RLE]
    content = dictionary + pages
    count = len(column.codes) if isinstance(column, Texts) else len(column)
    meta: Struct = [
        (1, I32, _BYTE_ARRAY if isinstance(column, Texts) else _DOUBLE),
        (2, LIST, (I32, encodings)),
        (3, LIST, (BINARY, [name.encode()])),
        (4, I32, 0),
        (5, I64, count),
        (6, I64, len(content)),
        (7, I64, len(content)),
        (9, I64, offset + len(dictionary)),
    ]
    if dictionary:
        meta.append((11, I64, offset))
    return content, [(2, I64, 0), (3, STRUCT, meta)], len(content)


def footer(struct: Struct) -> bytes:
    """The end of a file: its description, the length of it, the magic bytes."""
    content = write_struct(struct)
    return content + len(content).to_bytes(4, "little") + MAGIC


def _number_pages(values: FloatArray) -> bytes:
    pages = []
    for start in range(0, len(values), PAGE_ROWS):
        part = values[start : start + PAGE_ROWS]
        known = ~np.isnan(part)
        body = _levels(known) + part[known].astype("<f8").tobytes()
        pages.append(_page(body, len(part), _PLAIN))
    return b"".join(pages)


def _text_pages(texts: Texts) -> tuple[bytes, bytes, list[int]]:
    body = b"".join(len(value).to_bytes(4, "little") + value for value in texts.values)
    header: Struct = [(1, I32, len(texts.values)), (2, I32, _PLAIN)]
    dictionary = _with_header(body, 2, 7, header)
    width = max(1, (len(texts.values) - 1).bit_length())
    pages = []
    for start in range(0, len(texts.codes), PAGE_ROWS):
        part = texts.codes[start : start + PAGE_ROWS]
        known = part >= 0
        pages.append(
            _page(_levels(known) + bytes([width]) + _packed(part[known], width), len(part), _DICTIONARY)
        )
    return dictionary, b"".join(pages), [_PLAIN, _RLE, _DICTIONARY]


def _page(body: bytes, rows: int, encoding: int) -> bytes:
    header: Struct = [(1, I32, rows), (2, I32, encoding), (3, I32, _RLE), (4, I32, _RLE)]
    return _with_header(body, 0, 5, header)


def _with_header(body: bytes, kind: int, place: int, header: Struct) -> bytes:
    sizes: list[tuple[int, int, Any]] = [(1, I32, kind), (2, I32, len(body)), (3, I32, len(body))]
    return write_struct([*sizes, (place, STRUCT, header)]) + body


def _levels(known: NDArray[np.bool_]) -> bytes:
    """Definition levels: 1 where there is a value; their length stands before them."""
    packed = _packed(known.astype(np.intp), 1)
    return len(packed).to_bytes(4, "little") + packed


def _packed(values: NDArray[np.intp], width: int) -> bytes:
    """One bit-packed run of the hybrid encoding, least bit first, filled up to eight values."""
    groups = -(-len(values) // 8)
    if not groups:
        return b""
    padded = np.zeros(groups * 8, dtype=np.int64)
    padded[: len(values)] = values
    bits = (padded[:, None] >> np.arange(width)) & 1
    body = np.packbits(bits.astype(np.uint8).reshape(-1), bitorder="little").tobytes()
    run = groups << 1 | 1
    head = bytearray()
    while run > 0x7F:
        head.append(run & 0x7F | 0x80)
        run >>= 7
    return bytes([*head, run]) + body
