"""Each character finds a face, or is named by its code point."""

import subprocess
import sys

import pytest

from medgui.report import fonts


@pytest.mark.parametrize(
    ("character", "face"),
    [
        ("A", "NotoSansSC-Regular-gbk"),
        ("血", "NotoSansSC-Regular-gbk"),
        ("Ł", "NotoSans-Regular"),
        ("ễ", "NotoSans-Regular"),
        ("⁶", "NotoSans-Regular"),
        ("𠮷", "NotoHanSupplement-Regular"),
        ("䶮", "NotoHanSupplement-Regular"),
    ],
)
def test_a_character_goes_to_the_first_face_that_has_it(character: str, face: str) -> None:
    assert [run.face for run in fonts.runs(character)] == [face]


def test_runs_keep_the_text_and_join_neighbours_of_one_face() -> None:
    pieces = fonts.runs("Łukasz 血压", bold=True)
    assert "".join(piece.text for piece in pieces) == "Łukasz 血压"
    assert len(pieces) == 2


def test_a_width_is_the_sum_of_its_runs_at_any_size() -> None:
    assert fonts.measure("Ł𠮷a", 10, False) == pytest.approx(sum(fonts.measure(c, 10, False) for c in "Ł𠮷a"))
    assert fonts.measure("abc", 24, True) == pytest.approx(2 * fonts.measure("abc", 12, True))


def test_digits_are_equally_wide() -> None:
    for bold in (False, True):
        assert len({fonts.measure(digit, 10, bold) for digit in "0123456789"}) == 1


def test_controls_and_invisible_marks_are_dropped_and_line_ends_are_blanks() -> None:
    assert fonts.printable("a\u200bb\x00c\nd\ufeff") == "abc d"


def test_what_no_face_has_is_named() -> None:
    assert fonts.unprintable("a😀😀ب") == ("😀", "ب")
    assert fonts.runs("😀")[0].text == "U+1F600"


def test_reportlab_is_not_imported_with_the_report_layer() -> None:
    code = "import sys, medgui.report; assert not [m for m in sys.modules if m.startswith('reportlab')]"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_faces_can_be_let_go_and_read_again() -> None:
    before = fonts.measure("Ł血𠮷", 10, True)
    fonts.forget()
    assert fonts.measure("Ł血𠮷", 10, True) == before
