"""The tour itself: opens the demonstration patient, leads from step to step, and ends when another one comes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from medgui.errors import MedguiError
from medgui.i18n import _
from medgui.ui.shapes import Mark
from medgui.ui.tour.conditions import Listener
from medgui.ui.tour.marker import Marker
from medgui.ui.tour.spots import Spot
from medgui.ui.tour.steps import PATIENT, STEPS, Step
from medgui.ui.tour.strip import Strip
from medgui.ui.visit import Opening

if TYPE_CHECKING:
    from medgui.ui.window import MainWindow

AROUND, BELOW = 24, 88
"""Room around what is scrolled to, and below it, where the result of a what-if stands."""


class Tour(QObject):
    """One for a window. The patient it opened stays on the screen when it ends, as any other would."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._shell = window.shell
        self._opening: Opening | None = None
        self._listener: Listener | None = None
        self.place = 0
        self.running = False
        self.strip = Strip(window.shell, self.back, self.forth, self.show_it, self.leave)
        self.strip.hide()
        window.foot.addWidget(self.strip)
        self.marker = Marker(window.centre)
        self.marker.lost.connect(self._settle)
        visit = window.shell.visit
        visit.record_changed.connect(self._record_changed)
        visit.assessment_changed.connect(self._settle_soon)
        visit.leaving.connect(self._leaving)
        window.stack.currentChanged.connect(lambda _n: self._settle_soon(reveal=True))
        window.shell.did.connect(lambda _what, _which: self._settle_soon())

    @property
    def step(self) -> Step | None:
        """The step on the strip; None at the end."""
        return STEPS[self.place] if self.place < len(STEPS) else None

    # Beginning and ending

    def begin(self) -> None:
        """Open the demonstration patient; the first step stands when the record is there."""
        self._end()
        listed = self._shell.services.demo_patients()
        patient = next((demo for demo in listed if demo.path.name == PATIENT), None)
        if patient is None:
            self._shell.messages.tell(
                Mark.CAUTION, lambda: _("The demonstration patient of the tour is missing."), topic="tour"
            )
            return
        self._opening = Opening(patient.path, demo=True)
        self._shell.visit.open(self._opening)

    def _record_changed(self) -> None:
        opening, visit = self._opening, self._shell.visit
        if opening is not None and visit.record is not None and visit.origin is opening:
            self._opening = None
            self.running = True
            self.strip.show()
            self._show(0, arrive=True)
        elif self.running:
            self._settle_soon()

    def _leaving(self) -> None:
        """Another patient comes, or this one is closed: the tour gives way without a word."""
        if self.running:
            self._end()

    def leave(self) -> None:
        """End the tour; the patient stays on the screen."""
        page = self._window.current
        self._end()
        area = next((area for area in page.areas() if area.isEnabled()), None) if page is not None else None
        (area or self._window.nav.focus_item).setFocus()

    def _end(self) -> None:
        self.running = False
        self._opening = None
        self._listen(None)
        self.marker.point(None)
        self.strip.hide()

    # From step to step

    def forth(self) -> None:
        """Go on to the next step; from the end, close."""
        if self.step is None:
            self.leave()
        else:
            self._show(self.place + 1, arrive=True)

    def back(self) -> None:
        """Go to the step before."""
        self._show(max(0, self.place - 1), arrive=True)

    def show_it(self) -> None:
        """Bring what the step means onto the screen and give it the focus."""
        step = self.step
        if step is None:
            return
        if step.arrive is not None:
            step.arrive(self._window)
        self._settle(reveal=True)
        spot = self.marker.spot
        if spot is not None:
            _focus(spot.widget)

    def _done(self) -> None:
        """Go on, since the doctor did it: the words change, the page does not move."""
        done = self.step
        if done is not None:
            self._show(self.place + 1, before=done)

    def _show(self, place: int, *, arrive: bool = False, before: Step | None = None) -> None:
        self._listen(None)
        self.place = place
        step = self.step
        if arrive and step is not None and step.arrive is not None:
            focused = self._window.focusWidget()
            step.arrive(self._window)
            if focused is not None and self.strip.isAncestorOf(focused):
                focused.setFocus()
        self._listen(step)
        self.strip.show_step(step, before)
        self._settle_soon(reveal=arrive)
        if step is None:
            self._remember()

    def _listen(self, step: Step | None) -> None:
        if self._listener is not None:
            self._listener.stop()
        self._listener = step.done(self._shell, self._done) if step is not None else None

    def _remember(self) -> None:
        settings = self._shell.services.settings
        settings.tour = "done"
        try:
            settings.save()
        except MedguiError as error:
            self._shell.messages.tell(Mark.CAUTION, str(error), topic="settings")

    # What is framed

    def _settle_soon(self, *, reveal: bool = False) -> None:
        """Look for what is framed after the pages have shown what has just changed."""
        if self.running:
            QTimer.singleShot(0, self, lambda: self._settle(reveal=reveal))

    def _settle(self, *, reveal: bool = False) -> None:
        spot = self.spot() if self.running else None
        if spot is not None and reveal:
            _reveal(spot)
        self.marker.point(spot)

    def spot(self) -> Spot | None:
        """Return what the step means on the page that is shown; elsewhere its page in the navigation."""
        step, page = self.step, self._window.current
        if step is None or page is None:
            return None
        if page.key == step.page:
            return step.find(page)
        item = self._window.nav.items.get(step.page)
        return Spot(item) if item is not None else None


def _focus(widget: QWidget) -> None:
    """Give *widget* the focus, or the first part of it that takes it."""
    from medgui.ui.window_commands import first_stop

    first_stop(widget).setFocus()


def _reveal(spot: Spot) -> None:
    """Scroll the page so that the spot is seen, from its top."""
    around: QWidget | None = spot.widget
    while around is not None:
        if isinstance(around, QScrollArea):
            inner = around.widget()
            if inner is not None and inner.isAncestorOf(spot.widget):
                corner = spot.widget.mapTo(inner, spot.rect().topLeft())
                bottom = min(spot.rect().height() + BELOW, around.viewport().height() - 2 * AROUND)
                around.ensureVisible(corner.x(), corner.y() + bottom, 0, AROUND)
                around.ensureVisible(corner.x(), corner.y(), 0, AROUND)
        around = around.parentWidget()
