"""Numbers as cells and pieces as lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.assessment import csv_lines
from medgui.assessment.csv_lines import number_cells, write_lines

PROBABILITY = st.one_of(st.floats(0, 1), st.just(float("nan")))


def read(cells: list[bytes], columns: int) -> np.ndarray:
    texts = [cell.decode().split(",")[1:] for cell in cells]
    assert all(len(row) == columns for row in texts)
    return np.array([[float(text or "nan") for text in row] for row in texts])


@given(st.lists(st.tuples(PROBABILITY, PROBABILITY), min_size=1, max_size=20))
def test_probabilities_are_written_to_twelve_decimals_and_none_is_an_empty_cell(
    rows: list[tuple[float, float]],
) -> None:
    values = np.array(rows)
    np.testing.assert_allclose(read(number_cells(values, b","), 2), values, rtol=0, atol=1e-12)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_other_numbers_have_ten_digits_or_twelve_decimals(numbers: list[float]) -> None:
    values = np.array(numbers)[:, None]
    np.testing.assert_allclose(read(number_cells(values, b","), 1), values, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0.0, b";0.000000000000"),
        (1.0, b";1.000000000000"),
        (0.9999999999999, b";1.000000000000"),
        (0.147, b";0.147000000000"),
        (-0.0, b";0.000000000000"),
        (93.25, b";93.25"),
        (np.nan, b";"),
    ],
)
def test_a_cell_is_what_it_should_be(value: float, cell: bytes) -> None:
    assert number_cells(np.array([[value]]), b";") == [cell]


def test_pieces_do_not_change_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).random((50, 3))
    values[::7, 1] = np.nan
    whole = number_cells(values, b",")
    monkeypatch.setattr(csv_lines, "CELLS", 10)
    assert number_cells(values, b",") == whole


def test_lines_join_their_pieces_in_order() -> None:
    assert write_lines([[b"a", b"b%b"], [b",1", b",2"]], [b"\r\n", b""]) == b"a,1\r\nb%b,2"
    assert write_lines([[], []], []) == b""
