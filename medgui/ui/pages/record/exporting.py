"""Exporting the record: which form, with or without what identifies the patient, and where to."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from medgui.i18n import _, language, ngettext
from medgui.record.model import Record
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S16, S24, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import Check
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.text import Text

SUFFIX = {"fhir": ".json", "csv": ".csv"}


class ExportPanel(QFrame):
    """Says what will be in the file before it is written; *closed* is called when it is done or given up."""

    def __init__(self, shell: Shell, closed: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell, self._closed = shell, closed
        self.setProperty("level", "info")
        self.form = Segmented(lambda: _("Form of the file"))
        self.form.set_parts([("fhir", "FHIR R4"), ("csv", "CSV")])
        self.form.chosen.connect(lambda _key: self._explain())
        self.without_identity = Check()
        self.without_identity.toggled.connect(lambda _on: self._explain())
        self.explained = Text("", role=Role.MUTED, wrap=True)
        self.save_button = Button(lambda: _("Save…"), self.save, kind="primary")
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(S16)
        choices.addWidget(self.form)
        choices.addWidget(self.without_identity)
        choices.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(self.save_button)
        buttons.addWidget(Button(lambda: _("Cancel"), self._closed))
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S16, S24, S16)
        column.setSpacing(S8)
        column.addWidget(Text(lambda: _("Export the record"), Type.SECTION))
        column.addLayout(choices)
        column.addWidget(self.explained)
        column.addLayout(buttons)

    def retranslate(self) -> None:
        """Name the box and say again what will be in the file."""
        self.without_identity.setText(_("Remove what identifies the patient"))
        self._explain()

    def start(self) -> None:
        """Put the focus on the first choice."""
        self.form.button(self.form.current).setFocus()

    def _explain(self) -> None:
        record = self._shell.visit.record
        if record is not None:
            self.explained.set_words(lambda: self._sentences(record))

    def _sentences(self, record: Record) -> str:
        if self.form.current == "csv":
            parts = [_("A table for spreadsheets and statistics, one row a value.")]
        elif self.without_identity.isChecked():
            parts = [_("For other clinical programs: values, problems, drugs and allergies.")]
        else:
            parts = [_("For other clinical programs: values, problems, drugs, allergies and documents.")]
        if self.without_identity.isChecked():
            parts += [
                _(
                    "Left out: names, numbers, addresses, notes, documents, file names and everything in free text."
                    " All dates move by the same number of days, ages from 90 become one group."
                ),
                _("Codes, numbers and units stay. Have the file checked before it leaves the clinic."),
            ]
        else:
            parts.append(_("The file names the patient and says where each value stands in its source."))
        waiting = len(record.open_questions)
        if waiting:
            sentence = ngettext(
                "{n} question is open: its value is exported without a number.",
                "{n} questions are open: their values are exported without a number.",
                waiting,
            )
            parts.append(sentence.format(n=waiting))
        return ("" if language() == "zh" else " ").join(parts)

    def proposal(self) -> str:
        """A file name that names nobody."""
        suffix = SUFFIX[self.form.current]
        if self.without_identity.isChecked():
            return f"medgui-record-deidentified{suffix}"
        return f"medgui-record-{date.today().isoformat()}{suffix}"

    def save(self) -> None:
        """Ask where to, and write the file there in one step."""
        kinds = {"fhir": _("FHIR in JSON (*.json)"), "csv": _("CSV table (*.csv)")}
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Export the record"), self.proposal(), kinds[self.form.current]
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the record to *path* in the background and say where it is."""
        shell, record = self._shell, self._shell.visit.record
        if record is None:
            return
        form, identified = self.form.current, not self.without_identity.isChecked()
        path = path if path.suffix else path.with_name(path.name + SUFFIX[form])
        self.save_button.setEnabled(False)

        def work(_token: object) -> None:
            shell.services.export_record(record, path, form, identified)

        def same_patient() -> bool:
            now = shell.visit.record
            return isValid(self) and now is not None and now.key[:2] == record.key[:2]

        job = shell.tasks.job(work).while_true(same_patient)
        job.on_done(lambda _none: self._saved(path)).on_error(self._failed).run("storage")

    def _saved(self, path: Path) -> None:
        self._shell.messages.tell(Mark.INFO, lambda: _("Saved: {file}").format(file=path.name))
        self._closed()

    def _failed(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        self._shell.tasks.unhandled(error)
