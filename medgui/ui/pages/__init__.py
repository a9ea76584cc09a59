"""The pages of the window, in the order of the navigation. A page whose module is not there is left out."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from medgui.frozen import frozen
from medgui.i18n import N_, _, ngettext
from medgui.ui.pages.page import Page
from medgui.ui.shell import Shell
from medgui.ui.visit import Visit


@frozen
class Count:
    """What the navigation shows at the right of a page: a number; *question* adds the outline triangle."""

    number: int = 0
    question: bool = False
    words: str = ""


@frozen
class PageSpec:
    """One page: its module defines *factory*, a `Page` subclass, imported when it is first shown."""

    key: str
    title: str
    icon: str
    module: str
    factory: str
    of_patient: bool = True
    count: Callable[[Visit], Count] = lambda _visit: Count()
    listed: bool = True

    @property
    def words(self) -> str:
        """Title in the language in force."""
        return _(self.title)

    def make(self, shell: Shell) -> Page:
        """Import the page and build it."""
        page = getattr(import_module(self.module), self.factory)(shell)
        if not isinstance(page, Page):
            raise TypeError(f"{self.module}.{self.factory} is no Page")
        return page


def _questions(visit: Visit) -> Count:
    number = len(visit.record.open_questions) if visit.record else 0
    words = ngettext("{n} open question", "{n} open questions", number).format(n=number)
    return Count(number, question=number > 0, words=words)


def _findings(visit: Visit) -> Count:
    number = len(visit.assessment.findings) if visit.assessment else 0
    return Count(number, words=ngettext("{n} finding", "{n} findings", number).format(n=number))


PAGES = (
    PageSpec(
        "start", N_("Open a patient"), "start", "medgui.ui.pages.start", "StartPage", False, listed=False
    ),
    PageSpec("record", N_("Record"), "record", "medgui.ui.pages.record", "RecordPage", count=_questions),
    PageSpec("results", N_("Results"), "results", "medgui.ui.pages.results", "ResultsPage", count=_findings),
    PageSpec("report", N_("Report"), "report", "medgui.ui.pages.report", "ReportPage"),
    PageSpec("models", N_("Models"), "models", "medgui.ui.pages.models", "ModelsPage", of_patient=False),
    PageSpec(
        "workshop", N_("Workshop"), "workshop", "medgui.ui.pages.workshop", "WorkshopPage", of_patient=False
    ),
    PageSpec(
        "codes",
        N_("Codes of laboratories"),
        "table",
        "medgui.ui.pages.codes",
        "CodesPage",
        of_patient=False,
        listed=False,
    ),
    PageSpec("guide", N_("User guide"), "record", "medgui.ui.pages.guide", "GuidePage", False, listed=False),
    PageSpec(
        "settings", N_("Settings"), "settings", "medgui.ui.pages.settings", "SettingsPage", of_patient=False
    ),
    PageSpec(
        "about",
        N_("About medgui"),
        "info",
        "medgui.ui.pages.about",
        "AboutPage",
        of_patient=False,
        listed=False,
    ),
)


def available() -> list[PageSpec]:
    """Return the pages that are built."""
    return [spec for spec in PAGES if find_spec(spec.module) is not None]
