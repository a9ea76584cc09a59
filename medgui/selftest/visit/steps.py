"""What a doctor does with each patient, through the widgets of the real window."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QCompleter, QDialogButtonBox, QFileDialog, QLineEdit, QToolButton

from medgui.assessment import shown
from medgui.assessment.finding import Finding, InputUsed, Status
from medgui.i18n import LANGUAGES, _
from medgui.selftest.visit import document
from medgui.selftest.visit.hand import Hand, VisitStopped
from medgui.ui.pages.record.page import RecordPage
from medgui.ui.pages.report.page import ReportPage
from medgui.ui.pages.results.detail import DetailPanel
from medgui.ui.pages.results.gaps import MissingEntry
from medgui.ui.pages.results.inputs import WHAT_IF
from medgui.ui.pages.results.page import ResultsPage
from medgui.ui.pages.start.page import StartPage

if TYPE_CHECKING:
    from medgui.ui.window import MainWindow

TYPED: Mapping[str, str] = {"total_cholesterol": "212", "hdl_cholesterol": "50", "creatinine": "0.9"}
"""What the doctor types where a value is missing, in the conventional unit that the field shows."""
PREFERRED = ("prevent", "ckd_epi_2021")
"""Models whose row is opened, the first of them that has a number; else the first row with reasons."""
DIALOG_MS, DIALOG_TRIES = 50, 100
"""How often the dialog is looked at, and how many times before it is put away."""
CHANGED = 0.9
"""The what-if: one input at nine tenths of its value."""


class Doctor:
    """One doctor at one window. Files that are written lie below *folder*."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self._window, self._folder = window, folder
        self._hand = Hand()
        self._began = datetime.now().astimezone()

    # One patient

    def see_demo(self, number: int, name: str) -> dict[str, Any]:
        """Open the demonstration patient *number* of the start page, and see him."""
        start = self._page("start", StartPage)
        self._hand.until("the list of patients", lambda: len(start.demos.buttons) > number)
        self._hand.click(start.demos.buttons[number])
        return self._see(name)

    def see_file(self, path: Path, as_of: str) -> dict[str, Any]:
        """See the patient of *path* on the day *as_of*: what `medgui FILE --as-of DAY` does."""
        self._page("start", StartPage)
        self._window.open_paths([path], as_of=as_of)
        return self._see(path.name)

    def _see(self, name: str) -> dict[str, Any]:
        visit = self._window.shell.visit
        self._hand.until(f"the results of {name}", lambda: self._settled(name))
        told: dict[str, Any] = {"file": name, "before": self._assessment()}
        told["answers"] = self._answer_questions() or self._fill_in()
        told["after"] = self._assessment() if told["answers"] else None
        told.update(self._look_closely())
        told["report"] = self._report(Path(name).stem)
        self._hand.click(self._window.banner.close_button)
        self._hand.until("an empty window", lambda: visit.record is None)
        return told

    def _settled(self, name: str = "") -> bool:
        visit = self._window.shell.visit
        record, found = visit.record, visit.assessment
        if record is None or found is None or visit.busy or visit.opening is not None:
            return False
        return found.complete and found.record_key == record.key and (not name or record.file == name)

    def _assessment(self) -> dict[str, Any]:
        visit = self._window.shell.visit
        if visit.record is None or visit.assessment is None:
            raise VisitStopped(_("no results are on the screen"))
        return document.assessment(visit.record, visit.assessment)

    # Answers

    def _answer_questions(self) -> list[dict[str, str]]:
        """Give each open question the first answer that its card offers."""
        visit = self._window.shell.visit
        given: list[dict[str, str]] = []
        while visit.record is not None and visit.record.open_questions:
            waiting = len(visit.record.open_questions)
            page = self._go("record", RecordPage)
            self._hand.until("a question", lambda page=page: page.questions.card is not None)
            card = page.questions.card
            if card is None:
                break
            words = {"question": card.accessibleName(), "answer": card.buttons[0].text()}
            self._hand.click(card.buttons[0])
            self._hand.until("results after an answer", self._settled)
            if visit.record is None or len(visit.record.open_questions) >= waiting:
                raise VisitStopped(_("an answer left its question open"))
            given.append(words)
        return given

    def _fill_in(self) -> list[dict[str, str]]:
        """Type one value that is missing, where a result with a known one lacks it."""
        page = self._go("results", ResultsPage)
        for model, row in page.rows.items():
            lacking = [used.name for used in row.finding.inputs if used.required and used.value is None]
            if row.finding.status is not Status.MISSING_INPUT or len(lacking) != 1 or lacking[0] not in TYPED:
                continue
            self._hand.click(row)
            self._hand.until("a field to fill in", lambda model=model: model in page.details)
            entries = [e for e in page.details[model].findChildren(MissingEntry) if hasattr(e, "edit")]
            if len(entries) != 1:
                raise VisitStopped(_("a missing value has no field"))
            self._hand.click(entries[0].edit)
            self._hand.type(entries[0].edit, TYPED[lacking[0]])
            self._hand.key(entries[0].edit, Qt.Key.Key_Return, "\r")
            self._hand.until("results after a value", self._settled)
            return [{"question": f"{model}: {lacking[0]}", "answer": TYPED[lacking[0]]}]
        return []

    # Reasons and what-if

    def _look_closely(self) -> dict[str, Any]:
        """Open a row, wait for its reasons, and change one input."""
        page = self._go("results", ResultsPage)
        model = next((m for m in PREFERRED if m in page.rows and _explained(page.rows[m].finding)), "")
        model = model or next((m for m, row in page.rows.items() if _explained(row.finding)), "")
        if not model:
            return {"opened": None, "what_if": None}
        row = page.rows[model]
        if model not in page.details:
            self._hand.click(row)
        self._hand.until("the reasons", lambda: model in page.details and page.details[model].why is not None)
        detail = page.details[model]
        why = detail.why
        if why is None or why.none.isVisible() or not (why.chart.isVisible() or why.points.isVisible()):
            raise VisitStopped(_("an opened row shows no reasons"))
        explained = document.finding(detail.finding)["explanations"]
        opened = {"model": model, "row": row.accessibleName(), "explanations": explained}
        return {"opened": opened, "what_if": self._what_if(detail)}

    def _what_if(self, detail: DetailPanel) -> dict[str, Any] | None:
        table, what_if = detail.table, detail.what_if
        if table is None or what_if is None:
            return None
        number = next((n for n, used in enumerate(detail.finding.inputs) if _changeable(used)), -1)
        if number < 0:
            return None
        used = detail.finding.inputs[number]
        viewport = table.viewport()
        place: QRect = table.visualRect(table.rows.index(number, WHAT_IF))
        self._hand.click(viewport, place)
        self._hand.until("a field to change", lambda: viewport.findChildren(QLineEdit))
        edit = viewport.findChildren(QLineEdit)[0]
        edit.selectAll()
        text = shown.shown(used.name, float(used.value or 0) * CHANGED, used.unit, "conventional").text
        self._hand.type(edit, text)
        wanted = shown.typed(used.name, text, used.unit, "conventional")
        self._hand.until("the number of what-if", lambda: _answers(what_if.result, used.name, wanted))
        result = what_if.result
        if result is None:
            raise VisitStopped(_("what-if gave no number"))
        line = detail.line
        told = {
            "model": detail.finding.model,
            "input": used.name,
            "typed": text,
            "changes": dict(what_if.changes),
            "shown": [line.old.text(), line.new.text()] if line is not None else [],
            "finding": document.finding(result),
        }
        self._hand.key(edit, Qt.Key.Key_Return, "\r")
        return told

    # The report

    def _report(self, name: str) -> dict[str, Any]:
        """Look at the report in both languages and save each."""
        page = self._go("report", ReportPage)
        told = {}
        for lang in ("en", "zh"):
            self._choose_language(page, lang)
            path = self._folder / f"{name}-{lang}.pdf"
            self._save(page, path)
            ended = datetime.now().astimezone()
            told[lang] = document.pdf_text(path.read_bytes(), lang, self._began, ended)
        return told

    def _choose_language(self, page: ReportPage, lang: str) -> None:
        self._hand.until("the preview", lambda: page.sheets)
        if page.language.current != lang:
            before = page.sheets
            parts = page.language.findChildren(QToolButton)
            self._hand.click(next(part for part in parts if part.text() == LANGUAGES[lang]))
            self._hand.until("the other language", lambda: page.sheets and page.sheets is not before)

    def _save(self, page: ReportPage, path: Path) -> None:
        """Press "Save as PDF", type a name into the dialog that opens, and wait for the file.

        The dialogs of Windows and macOS are the system's own and take no events of ours: there the page is told.
        """
        if sys.platform == "linux":
            QTimer.singleShot(0, lambda: self._name(path))
            self._hand.click(page.save_button)
        else:
            page.save_to(path)
        self._hand.until("the saved report", lambda: path.is_file() and path.stat().st_size > 0)

    def _name(self, path: Path, tries: int = 0) -> None:
        """Type *path* into the dialog that opens and press its button; a dialog that stays open is put away."""
        dialog = QApplication.activeModalWidget()
        edit = dialog.findChild(QLineEdit) if isinstance(dialog, QFileDialog) else None
        if path.exists() or tries > DIALOG_TRIES:
            if dialog is not None:
                dialog.close()
            return
        if edit is not None:
            # An empty one: the dialog's own would open a list of names, which takes the keys.
            edit.setCompleter(QCompleter(edit))
            edit.setFocus()
            edit.selectAll()
            self._hand.type(edit, str(path))
            self._hand.click(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save))
        if edit is None or dialog.isVisible():
            QTimer.singleShot(DIALOG_MS, lambda: self._name(path, tries + 1))

    # Pages

    def _go(self, key: str, kind: type[Any]) -> Any:
        """Click the page *key* in the navigation."""
        self._hand.click(self._window.nav.items[key])
        return self._page(key, kind)

    def _page(self, key: str, kind: type[Any]) -> Any:
        self._hand.until(f"the page {key}", lambda: isinstance(self._window.current, kind))
        return self._window.current


def _explained(found: Finding) -> bool:
    return found.status is Status.READY and bool(found.explanations) and found.kind != "value"


def _changeable(used: InputUsed) -> bool:
    """Whether the what-if can take nine tenths of it: a number that is known, no answer out of a list."""
    number = isinstance(used.value, float) and used.value > 1
    return used.editable and number and not shown.choices(used.name) and used.name != "age"


def _answers(result: Finding | None, name: str, wanted: float) -> bool:
    """Whether a result of what-if is that of the whole figure, not of its first digits (slow typing asks for both)."""
    return result is not None and any(used.name == name and used.value == wanted for used in result.inputs)
