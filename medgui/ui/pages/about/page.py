"""The page: facts for a support call, what the program is and is not, its parts and their licence texts.

Nothing on it belongs to a patient. The list is read when the page is first looked at, texts when a part is chosen.
"""

import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QWidget

from medgui import about, i18n
from medgui.about import Parts
from medgui.i18n import _, ngettext
from medgui.ui.pages.about.parts import PartsView
from medgui.ui.pages.page import Page
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S8, S16, S24, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import Pairs
from medgui.ui.widgets.text import Body, Rule, Text

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue

TOPIC = "about"


class AboutPage(Page):
    """Without anchors."""

    key = "about"

    def __init__(self, shell: Shell) -> None:
        back = Button(lambda: _("Back"), lambda: shell.go("settings"))
        self.copy_button = Button(lambda: _("Copy for a support call"), self.copy)
        super().__init__(shell, lambda: _("About medgui"), (back, self.copy_button))
        self._listed: Parts | None = None
        self._catalogue: Catalogue | None = None
        self.facts = Pairs(132)
        self.caution = Text("", role=Role.CAUTION, wrap=True)
        self.parts = PartsView(shell)
        self.where = Text("", Type.CAPTION, Role.MUTED, wrap=True)
        body = Body()
        column = body.column
        column.setContentsMargins(S24, S16, S24, S16)
        column.setSpacing(S8)
        column.addWidget(Text(what_it_is, wrap=True))
        column.addWidget(self.facts)
        column.addWidget(self.caution)
        column.addWidget(Rule(Role.GRID))
        column.addWidget(Text(lambda: _("Parts and licences"), Type.SECTION))
        column.addWidget(self.where)
        column.addWidget(self.parts, 1)
        self.column.addWidget(body, 1)
        self._say()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list when the page is looked at, off the window's thread."""
        super().showEvent(event)
        if self._listed is None:
            self.shell.tasks.job(lambda _token: about.read_parts()).on_done(self._show_parts).run("storage")
        services = self.shell.services
        self.shell.tasks.job(lambda _token: services.catalogue()).on_done(self._show_models).run()

    def _show_parts(self, listed: Parts) -> None:
        self._listed = listed
        self.parts.show_parts(listed.parts)
        self._say()

    def _show_models(self, catalogue: "Catalogue") -> None:
        self._catalogue = catalogue
        self._say()

    def lines(self) -> list[tuple[str, str]]:
        """The facts as pairs of words: of the program and the computer, nothing of a patient."""
        found = [*about.facts(), ("Qt", QLibraryInfo.version().toString())]
        screen = self.screen()
        if screen is not None:
            size, scale = screen.size(), i18n.format_number(screen.devicePixelRatio() * 100, 0)
            shown = _("{width} × {height} at {scale} %, {platform}")
            found.append(
                (
                    _("Screen"),
                    shown.format(
                        width=size.width(),
                        height=size.height(),
                        scale=scale,
                        platform=QGuiApplication.platformName(),
                    ),
                )
            )
        if self._catalogue is not None:
            found.append((_("Models"), models_words(self._catalogue)))
        return found

    def copy(self) -> None:
        """Put the facts into the clipboard."""
        text = "\n".join(f"{label}: {value}" for label, value in self.lines())
        QGuiApplication.clipboard().setText(f"medgui\n{text}\n")
        self.shell.messages.tell(
            Mark.INFO, lambda: _("Copied for 30 seconds; it holds nothing of a patient."), topic=TOPIC
        )

    def _say(self) -> None:
        self.facts.empty()
        for label, value in self.lines():
            self.facts.add(label, value)
        listed = self._listed
        self.caution.set_words(_(listed.problem) if listed is not None and listed.problem else "")
        self.caution.setVisible(bool(self.caution.text()))
        self.where.set_words(where_words(listed))

    def retranslate(self) -> None:
        """Say the facts again."""
        self._say()
        self.parts.say_again()

    def relayout(self) -> None:
        """Put list and text side by side where there is room."""
        super().relayout()
        self.parts.stack(self.shell.layout.width < Width.NORMAL)
        self.parts.narrow(self.shell.layout.width < Width.NARROW)

    def find(self) -> None:  # type: ignore[override]
        """Find a part."""
        self.parts.search.setFocus()

    def areas(self) -> Sequence[QWidget]:
        """Search, list, text."""
        return (self.parts.search, self.parts.table, self.parts.text)


def models_words(catalogue: "Catalogue") -> str:
    """How many models there are, whose signatures they carry, and which were refused."""
    number = len(catalogue.bundles)
    words = ngettext("{n} model", "{n} models", number).format(n=i18n.format_number(number, 0))
    if catalogue.development:
        words = _("{models}, signed with the public development key").format(models=words)
    elif catalogue.signers:
        signers = i18n.format_list(sorted(set(catalogue.signers)))
        words = _("{models}, signed by {signers}").format(models=words, signers=signers)
    if catalogue.refused:
        words = _("{models}; refused: {refused}").format(
            models=words, refused=i18n.format_list(list(catalogue.refused))
        )
    return words


def what_it_is() -> str:
    """What the program is and is not, as in docs/intended_use.md."""
    return _(
        "medgui supports the decision of a doctor and makes none. It is not a certified medical device, no diagnosis, "
        "and no substitute for a guideline or for the patient’s own history. Nothing leaves this computer."
    )


def where_words(listed: Parts | None) -> str:
    """Where the whole list lies, or that there is none and why."""
    if listed is None:
        return ""
    file = about.sbom_file()
    if listed.complete and file is not None:
        return _("For other programs the list lies in {file} (CycloneDX 1.6).").format(file=file)
    if listed.problem:
        return ""
    python = platform.python_version()
    sentence = _(
        "The full list is in the packaged program only. Shown is what Python {version} finds installed here."
    )
    return sentence.format(version=python)
