"""The Report page: what is seen is what is saved."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
from pytestqt.qtbot import QtBot

from medgui.app.documents import PDFIUM
from medgui.ui.pages.report.page import ReportPage
from medgui.ui.shapes import Mark
from medgui.ui.window import MainWindow

OpenDemo = Callable[[str], MainWindow]


def report_of(window: MainWindow, qtbot: QtBot) -> ReportPage:
    window.shell.go("report")
    page = window.findChild(ReportPage)
    assert page is not None
    qtbot.waitUntil(lambda: bool(page.sheets), timeout=30_000)
    return page


def test_the_pages_are_drawn(open_demo: OpenDemo, qtbot: QtBot) -> None:
    page = report_of(open_demo("marlow_helen"), qtbot)
    qtbot.waitUntil(lambda: all(sheet._image is not None for sheet in page.sheets), timeout=30_000)
    assert len(page.sheets) >= 2


def test_the_report_is_saved_where_it_was_asked_for(
    open_demo: OpenDemo, qtbot: QtBot, tmp_path: Path
) -> None:
    page = report_of(open_demo("marlow_helen"), qtbot)
    page.save_to(tmp_path / "report")
    qtbot.waitUntil(lambda: (tmp_path / "report.pdf").exists(), timeout=30_000)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(
    open_demo: OpenDemo, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_demo("marlow_helen")
    page = report_of(window, qtbot)
    page.save_to(tmp_path / "absent" / "report.pdf")
    qtbot.waitUntil(lambda: bool(window.shell.messages.shown), timeout=30_000)
    assert window.shell.messages.shown[0].mark is not Mark.INFO
    assert not (tmp_path / "absent").exists()


def test_a_chinese_report_from_an_english_window_is_chinese_throughout(
    open_demo: OpenDemo, qtbot: QtBot
) -> None:
    page = report_of(open_demo("marlow_helen"), qtbot)
    before = page._pdf
    page.language.button("zh").click()
    qtbot.waitUntil(lambda: page._pdf != before, timeout=30_000)
    with PDFIUM:
        document = pypdfium2.PdfDocument(page._pdf)
        text = document[0].get_textpage().get_text_bounded()
        document.close()
    assert "10 年心血管病风险" in text
    assert "10-year" not in text
