"""What a step frames on its page: a widget, or a part of one. None where it is not there yet."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from medgui.frozen import frozen
from medgui.ui.pages.page import Page


@frozen
class Spot:
    """A widget, and the part of it in its own coordinates; the whole where *part* is None."""

    widget: QWidget
    part: Callable[[], QRect] | None = None

    def rect(self) -> QRect:
        """Return the framed rectangle in the widget's coordinates."""
        return self.part() if self.part is not None else self.widget.rect()


Find = Callable[[Page], Spot | None]


def question(page: Page) -> Spot | None:
    """The card of the open question on Record."""
    from medgui.ui.pages.record import RecordPage

    card = page.questions.card if isinstance(page, RecordPage) else None
    return Spot(card) if card is not None else None


def row(model: str) -> Find:
    """The row of *model* on Results."""

    def find(page: Page) -> Spot | None:
        from medgui.ui.pages.results import ResultsPage

        found = page.rows.get(model) if isinstance(page, ResultsPage) else None
        return Spot(found) if found is not None else None

    return find


def detail(model: str) -> Find:
    """The opened detail of *model*, or its row where it is closed."""

    def find(page: Page) -> Spot | None:
        from medgui.ui.pages.results import ResultsPage

        found = page.details.get(model) if isinstance(page, ResultsPage) else None
        return Spot(found) if found is not None else row(model)(page)

    return find


def outputs(model: str) -> Find:
    """The choice of outcomes over the reasons of *model*."""

    def find(page: Page) -> Spot | None:
        from medgui.ui.pages.results import ResultsPage

        found = page.details.get(model) if isinstance(page, ResultsPage) else None
        choice = found.outputs if found is not None else None
        return Spot(choice) if choice is not None else row(model)(page)

    return find


def column(model: str, number: int) -> Find:
    """One column of the inputs of *model*; where it has no room, the one that leads to the file in its stead."""

    def find(page: Page) -> Spot | None:
        from medgui.ui.pages.results import ResultsPage

        found = page.details.get(model) if isinstance(page, ResultsPage) else None
        table = found.table if found is not None else None
        if table is None:
            return row(model)(page)

        def part() -> QRect:
            shown = table.linked if table.isColumnHidden(number) else number
            left = table.viewport().mapTo(table, QPoint(table.columnViewportPosition(shown), 0)).x()
            return QRect(left, 0, table.columnWidth(shown), table.height())

        return Spot(table, part)

    return find


def add_score(page: Page) -> Spot | None:
    """The button that lists all scores."""
    from medgui.ui.pages.results import ResultsPage

    return Spot(page.add_score) if isinstance(page, ResultsPage) else None


def save(page: Page) -> Spot | None:
    """The button that writes the report."""
    from medgui.ui.pages.report import ReportPage

    return Spot(page.save_button) if isinstance(page, ReportPage) else None


def language(page: Page) -> Spot | None:
    """The choice of the language on Settings."""
    from medgui.ui.pages.settings import SettingsPage

    found = page.controls.get("language") if isinstance(page, SettingsPage) else None
    return Spot(found) if found is not None else None
