"""The page: list at the left, card at the right; in a narrow window the list is a choice above the card."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QScrollArea, QVBoxLayout, QWidget

from medgui.i18n import _, localised, ngettext
from medgui.paths import own_models_dir
from medgui.ui.pages.models.finder import Finder
from medgui.ui.pages.models.list import LineDelegate, ModelLines, lines_of
from medgui.ui.pages.models.locked import NOT_CONTAINED, LockedPanel
from medgui.ui.pages.page import Page
from medgui.ui.shapes import Mark
from medgui.ui.shell import Place, Shell, Width
from medgui.ui.theme import S8, S12, S16, S24, Role, Type, theme
from medgui.ui.widgets.evidence import Evidence
from medgui.ui.widgets.field import Choice
from medgui.ui.widgets.panels import Picture, StatePanel
from medgui.ui.widgets.text import Elided, Filled, Text, VRule

if TYPE_CHECKING:
    from medgui.inference.bundle import Bundle
    from medgui.inference.catalogue import Catalogue
    from medgui.record.model import Patient
    from medgui.ui.pages.models.card import Card, Running
    from medgui.ui.pages.models.here import Here
    from medgui.ui.pages.models.local import LocalPanel
    from medgui.validation.session import Judged

LIST = 272


class CardHead(Filled):
    """Title and evidence at the left, version and signature at the right."""

    def __init__(self) -> None:
        super().__init__(Role.SURFACE)
        self.title = Elided("", Type.HEAD)
        self.evidence = Evidence(full=True)
        self.version = Text("", role=Role.MUTED)
        self.check = Picture("check", 14, Role.TEXT)
        self.signed = Text("")
        row = QHBoxLayout(self)
        row.setContentsMargins(S24, 0, S24, 0)
        row.setSpacing(S12)
        row.addWidget(self.title)
        row.addWidget(self.evidence)
        row.addStretch(1)
        for widget in (self.version, self.check, self.signed):
            row.addWidget(widget)

    def show_model(self, title: str, grade: str, version: str, signed: str) -> None:
        """Say what the card is of; nothing is shown of a grade or version that is empty."""
        self.title.set_words(title)
        self.evidence.set_grade(grade)
        self.evidence.setVisible(bool(grade))
        self.version.set_words(_("version {version}").format(version=version) if version else "")
        self.signed.set_words(signed)

    def show_signature(self, on: bool) -> None:
        """Version and signature stand in the card as well; here only where there is room."""
        for widget in (self.version, self.check, self.signed):
            widget.setVisible(on and bool(self.signed.text()))


class ModelsPage(Page):
    """Places: the id of a model."""

    key = "models"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, lambda: _("Models"))
        self._catalogue: Catalogue | None = None
        self._shown = ""
        self._wanted = ""
        self.card: Card | None = None
        self.local: LocalPanel | None = None
        self._judged: Judged | None = None
        self._person = ("", "")
        self.lines = ModelLines(self)
        self.list = QListView()
        self.list.setModel(self.lines)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setProperty("ownRing", True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.finder = Finder(self.list)
        self.finder.textChanged.connect(lambda _text: self._fill())
        self.choice = Choice(lambda: _("Model"))
        self.choice.activated.connect(lambda place: self._show(self.choice.itemData(place)))
        self.card_head = CardHead()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._build()
        theme.changed.connect(self._resize)
        shell.visit.assessment_changed.connect(self._speed)
        shell.services.settings.listeners.append(self._setting_changed)
        self._load()

    def _build(self) -> None:
        """Put the page head over the list alone: the card has a head of its own."""
        self.column.removeWidget(self.head)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        self.head.layout().setContentsMargins(S16, 0, S16, 0)
        side.addWidget(self.head)
        side.addWidget(self.finder)
        side.addWidget(self.list, 1)
        main = QVBoxLayout()
        main.setSpacing(0)
        self._narrow_head = QWidget()
        narrow = QHBoxLayout(self._narrow_head)
        narrow.setContentsMargins(S24, S8, S24, 0)
        narrow.addWidget(self.choice)
        narrow.addStretch(1)
        main.addWidget(self._narrow_head)
        main.addWidget(self.card_head)
        main.addWidget(_Line())
        main.addWidget(self.area, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addWidget(VRule())
        row.addLayout(main, 1)
        self.column.addLayout(row, 1)
        self._resize()
        self.shell.models_changed.connect(self._added)

    # Loading

    def _load(self) -> None:
        job = self.shell.tasks.job(lambda _token: self.shell.services.catalogue())
        job.on_done(self._loaded).run()

    def _loaded(self, catalogue: "Catalogue") -> None:
        self._catalogue = catalogue
        self._fill()
        ids = [line.id for line in self.lines.lines if line.id not in ("", NOT_CONTAINED)]
        first = self._wanted if self._wanted in ids else next(iter(ids), "")
        if first:
            self._select(first)
        else:
            self._empty()

    def _fill(self) -> None:
        catalogue = self._catalogue
        if catalogue is None:
            return
        self.lines.set_lines(lines_of(catalogue, self.finder.text()))
        self.list.setCurrentIndex(self.lines.index(self.lines.row_of(self._shown)))
        self.choice.clear()
        for line in self.lines.lines:
            if line.id:
                self.choice.addItem(line.title, line.id)
        signed, refused = len(catalogue.bundles), len(catalogue.refused)
        text = ngettext("{n} signed", "{n} signed", signed).format(n=signed)
        if refused:
            text = _("{signed}, {n} refused").format(signed=text, n=refused)
        self.head.summary.set_words(text)

    def _empty(self) -> None:
        panel = StatePanel(
            "models",
            lambda: _("No models are installed"),
            lambda: _("Without models no result is calculated"),
        )
        self.area.setWidget(panel)
        self.card_head.show_model("", "", "", "")

    # Showing one

    def _select(self, id_: str) -> None:
        row = self.lines.row_of(id_)
        if row >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(self.lines.index(row), flags)
            self._show(id_)

    def _chosen(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self.lines.lines) and self.lines.lines[row].id:
            self._show(self.lines.lines[row].id)
        self.list.viewport().update()

    def _show(self, id_: str) -> None:
        catalogue = self._catalogue
        if catalogue is None or id_ == self._shown:
            return
        self._shown = id_
        self.choice.setCurrentIndex(self.choice.findData(id_))
        row = self.lines.row_of(id_)
        if self.list.currentIndex().row() != row:
            self.list.setCurrentIndex(self.lines.index(row))
        if id_ == NOT_CONTAINED:
            self._show_locked()
            return
        if id_ in catalogue.refused:
            self._show_refused(id_, catalogue.refused[id_])
            return
        bundle = catalogue.bundles[id_]
        record = self.shell.visit.record
        patient = record.patient if record is not None else None
        job = self.shell.tasks.job(lambda _token: (self._running(bundle), self._here(bundle, patient)))
        job.on_done(lambda both: self._show_card(bundle, *both)).while_true(
            lambda: self._shown == id_ and self.shell.visit.record is record
        ).run()

    def _here(self, bundle: "Bundle", patient: "Patient | None") -> "Here | None":
        """Gather what is known of the model in this clinic."""
        from medgui.ui.pages.models.here import gather

        local = self.shell.services.local
        return None if local is None else gather(local, bundle, patient, date.today().isoformat())

    def _running(self, bundle: "Bundle") -> "Running":
        """Prove the provider; slow the first time, so never on the window's thread."""
        from medgui.errors import MedguiError
        from medgui.ui.pages.models.card import Running

        try:
            return Running(bundle.provider, bundle.provider_note, self._milliseconds(bundle.id))
        except MedguiError as error:
            return Running(_("nothing"), str(error), None)

    def _milliseconds(self, model: str) -> float | None:
        assessment = self.shell.visit.assessment
        found = assessment.findings if assessment is not None else ()
        return next((f.milliseconds for f in found if f.model == model and f.milliseconds > 0), None)

    def _show_card(self, bundle: "Bundle", running: "Running", here: "Here | None") -> None:
        from medgui.ui.pages.models.card import Card

        manifest = bundle.manifest
        signed = self._signed(bundle)
        self.card_head.show_model(localised(manifest.title), manifest.evidence, manifest.version, signed)
        self.local = self._local_panel(bundle, here)
        self.card = Card(manifest, running, signed, self.local)
        self.area.setWidget(self.card)
        self.area.setAccessibleName(_("Model card: {model}").format(model=localised(manifest.title)))
        self.relayout()

    def _signed(self, bundle: "Bundle") -> str:
        if bundle.folder.parent == own_models_dir():
            return _("Signed with the clinic's key")
        development = self._catalogue is not None and self._catalogue.development
        return _("Signed with the development key") if development else _("Signed, unchanged")

    def _local_panel(self, bundle: "Bundle", here: "Here | None") -> "LocalPanel | None":
        if here is None or self._catalogue is None:
            return None
        from medgui.ui.pages.models.here import versions
        from medgui.ui.pages.models.local import LocalPanel

        judged = self._judged if self._judged is not None and self._judged.local.bundle is bundle else None
        found = versions(self._catalogue, bundle, self.shell.services.settings)
        return LocalPanel(self.shell, bundle, here, found, judged, self._checked, self._installed)

    def _checked(self, judged: "Judged | None") -> None:
        """Show the card again with what was found."""
        self._judged = judged
        shown, self._shown = self._shown, ""
        self._show(shown)

    def _installed(self, model: str) -> None:
        """Show the new version; the results are made again with it."""
        self._added(model)
        self.shell.visit.run()

    def _added(self, model: str) -> None:
        """Read the catalogue again and show the new model."""
        self._judged = None
        self._shown, self._wanted = "", model
        self._load()

    def _show_locked(self) -> None:
        self.card = self.local = None
        self.card_head.show_model(_("Not contained"), "", "", "")
        self.relayout()
        self.area.setWidget(LockedPanel())

    def _show_refused(self, id_: str, reason: str) -> None:
        self.card = self.local = None
        self.card_head.show_model(id_, "", "", "")
        self.relayout()
        title = _("{model} is not run").format(model=id_)
        self.area.setWidget(StatePanel(Mark.REFUSED, title, reason))

    def _speed(self) -> None:
        """Another run, another time: made again when it is looked at."""
        if not self.isVisible():
            self._shown = ""

    def showEvent(self, event: object) -> None:
        """Make the card again where something changed meanwhile."""
        super().showEvent(event)  # type: ignore[arg-type]
        if not self._shown and self._catalogue is not None:
            self._chosen()
        else:
            self._look_again()

    def _setting_changed(self, name: str) -> None:
        if name == "execution_provider" and self._catalogue is not None:
            self._shown = ""
            self._load()

    # For the window

    def retranslate(self) -> None:
        """Say everything again."""
        if self._catalogue is None:
            return
        shown, self._shown = self._shown, ""
        self._fill()
        if shown:
            self._select(shown)

    def clear(self) -> None:
        """The models are not the patient's; which remembered predictions are, is taken away."""
        if self.local is not None:
            self.local.forget_patient()

    def refresh(self) -> None:
        """Look again which remembered predictions are the patient's; the models themselves are nobody's."""
        record = self.shell.visit.record
        person = record.key[:2] if record is not None else ("", "")
        if person != self._person:
            self._person = person
            self._look_again()

    def _look_again(self) -> None:
        """Gather anew what is known of the shown model in this clinic."""
        bundle = self._catalogue.bundles.get(self._shown) if self._catalogue is not None else None
        panel, record = self.local, self.shell.visit.record
        if bundle is None or panel is None or panel.form is not None or not self.isVisible():
            return
        patient = record.patient if record is not None else None
        job = self.shell.tasks.job(lambda _token: self._here(bundle, patient))
        job.on_done(lambda here: panel.show_here(here) if here is not None else None)
        job.while_true(lambda: self.local is panel and self.shell.visit.record is record).run()

    def relayout(self) -> None:
        """Take the list away in a narrow window."""
        super().relayout()
        layout = self.shell.layout
        narrow = layout.width < Width.NARROW
        self._side.setVisible(not narrow)
        self._narrow_head.setVisible(narrow)
        self.card_head.show_signature(layout.width >= Width.NORMAL)
        if self.card is not None:
            self.card.set_one_column(layout.width < Width.NORMAL)
        self._resize()

    def _resize(self) -> None:
        self._side.setFixedWidth(theme.px(LIST))
        self.card_head.setFixedHeight(theme.height("head_low" if self.shell.layout.low else "head") - 1)
        self.list.doItemsLayout()

    def escape(self) -> bool:
        """Show all models again; False where they are shown."""
        return self.finder.reset()

    def find(self) -> None:  # type: ignore[override]
        """Find a model by typing."""
        self.finder.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def places(self) -> Sequence[Place]:
        """Every model, found by its title and name in both languages."""
        if self._catalogue is None:
            return ()
        found = []
        for bundle in self._catalogue:
            header = bundle.header
            words = " ".join([*header.title.values(), *header.name.values(), header.id])
            found.append(Place(localised(header.title), _("Models"), self.key, header.id, words))
        return found

    def show_place(self, anchor: str) -> None:
        """Show the card of a model."""
        self._wanted = anchor
        if self._catalogue is not None:
            self._select(anchor)

    def areas(self) -> list[QWidget]:
        """The list, then the card."""
        return [self.list if self._side.isVisible() else self.choice, self.area]


class _Line(Filled):
    def __init__(self) -> None:
        super().__init__(Role.BORDER)
        self.setFixedHeight(1)
