"""The clinic's own part of a model card: check on own patients, recalibration, the notebook, which version runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from medgui.errors import MedguiError
from medgui.i18n import _, format_count, ngettext
from medgui.ui.pages.models.here import Here, Versions, check_facts, outcome_column, version_words
from medgui.ui.pages.models.layout import flagged, section
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S12, S16, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import Choice, beside
from medgui.ui.widgets.panels import Pairs
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Text, clear_layout

if TYPE_CHECKING:
    from medgui.inference.bundle import Bundle
    from medgui.validation.session import Judged


class CohortForm(QFrame):
    """Asks which column of a chosen file holds the outcome, before the model is held against it."""

    def __init__(self, path: Path, columns: Sequence[str], bundle: Bundle) -> None:
        super().__init__()
        self.setProperty("level", "info")
        self.path = path
        outputs = [spec for spec in bundle.manifest.outputs if spec.unit == "1"]
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S12, S16, S12)
        column.setSpacing(S8)
        column.addWidget(
            Text(_("Which column of {file} says what happened?").format(file=path.name), wrap=True)
        )
        self.output = Choice(lambda: _("Output"))
        for spec in outputs:
            self.output.addItem(spec.name, spec.name)
        self.output.setVisible(len(outputs) > 1)
        self.label = Choice(lambda: _("Column of the outcome"))
        for name in columns:
            self.label.addItem(name, name)
        self.label.setCurrentIndex(
            outcome_column(columns, [spec.name for spec in outputs], bundle.input_names)
        )
        column.addWidget(beside(self.label, self.output, spacing=S8))
        words = _("0 and 1, or yes and no; one row a person, the other columns named as the model's inputs.")
        column.addWidget(Text(words, Type.CAPTION, Role.MUTED, wrap=True))
        self.check = Button(lambda: _("Check"), kind="primary")
        self.cancel = Button(lambda: _("Cancel"))
        column.addWidget(beside(self.check, self.cancel, spacing=S8))
        self.state = Text("", Type.CAPTION, Role.MUTED, wrap=True)
        self.state.setVisible(False)
        column.addWidget(self.state)


class LocalPanel(QWidget):
    """*changed* asks the page for a new card; *installed* for a new catalogue, with the model to show then."""

    def __init__(
        self,
        shell: Shell,
        bundle: Bundle,
        here: Here,
        versions: Versions,
        judged: Judged | None,
        changed: Callable[[Judged | None], object],
        installed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._shell, self._bundle, self._versions = shell, bundle, versions
        self._judged, self._changed, self._installed = judged, changed, installed
        self.form: CohortForm | None = None
        self.switch: Button | None = None
        self.recalibrate: Button | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S8)
        self.show_here(here)

    @property
    def model(self) -> str:
        """The id of the model."""
        return self._bundle.id

    def show_here(self, here: Here) -> None:
        """Show what is known now."""
        self._here = here
        clear_layout(self._column)
        self.form = self.switch = self.recalibrate = None
        self._column.addLayout(section(_("In your clinic"), "", first=True))
        self._version()
        self._last(here)
        for sentence in here.seen:
            self._column.addWidget(Text(sentence, Type.CAPTION, wrap=True))
        if here.problem:
            self._column.addLayout(flagged(here.problem))
        self._notebook(here)
        self._buttons(here)

    def forget_patient(self) -> None:
        """Show nothing any more that tells which predictions are those of the patient on the screen."""
        self.show_here(replace(self._here, kept=tuple(replace(kept, own=False) for kept in self._here.kept)))

    def _version(self) -> None:
        found, words = self._versions, version_words(self._versions, self._bundle.id)
        if not words:
            return
        if found.state == "stale":
            self._column.addLayout(flagged(words))
            return
        self._column.addWidget(Text(words, wrap=True))
        label = _("Use the original again") if found.state == "local" else _("Use the recalibrated version")
        self.switch = Button(label, self._switch_version)
        self._column.addWidget(beside(self.switch))

    def _switch_version(self) -> None:
        settings = self._shell.services.settings
        settings.use_original(self._versions.original, self._versions.state == "local")
        try:
            settings.save()
        except MedguiError as error:
            words = str(error)
            self._shell.messages.tell(Mark.CAUTION, words, topic="settings")
        self._shell.visit.run()
        self._changed(self._judged)

    def _last(self, here: Here) -> None:
        last, verdict = here.last, here.verdict
        if last is None or verdict is None:
            words = _("Not checked on own patients yet.")
            self._column.addWidget(Text(words, Type.CAPTION, Role.MUTED, wrap=True))
            return
        first, *rest = verdict.sentences
        if verdict.code == "fits" and not verdict.uncertain:
            self._column.addWidget(Text(first, wrap=True))
        else:
            self._column.addLayout(flagged(first))
        for sentence in (*rest, *here.notes):
            self._column.addWidget(Text(sentence, Type.CAPTION, wrap=True))
        pairs = Pairs(label_width=150)
        for label, text in check_facts(last):
            pairs.add(label, text)
        self._column.addWidget(pairs)

    def _notebook(self, here: Here) -> None:
        if not here.kept:
            return
        model = RowsModel([lambda: _("Predicted on"), lambda: "", lambda: _("Share"), lambda: _("Outcome")])
        model.aligned = {2: Right}
        table = Table(model, lambda: _("Remembered predictions"))
        table.set_widths([96, None, 64, 112])
        rows = []
        for kept in here.kept:
            what = _own_words(kept.what) if kept.own else kept.what
            cells = (
                Cell(kept.day, bold=kept.own),
                Cell(what, bold=kept.own, tip=what),
                Cell(kept.share, bold=kept.own, align=Right),
                Cell(kept.outcome, Role.MUTED, tip=kept.outcome),
            )
            rows.append(Row(cells))
        model.set_rows(rows)
        table.fit()
        self._column.addWidget(table)
        if here.more:
            words = ngettext("{n} more", "{n} more", here.more).format(n=format_count(here.more))
            self._column.addWidget(Text(words, Type.CAPTION, Role.MUTED))

    def _buttons(self, here: Here) -> None:
        self.check = Button(lambda: _("Check on own patients"), self.choose_file)
        row = [self.check]
        if self._judged is not None and self._judged.verdict.advisable and not self._is_local:
            self.recalibrate = Button(lambda: _("Recalibrate"), self.make_local, kind="primary")
            row.append(self.recalibrate)
        if any(kept.own for kept in here.kept):
            model = self._bundle.id
            row.append(Button(lambda: _("Record outcome"), lambda: self._shell.go("results", model)))
        if here.kept:
            row.append(Button(lambda: _("Export outcomes"), self.export, kind="quiet"))
        host = QWidget()
        line = QHBoxLayout(host)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(S8)
        for button in row:
            line.addWidget(button)
        line.addStretch(1)
        self._column.addWidget(host)
        if self.recalibrate is not None:
            words = _("Recalibrating makes a new, signed version beside this one and takes nothing away.")
            self._column.addWidget(Text(words, Type.CAPTION, Role.MUTED, wrap=True))

    @property
    def _is_local(self) -> bool:
        lineage = self._bundle.manifest.lineage
        return lineage is not None and lineage.made == "recalibrated"

    # Checking

    def choose_file(self) -> None:
        """Ask for the cohort."""
        name, _kind = QFileDialog.getOpenFileName(
            self, _("Open a table of own patients"), "", _("CSV table (*.csv)")
        )
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Read the header and ask for the column of the outcome."""
        local = self._shell.services.local
        if local is None:
            return
        job = self._shell.tasks.job(lambda _token: local.columns(path)).while_true(lambda: isValid(self))
        job.on_done(lambda columns: self._ask(path, columns)).on_error(self._failed).run()

    def _ask(self, path: Path, columns: Sequence[str]) -> None:
        self._close_form()
        self.form = CohortForm(path, columns, self._bundle)
        self.form.check.clicked.connect(self._judge)
        self.form.cancel.clicked.connect(self._close_form)
        self._column.addWidget(self.form)
        self.form.label.setFocus()

    def _judge(self) -> None:
        form, local = self.form, self._shell.services.local
        if form is None or local is None:
            return
        model, path = self._bundle.id, form.path
        label, output = str(form.label.currentData() or ""), str(form.output.currentData() or "")
        form.check.setEnabled(False)
        form.state.set_words(lambda: _("Checking…"))
        form.state.setVisible(True)
        job = self._shell.tasks.job(
            lambda token: local.validate(model, path, label, output, lambda *done: token.report(*done))
        )
        job.on_done(lambda judged: self._changed(judged)).on_error(self._failed)
        job.while_true(lambda: isValid(self)).run()

    def _close_form(self) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def make_local(self) -> None:
        """Make and install the recalibrated version."""
        local, judged = self._shell.services.local, self._judged
        if local is None or judged is None or self.recalibrate is None:
            return
        self.recalibrate.setEnabled(False)
        job = self._shell.tasks.job(lambda _token: local.recalibrate(judged)).on_done(self._made)
        job.on_error(self._failed).run()

    def _made(self, result: dict[str, Any]) -> None:
        made = result["recalibration"]
        words = lambda: _("{model} {version} is installed and signed.").format(  # noqa: E731
            model=made["model"], version=made["version"]
        )
        self._shell.messages.tell(Mark.INFO, words, topic="recalibrated")
        self._installed(made["model"])

    def export(self) -> None:
        """Write the notebook as a table, without anything of the patients."""
        local = self._shell.services.local
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Export outcomes"), "outcomes.csv", _("CSV table (*.csv)")
        )
        if not chosen or local is None:
            return
        path = Path(chosen)
        job = self._shell.tasks.job(lambda _token: local.notebook().export_csv(path))
        words = lambda: _("Saved: {file}").format(file=path.name)  # noqa: E731
        job.on_done(lambda _n: self._shell.messages.tell(Mark.INFO, words)).on_error(self._failed).run(
            "storage"
        )

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MedguiError):
            self._shell.tasks.unhandled(error)
            return
        sentence = str(error)
        self._shell.messages.tell(Mark.CAUTION, sentence, topic="local")
        if isValid(self):
            if self.form is not None:
                self.form.check.setEnabled(True)
                self.form.state.setVisible(False)
            if self.recalibrate is not None:
                self.recalibrate.setEnabled(True)


def _own_words(what: str) -> str:
    return _("{output}, this patient").format(output=what) if what else _("this patient")
