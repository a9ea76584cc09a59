"""Which mark and word a finding's level and status have."""

from medgui.assessment.finding import Level, Status
from medgui.i18n import N_, _
from medgui.ui.shapes import Mark

LEVEL_MARK = {Level.INFO: Mark.INFO, Level.CAUTION: Mark.CAUTION, Level.HIGH: Mark.HIGH}
STATUS_MARK = {
    Status.MISSING_INPUT: Mark.QUESTION,
    Status.OUT_OF_SCOPE: Mark.REFUSED,
    Status.REFUSED: Mark.REFUSED,
    Status.FAILED: Mark.FAILED,
}
STATUS_WORD = {
    Status.MISSING_INPUT: N_("Input missing"),
    Status.OUT_OF_SCOPE: N_("Not for this patient"),
    Status.REFUSED: N_("Refused"),
    Status.FAILED: N_("Failed"),
}


def status_words(status: Status) -> str:
    """Return the word of a status chip; empty for a result that is ready."""
    word = STATUS_WORD.get(status)
    return _(word) if word else ""
