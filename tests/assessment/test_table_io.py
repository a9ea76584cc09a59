"""A CSV is cut into records and nothing of it is lost or changed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.assessment.table_io import CsvSource
from medgui.errors import UnreadableFile


def cut(tmp_path: Path, content: bytes, block_bytes: int = 16) -> tuple[CsvSource, list[bytes], bytes]:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    source = CsvSource(path, block_bytes=block_bytes)
    records, whole = [], b""
    for chunk in source.chunks():
        records += chunk.records
        whole += b"".join(r + e for r, e in zip(chunk.records, chunk.ends, strict=True))
    return source, records, whole


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_records_come_out_as_they_went_in(tmp_path: Path, end: bytes, last: bool) -> None:
    body = end.join([b"1,2", b"3,4", b"5,6"]) + (end if last else b"")
    source, records, whole = cut(tmp_path, b"a,b" + end + body)
    assert source.names == ["a", "b"]
    assert records == [b"1,2", b"3,4", b"5,6"]
    assert whole == body


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    source, records, _ = cut(tmp_path, b"\xef\xbb\xbfage,sex\n50,female\n")
    assert source.names == ["age", "sex"]
    assert records == [b"50,female"]


def test_line_ends_in_quotes_do_not_end_a_record(tmp_path: Path) -> None:
    body = b'1,"two\nlines, ""quoted"""\r\n2,"x"\r\n'
    _, records, whole = cut(tmp_path, b"a,b\r\n" + body, 8)
    assert records == [b'1,"two\nlines, ""quoted"""', b'2,"x"']
    assert whole == body


def test_a_bare_quote_inside_a_cell_is_a_sign_like_any_other(tmp_path: Path) -> None:
    body = b'1,5" tall\n2,6\n3,"a\nb"\n'
    _, records, whole = cut(tmp_path, b"a,b\n" + body, 4)
    assert records == [b'1,5" tall', b"2,6", b'3,"a\nb"']
    assert whole == body


def test_a_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Row 3 has 3 cells"):
        cut(tmp_path, b"a,b\n1,2\n1,2,3\n")


def test_a_short_row_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'a,b,c\n1,2,3\n1\n"x,y",2\n')
    chunk = next(CsvSource(path).chunks())
    assert chunk.short == [0, 2, 1]


@pytest.mark.parametrize(
    "content", [b"", b"\n \n", b"PK\x03\x04rest", "a,b\n1,2\n".encode("utf-16"), b"a\rb\n"]
)
def test_what_is_no_csv_text_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        cut(tmp_path, content)


def test_semicolons_and_tabs_are_understood(tmp_path: Path) -> None:
    assert cut(tmp_path, b"a;b\n1;2\n")[0].names == ["a", "b"]
    assert cut(tmp_path, b"a\tb\n1\t2\n")[0].names == ["a", "b"]


CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\0"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12), st.integers(1, 40))
def test_any_table_that_csv_writes_is_cut_where_csv_cuts_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], block: int
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("a", "b", "c"), *rows])
    body = text.getvalue().encode().partition(b"\r\n")[2]
    _, records, whole = cut(tmp_path_factory.mktemp("t"), text.getvalue().encode(), block)
    parsed = [next(csv.reader(io.StringIO(record.decode(), newline=""))) for record in records]
    assert [tuple(row) for row in parsed] == rows
    assert whole == body
