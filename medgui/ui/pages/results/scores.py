"""Scores on request: the list of all of them, the sheet of one, and what becomes of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medgui.ui.shell import Shell

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue
    from medgui.record.model import Answer
    from medgui.ui.pages.results.score_sheet import Drafts


class Scores:
    """Opens list and sheet over the window of *button*, which gets the focus back."""

    def __init__(self, shell: Shell, button: QWidget) -> None:
        self._shell, self._button = shell, button
        self._drafts: Drafts = {}
        self.wanted = ""

    def clear(self) -> None:
        """Forget the answers that were not kept: another patient comes."""
        self._drafts.clear()
        self.wanted = ""

    def list_all(self) -> None:
        """Offer every score to search; the one that is taken opens as a sheet."""
        from medgui.ui.pages.results.score_list import ScoreList

        if self._shell.visit.record is not None and not ScoreList.close_in(self._button.window()):
            self._with_catalogue(self._offer)

    def open(self, model: str) -> None:
        """Open the sheet of one score."""
        self._with_catalogue(lambda catalogue: self._sheet(catalogue, model))

    def close(self) -> bool:
        """Close list or sheet; False where none is open."""
        from medgui.ui.pages.results.score_list import ScoreList
        from medgui.ui.pages.results.score_sheet import ScoreSheet

        window = self._button.window()
        return ScoreSheet.close_in(window) or ScoreList.close_in(window)

    def _with_catalogue(self, then: Callable[[Catalogue], object]) -> None:
        record = self._shell.visit.record
        job = self._shell.tasks.job(lambda _token: self._shell.services.catalogue())
        job.while_true(lambda: record is not None and self._shell.visit.record is record).on_done(then).run()

    def _offer(self, catalogue: Catalogue) -> None:
        from medgui.ui.pages.results.score_list import ScoreList

        window = self._button.window()
        ScoreList(window, catalogue, lambda model: self._sheet(catalogue, model), self._button).appear()

    def _sheet(self, catalogue: Catalogue, model: str) -> None:
        from medgui.ui.pages.results.score_sheet import ScoreSheet

        draft = self._drafts.setdefault(model, {})
        manifest = catalogue.get(model).manifest
        ScoreSheet(self._button.window(), self._shell, manifest, draft, self.add, self._button).appear()

    def add(self, model: str, answers: Sequence[Answer] = ()) -> None:
        """Let the score stand among the findings; the page opens it when it is there."""
        self.wanted = model
        self._shell.visit.request(model, answers)
