"""Blocks come onto pages whole, with their headings, and tables repeat their head."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.report.draw import Pen
from medgui.report.flow import Block, paginate
from medgui.report.summary import shared_out

BOTTOM = 100.0


def block(height: float, *, keep: bool = False, again: Block | None = None) -> Block:
    def paint(_pen: Pen, _y: float) -> None:
        return None

    return Block(height, paint, keep, again)


@given(st.lists(st.tuples(st.floats(1, 90), st.booleans()), max_size=40))
def test_every_block_is_placed_once_in_order_and_none_is_cut(parts: list[tuple[float, bool]]) -> None:
    blocks = [block(height, keep=keep) for height, keep in parts]
    pages = paginate(blocks, (10, 10), BOTTOM)
    assert [placed.block for page in pages for placed in page] == blocks
    for page in pages:
        for above, below in pairwise(page):
            assert below.y >= above.y + above.block.height - 1e-9
        assert all(placed.y + placed.block.height <= BOTTOM + 1e-9 for placed in page)


def test_a_heading_goes_to_the_next_page_with_what_follows() -> None:
    head, row = block(10, keep=True), block(20)
    pages = paginate([block(75), head, row], (0, 0), BOTTOM)
    assert [placed.block for placed in pages[1]] == [head, row]


def test_a_table_that_goes_on_repeats_its_head() -> None:
    head = block(10)
    rows = [block(30, again=head) for _ in range(5)]
    pages = paginate([block(10, keep=True), *rows], (0, 0), BOTTOM)
    assert [placed.block for placed in pages[1]] == [head, *rows[3:]]


def test_a_group_higher_than_a_page_is_still_placed() -> None:
    blocks = [block(60, keep=True), block(60, keep=True), block(60)]
    assert sum(len(page) for page in paginate(blocks, (0, 0), BOTTOM)) == 3


@given(st.lists(st.floats(5, 900), min_size=1, max_size=8), st.floats(50, 700))
def test_columns_share_the_room_they_have(needs: list[float], room: float) -> None:
    widths = shared_out(needs, room)
    assert sum(widths) == pytest.approx(room) or sum(widths) < room
    if sum(needs) + len(needs) <= room:
        assert all(width >= need for width, need in zip(widths, needs, strict=True))
