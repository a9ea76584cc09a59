"""The page with the user guide: sections at the left, the text beside them."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QWidget

from medgui.i18n import _, language
from medgui.paths import guide_dir
from medgui.ui.pages.guide.document import GuideText
from medgui.ui.pages.page import Page
from medgui.ui.shell import Place, Shell, Width
from medgui.ui.theme import S4, S16, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import VRule

LIST = 232


class GuidePage(Page):
    """Anchors of `show_place`: the number of a section."""

    key = "guide"

    def __init__(self, shell: Shell) -> None:
        self.home_button = Button(lambda: _("User guide"), lambda: self.show_guide(), icon="chevron-left")
        super().__init__(shell, lambda: _("User guide"), (self.home_button,))
        self.text = GuideText(guide_dir())
        self.text.wanted.connect(self._follow)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._chosen)
        self.list.itemClicked.connect(lambda _item: self._chosen())
        row = QHBoxLayout()
        row.setContentsMargins(S16, S4, S4, S4)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(VRule())
        row.addWidget(self.text, 1)
        self.column.addLayout(row, 1)
        theme.changed.connect(self.relayout)
        self.retranslate()
        self.relayout()

    def show_guide(self) -> None:
        """Show the guide in the language in force, from its beginning."""
        self._show(f"user_guide_{language()}.md")

    def _show(self, name: str) -> None:
        if not self.text.show_file(name):
            self.head.summary.set_words(lambda: _("This page is not part of this installation."))
            return
        self.head.summary.set_words("")
        self.home_button.setVisible(not name.startswith("user_guide_"))
        self.list.clear()
        self.list.addItems(self.text.sections())
        self._dress()

    def _chosen(self) -> None:
        """Go to the section that was chosen; the focus alone, which Qt gives a current row, chooses none."""
        for item in self.list.selectedItems():
            self.text.go_to(self.list.row(item))

    def _follow(self, name: str) -> None:
        """Follow a link: the other language is a switch of the window, any other page is shown here."""
        if name.startswith("user_guide_") and name != f"user_guide_{language()}.md":
            self.shell.commands.trigger("language")
        else:
            self._show(name)

    def relayout(self) -> None:
        """Give the list its width, or leave it out where there is none."""
        super().relayout()
        self.list.setFixedWidth(theme.px(LIST))
        self.list.setVisible(self.shell.layout.width >= Width.NARROW)
        self._dress()

    def _dress(self) -> None:
        self.list.setFont(theme.font())
        for number in range(self.list.count()):
            self.list.item(number).setSizeHint(QSize(0, theme.px(28)))

    def retranslate(self) -> None:
        """Show the guide in the new language."""
        self.list.setAccessibleName(_("Sections"))
        self.text.setAccessibleName(_("User guide"))
        self.show_guide()

    def places(self) -> Sequence[Place]:
        """Let the palette find the sections."""
        titles = [self.list.item(number).text() for number in range(self.list.count())]
        where = _("User guide")
        return [Place(title, where, self.key, str(number), title) for number, title in enumerate(titles)]

    def show_place(self, anchor: str) -> None:
        """Go to a section."""
        if anchor.isdigit():
            self.list.setCurrentRow(int(anchor))

    def areas(self) -> Sequence[QWidget]:
        """Go from the sections to the text."""
        return [self.list, self.text] if self.list.isVisibleTo(self) else [self.text]
