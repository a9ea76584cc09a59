"""A visit with real clicks and keys in the installed program without a network; each picture is that of the source."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.helpers.command_line import ROOT
from tests.helpers.screen import lacking, wait
from tests.package import questions
from tests.package.answers import Both
from tests.package.twins import Twins, twins

pytestmark = pytest.mark.package
PICTURES = ROOT / "build" / "proof" / "pictures"
NAME = "bauer_anna.json"
PAUSE_S = 1.0
"""As long as a hand takes to the next key: the packaged window's dialog cannot be asked whether it is ready."""
RISK = "10-year cardiovascular disease"


@pytest.fixture
def visit(both: Both) -> Iterator[Twins]:
    if lacking():
        pytest.skip(f"no virtual screen here: {lacking()}")
    both.put(NAME, questions.patients()[NAME])
    with twins(both, NAME, PICTURES) as made:
        yield made


def test_a_whole_visit_by_mouse_and_keys_looks_like_the_source_at_every_step(
    visit: Twins, both: Both
) -> None:
    visit.window("^Results .* medgui$")
    visit.find("FindingRow", RISK)
    windows = visit.focus("medgui$")
    visit.key("ctrl+1")
    visit.window("^Record")
    visit.alike("1-question")
    visit.click("Button", "194 lb")
    visit.alike("2-answered")
    visit.key("ctrl+2")
    visit.window("^Results")
    visit.alike("3-results")
    visit.click("FindingRow", RISK)
    visit.find("DetailPanel")
    visit.alike("4-reasons")
    visit.click("Cell", "Systolic pressure: What if")
    visit.key("ctrl+a")
    visit.type("165")
    visit.key("Return")
    visit.alike("5-what-if")
    visit.key("ctrl+shift+l")
    visit.window("^结果")
    visit.alike("6-chinese")
    visit.key("ctrl+shift+l")
    visit.window("^Results")
    packaged, source = saved(visit, both, windows)
    assert words(packaged) == words(source)
    visit.alike("7-report", without="" if packaged == source else "Sheet")
    for screen, window in zip(visit.screens, windows, strict=True):
        screen.ask_to_close(window)
    assert visit.program.wait(60) == 0
    assert visit.program.communicate() == (b"", b"")


def saved(visit: Twins, both: Both, windows: tuple[str, str]) -> tuple[bytes, bytes]:
    """Make the report with Ctrl+P and save it through the file dialog; both files."""
    visit.key("ctrl+p")
    visit.window("^Report")
    visit.find("Sheet")
    visit.key("ctrl+s")
    visit.focus("Save the report")
    visit.find("QLineEdit", "medgui-report-")
    time.sleep(PAUSE_S)
    visit.key("ctrl+a")
    visit.type("visit.pdf")
    visit.find("QLineEdit", "visit.pdf")
    time.sleep(PAUSE_S)
    visit.key("Return")
    wait("both reports", lambda: all(path.exists() for path in both.paths("visit.pdf")))
    for screen, window in zip(visit.screens, windows, strict=True):
        screen.tool("windowfocus", "--sync", window)
    return both.files("visit.pdf")


def words(pdf: bytes) -> list[str]:
    """The text of each page, without the clock."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [re.sub(r"\d\d:\d\d", "", page) for page in pages]
