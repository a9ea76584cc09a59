"""Lines break where a reader of English or Chinese expects them to."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.charts.display import elide
from medgui.charts.text import NOT_FIRST, NOT_LAST, wrap


def width(text: str) -> float:
    return sum(10 if ord(c) > 0x2E80 else 5 for c in text)


@given(
    st.lists(st.sampled_from(["血压", "心肌梗死", "（演示）", "、", "。", "HDL 45", "50%"]), max_size=25),
    st.integers(70, 300),
)
def test_no_line_starts_with_closing_or_ends_with_opening_punctuation(pieces: list[str], room: int) -> None:
    text = "".join(pieces).replace("、、", "、").replace("。。", "。")
    for above, below in pairwise(wrap(text, room, width)):
        run = re.search(r"[、。）%]{3,}", text)
        assert run or below[0] not in NOT_FIRST
        assert run or above[-1] not in NOT_LAST


@given(st.text("心肌梗死，abc 12", max_size=80), st.integers(30, 300))
def test_nothing_is_lost_but_spaces_at_the_ends_of_lines(text: str, room: int) -> None:
    assert "".join(wrap(text, room, width)).replace(" ", "") == text.replace(" ", "")


@given(st.text(max_size=60), st.integers(20, 300))
def test_every_line_fits_unless_it_is_one_character(text: str, room: int) -> None:
    for line in wrap(text, room, width):
        assert width(line) <= room or len(line) <= 1


def test_a_chinese_comma_stays_with_its_word() -> None:
    lines = wrap("血压血压血压，血脂", 60, width)
    assert all(not line.startswith("，") for line in lines)


def test_no_single_character_is_left_on_the_last_line() -> None:
    assert wrap("心肌梗死脑卒中", 60, width) == ["心肌梗死脑", "卒中"]


def test_english_breaks_at_spaces_and_keeps_no_break_spaces_together() -> None:
    assert wrap("about 14.7\u00a0% of all", 45, width) == ["about", "14.7\u00a0% of", "all"]


def test_a_word_wider_than_a_line_is_cut() -> None:
    assert wrap("a" * 25, 50, width) == ["a" * 10, "a" * 10, "a" * 5]


@pytest.mark.parametrize(("room", "shown"), [(100, "blood pressure"), (45, "blood pr…"), (4, "")])
def test_what_does_not_fit_ends_in_dots(room: float, shown: str) -> None:
    assert elide("blood pressure", room, width) == shown


def test_a_megabyte_without_a_space_costs_no_more_than_its_lines() -> None:
    measured = 0

    def counting(text: str) -> float:
        nonlocal measured
        measured += len(text)
        return width(text)

    text = "x" * 100_000
    assert "".join(wrap(text, 300, counting)) == text
    assert measured < 100 * len(text)
    measured = 0
    assert elide(text, 300, counting).endswith("…")
    assert measured < len(text)
