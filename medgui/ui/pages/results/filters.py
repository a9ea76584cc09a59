"""The choice of which findings are listed, offered where rows without a number would hide the others."""

from collections.abc import Sequence

from medgui.assessment.finding import Finding, Status
from medgui.i18n import N_, _
from medgui.ui.pages.results import texts
from medgui.ui.widgets.segmented import Segmented

_OF = {"answer": {Status.MISSING_INPUT}, "scope": {Status.OUT_OF_SCOPE}, "stopped": texts.NO_NUMBER}
_WORDS = {"answer": N_("Needs an answer"), "scope": N_("Not for this patient"), "stopped": N_("Not run")}


class StatusFilter(Segmented):
    """`which` is "all" or one kind of findings without a number."""

    def __init__(self) -> None:
        super().__init__(lambda: _("Which findings are listed"))
        self.which = "all"
        self.hide()

    def offer(self, findings: Sequence[Finding], *, room: bool) -> bool:
        """Show the kinds that there are; tell whether there is a choice and *room* for it."""
        counts = {key: sum(f.status in of for f in findings) for key, of in _OF.items()}
        present = [key for key in _OF if counts[key]]
        offered = len(present) > 1 and room
        self.setVisible(offered)
        if offered:
            total = len(findings)
            parts = [("all", lambda: f"{_('All')}  {total}")]
            parts += [(k, lambda k=k: f"{_(_WORDS[k])}  {counts[k]}") for k in present]
            self.set_parts(parts, self.which if self.which in {"all", *present} else "all")
        return offered

    def passes(self, finding: Finding) -> bool:
        """Whether a finding is listed."""
        return self.which == "all" or finding.status in _OF[self.which]
