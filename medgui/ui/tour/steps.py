"""The steps of the tour in one table: where, what it says, what it frames, and when it is done."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from medgui.frozen import frozen
from medgui.i18n import N_
from medgui.ui.pages.results.inputs import FOUND, WHAT_IF
from medgui.ui.tour import conditions, spots

if TYPE_CHECKING:
    from medgui.ui.window import MainWindow

PATIENT = "bauer_anna.json"
"""The demonstration patient: one weight in the wrong unit, kidneys that work."""

MODEL = "prevent"
NOT_MEANT = "kfre"
"""A score that was not made for her: she has no kidney disease."""


@frozen
class Step:
    """One step. Texts are msgids: *look* says what to look at, *act* what to do, *seen* what was just done.

    *find* gets the page *page* and returns what is framed there; on other pages the navigation is framed.
    *arrive* brings the window there where the doctor asks for it by Next, Back or Show where; the window is
    never moved because a step was done.
    """

    key: str
    title: str
    look: str
    act: str
    seen: str
    page: str
    find: spots.Find
    done: conditions.Condition
    arrive: Callable[["MainWindow"], object] | None = None


def _go(page: str, anchor: str = "") -> Callable[["MainWindow"], object]:
    return lambda window: window.go(page, anchor)


def _ask_for_score(window: "MainWindow") -> None:
    """Go to the score that is not meant for her; where it was not added, add it."""
    from medgui.ui.pages.results import ResultsPage

    page = window.page("results")
    if isinstance(page, ResultsPage) and NOT_MEANT not in page.rows:
        page.scores.add(NOT_MEANT)
    window.go("results", NOT_MEANT if isinstance(page, ResultsPage) and NOT_MEANT in page.rows else "")


STEPS = (
    Step(
        "question",
        N_("Answer a question"),
        N_("The file says 194 kg, and no model uses this weight until you decide."),
        N_("Choose the answer that fits; the file itself is never changed."),
        N_("answered, and the models ran again"),
        "record",
        spots.question,
        conditions.answered(),
        _go("record", "question"),
    ),
    Step(
        "result",
        N_("Open a result"),
        N_("Each result has its number, its interval and the strength of its evidence."),
        N_("Open the framed row: click it, or press Enter on it."),
        N_("opened"),
        "results",
        spots.row(MODEL),
        conditions.did("opened", MODEL),
        _go("results"),
    ),
    Step(
        "why",
        N_("See why"),
        N_("The chart begins at a named person and adds what each value of this patient changes."),
        N_("Choose another outcome in the frame, and the chart follows."),
        N_("another outcome, with its own reasons"),
        "results",
        spots.outputs(MODEL),
        conditions.did("output", MODEL),
        _go("results", MODEL),
    ),
    Step(
        "what_if",
        N_("Try what if"),
        N_("The framed column takes other values, and the result follows."),
        N_("Change a value, such as the systolic pressure to 120."),
        N_("calculated anew; nothing of it enters the record"),
        "results",
        spots.column(MODEL, WHAT_IF),
        conditions.did("what_if", MODEL),
        _go("results", MODEL),
    ),
    Step(
        "source",
        N_("Follow a value to its place in the file"),
        N_("Every value names the place where it was read."),
        N_("Click a link in the frame, or press Enter on it, and the lines of the file are shown."),
        N_("the lines of the file stand at the right"),
        "results",
        spots.column(MODEL, FOUND),
        conditions.did("source"),
        _go("results", MODEL),
    ),
    Step(
        "score",
        N_("Add a score"),
        N_("Published scores run when you ask for them, filled in from the record."),
        N_("On Results press Ctrl+J, type KFRE, press Enter, and add it."),
        N_("added to the results"),
        "results",
        spots.add_score,
        conditions.added(NOT_MEANT),
        _go("results"),
    ),
    Step(
        "refused",
        N_("See a model say no"),
        N_("KFRE gives a reason and no number: it was made for chronic kidney disease."),
        N_("Open its model card (key M), which says for whom it was made."),
        N_("the card says for whom, and how well it does"),
        "results",
        spots.detail(NOT_MEANT),
        conditions.went("models"),
        _ask_for_score,
    ),
    Step(
        "report",
        N_("Make the PDF"),
        N_("Results, reasons and open questions become a report for the patient's file."),
        N_("Press Ctrl+P; nothing is written to disk before you save it."),
        N_("made; you see what would be saved"),
        "report",
        spots.save,
        conditions.did("report"),
    ),
    Step(
        "language",
        N_("Switch the language"),
        N_("Window, model cards and report speak English and Chinese."),
        N_("Press Ctrl+Shift+L, or choose the language in Settings; the patient stays open."),
        N_("switched"),
        "settings",
        spots.language,
        conditions.did("language"),
    ),
)

END = (
    N_("That was the tour"),
    N_("For a patient of your own, drop a file on the window or press Ctrl+O."),
    N_("F1 lists the keys and offers this tour again."),
)
