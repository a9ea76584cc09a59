"""Composition root of the window: the only place that knows every layer.

Each service imports its layer when it is first called, off the window's thread, so that the first paint waits
for Qt alone.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import medgui.ui.lighter  # noqa: F401 - first of all
from medgui import i18n
from medgui.errors import UserError
from medgui.i18n import _
from medgui.paths import own_models_dir, resources_dir
from medgui.settings import Settings
from medgui.tables import read_table
from medgui.ui.services import DemoPatient, Installation, Picture, Services

if TYPE_CHECKING:
    from medgui.assessment.finding import Assessment, Finding
    from medgui.code_map_file import CodeMapFile
    from medgui.inference.bundle import Bundle
    from medgui.inference.catalogue import Catalogue
    from medgui.inference.manifest import Manifest
    from medgui.record.model import Record
    from medgui.validation.notebook import Notebook
    from medgui.validation.session import Judged
    from medgui.workshop.choices import Choices
    from medgui.workshop.plan import Plan
    from medgui.workshop.table import Table
    from medgui.workshop.training import Trained


class Engines:
    """The layers behind the services; the catalogue is loaded once and shared."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._catalogue: Catalogue | None = None
        self._codes: CodeMapFile | None = None
        self._lock = threading.Lock()

    def catalogue(self) -> Catalogue:
        """Load the bundles on the first call; a change of the provider setting reaches them."""
        from medgui.inference.catalogue import Catalogue

        requested = self._settings.execution_provider
        with self._lock:
            if self._catalogue is None:
                self._catalogue = Catalogue.load(requested=requested)
            for bundle in self._catalogue:
                bundle.use(requested)
            return self._catalogue

    def read_catalogue_again(self) -> None:
        """Let the next caller load the bundles anew: one has been installed."""
        with self._lock:
            self._catalogue = None

    def open_record(self, path: Path | list[Path], *, as_of: str = "", **options: Any) -> Record:
        """Read a patient file, a folder or several files."""
        from medgui.readers import open_record
        from medgui.readers.limits import Limits

        if own_models_dir().is_dir():
            from medgui.inference.catalogue import know_own_inputs

            know_own_inputs()
        limits = Limits.of_megabytes(self._settings.max_file_mb, self._settings.max_streamed_mb)
        code_map = self.codes().code_map
        record = open_record(path, as_of=as_of or None, limits=limits, code_map=code_map, **options)
        return record.at_clinic(self._settings.country)

    def codes(self) -> CodeMapFile:
        """The clinic's map of codes, read on the first call; `notes` says what was wrong with its file."""
        from medgui.code_map_file import CodeMapFile

        with self._lock:
            if self._codes is None:
                self._codes = CodeMapFile.load()
            return self._codes

    def propose_mapping(self, path: Path) -> Any:
        """Propose which column of a wide table holds what."""
        from medgui.readers.table_mapping import propose_mapping

        return propose_mapping(path)

    def assess(self, record: Record, **options: Any) -> Assessment:
        """Run all models that apply."""
        from medgui.assessment.run import assess

        settings = self._settings
        return assess(
            record,
            self.catalogue(),
            region=settings.guidelines,
            country=settings.country,
            originals=tuple(settings.original_models),
            **options,
        )

    def what_if(self, record: Record, model: str, changes: Mapping[str, Any]) -> Finding:
        """Run one model on other inputs."""
        from medgui.assessment.run import what_if

        settings = self._settings
        return what_if(
            record, self.catalogue(), model, changes, region=settings.guidelines, country=settings.country
        )

    def installation(self) -> Installation:
        """Check signatures and run the golden inputs of every bundle."""
        from medgui.errors import MedguiError

        catalogue = self.catalogue()
        failed, providers = [], []
        for bundle in catalogue:
            try:
                providers.append(bundle.provider)
            except MedguiError:
                failed.append(i18n.localised(bundle.manifest.name))
        return Installation(
            models=len(catalogue.bundles),
            refused=tuple(catalogue.refused),
            development=catalogue.development,
            provider=i18n.format_list(sorted(set(providers))),
            tested=len(catalogue.bundles),
            failed=failed,
        )

    def _said_in(self, lang: str, record: Record, assessment: Assessment) -> tuple[Record, Assessment]:
        """Say questions and findings in the language of a report that is not the window's."""
        if lang == i18n.language():
            return record, assessment
        from medgui.record.questions import raise_questions

        with i18n.using_language(lang):
            said = raise_questions(record)
            asked = [finding.model for finding in assessment.findings]
            return said, self.assess(said, as_of=assessment.as_of, also=asked)

    def _report_options(self, lang: str, include_prognosis: bool, units: str) -> dict[str, Any]:
        return {
            "lang": lang,
            "now": datetime.now().astimezone(),
            "include_prognosis": include_prognosis,
            "catalogue": self.catalogue(),
            "units": units,
        }

    def render_pdf(
        self, record: Record, assessment: Assessment, lang: str, include_prognosis: bool, units: str
    ) -> bytes:
        """Make the report in memory, for the preview."""
        from medgui.report import render

        said, findings = self._said_in(lang, record, assessment)
        return render(said, findings, **self._report_options(lang, include_prognosis, units))

    def write_pdf(
        self,
        record: Record,
        assessment: Assessment,
        path: Path,
        lang: str,
        include_prognosis: bool,
        units: str,
    ) -> None:
        """Write the report in one step."""
        from medgui.report import write

        said, findings = self._said_in(lang, record, assessment)
        write(said, findings, path, **self._report_options(lang, include_prognosis, units))


class Local:
    """Models held against the clinic's own patients."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def notebook(self) -> Notebook:
        """The notebook in the user's data."""
        from medgui.validation.notebook import Notebook

        return Notebook()

    def last(self, bundle: Bundle) -> dict[str, Any] | None:
        """The last validation of exactly this file."""
        from medgui.validation.kept import last

        return last(bundle.id, bundle.sha256)

    def columns(self, path: Path) -> Sequence[str]:
        """The header of a cohort."""
        from medgui.assessment.table_io import CsvSource

        return tuple(CsvSource(path).names)

    def validate(
        self, model: str, path: Path, label: str, output: str, progress: Callable[[int, int], None]
    ) -> Judged:
        """Judge, and keep the figures for the card."""
        from medgui.validation.cohort import Roles
        from medgui.validation.kept import keep
        from medgui.validation.session import validate

        day, roles = date.today().isoformat(), Roles(output=output, label=label)
        judged = validate(self._engines.catalogue(), model, path, roles, day=day, progress=progress)
        keep(judged.result)
        return judged

    def recalibrate(self, judged: Judged) -> dict[str, Any]:
        """Install the recalibrated version and let the catalogue be read again."""
        from medgui.validation.kept import keep
        from medgui.workshop.local_install import recalibrate_and_install

        result = recalibrate_and_install(judged)
        keep(result)
        self._engines.read_catalogue_again()
        return result


class Bench:
    """The workshop behind the window's page."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def unavailable(self) -> str:
        """Say which libraries are missing."""
        from medgui.workshop.training import require_extra

        try:
            require_extra()
        except UserError as error:
            return str(error)
        return ""

    def inspect(self, source: Path | Table, label: str = "", *, positive: str = "") -> Plan:
        """Propose what each column is."""
        from medgui.workshop.plan import inspect_table

        return inspect_table(source, label, positive=positive)

    def train(self, plan: Plan, choices: Choices, progress: Any, cancel: Any) -> tuple[Trained, Manifest]:
        """Train, and read the card as it would be read once installed."""
        from medgui.inference.manifest_io import FILE_NAME, parse_manifest
        from medgui.workshop.apart import train_apart
        from medgui.workshop.bundle import bundle_files

        trained = train_apart(plan, choices, progress, cancel)
        content = bundle_files(trained, date.today().isoformat())[FILE_NAME]
        return trained, parse_manifest(content, f"{choices.id}/{FILE_NAME}", choices.id)

    def install(self, trained: Trained) -> str:
        """Write the bundle, sign it and put it among the clinic's models."""
        import tempfile

        from medgui.workshop.bundle import write_bundle
        from medgui.workshop.install import install

        with tempfile.TemporaryDirectory(prefix="medgui-") as folder:
            found = install(write_bundle(trained, Path(folder) / trained.choices.id))
        self._engines.read_catalogue_again()
        return found.id


def export_record(record: Record, path: Path, form: str, identified: bool) -> None:
    """Write the cleaned record in one step."""
    from medgui.export.write import write_export

    write_export(record, path, "csv" if form == "csv" else "fhir", identified=identified)


PDFIUM = threading.Lock()
"""Held by whoever calls PDFium, which is not thread-safe."""
"""PDFium must not be called from two threads at once (its own documentation); jobs run in a pool."""


def demo_patients() -> Sequence[DemoPatient]:
    """List the demonstration patients that ship; none where their index is missing."""
    folder = resources_dir() / "demo"
    if not (folder / "index.toml").is_file():
        return ()
    listed = read_table("demo/index.toml").get("patient", [])
    return [DemoPatient(folder / p["file"], p["name"], p["who"], p["story"]) for p in listed]


def preview(pdf: bytes, page: int, width: int) -> Picture:
    """Draw *page* (from 0) of a PDF *width* pixels wide."""
    import pypdfium2

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            sheet = document[page]
            bitmap = sheet.render(scale=width / sheet.get_width(), force_bitmap_format=4)
            data = bytes(bitmap.buffer)
            found = Picture(data, bitmap.width, bitmap.height, bitmap.stride, len(document))
            bitmap.close()
            sheet.close()
            return found
        finally:
            document.close()


def make_services(settings: Settings | None = None) -> Services:
    """Build the services of a window on the layers below."""
    settings = settings or Settings.load()
    engines = Engines(settings)
    return Services(
        settings=settings,
        open_record=engines.open_record,
        propose_mapping=engines.propose_mapping,
        assess=engines.assess,
        what_if=engines.what_if,
        catalogue=engines.catalogue,
        installation=engines.installation,
        demo_patients=demo_patients,
        render_pdf=engines.render_pdf,
        write_pdf=engines.write_pdf,
        export_record=export_record,
        preview=preview,
        codes=engines.codes,
        local=Local(engines),
        workshop=Bench(engines),
    )


def _starting(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Take what Qt says while it starts. Where it finds no screen it would write ten lines and abort."""
    if os.environ.get("MEDGUI_DEBUG") == "1":
        sys.stderr.write(message + "\n")
    if kind is QtMsgType.QtFatalMsg:
        sentence = _(
            "No window can be opened: no screen answers, or a library that Qt needs is missing; "
            "“medgui report FILE -o OUT.pdf” works without a screen."
        )
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
        os._exit(UserError.exit_code)


def make_application(settings: Settings) -> QApplication:
    """Return the QApplication, with the look and language of *settings*."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        application = existing
    else:
        gc.disable()  # nothing made before the first paint is garbage; afterwards see ui/garbage.py
        policy = Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(policy)
        before = qInstallMessageHandler(_starting)
        application = QApplication([*sys.argv[:1], "-style", "Fusion"])
        qInstallMessageHandler(before)
        application.setProperty("fusion", True)
    application.setApplicationName("medgui")
    application.setQuitOnLastWindowClosed(True)
    i18n.set_language(i18n.preferred_language(settings.language))
    from medgui.ui.theme import theme

    theme.apply(settings.theme, settings.text_scale)
    return application


def run(*files: Path, patient: str | None = None, as_of: str = "") -> int:
    """Open the window, on *files* where there are any, and return the exit code when it is closed."""
    logging.basicConfig(level=logging.WARNING, format="medgui: %(message)s")
    settings = Settings.load()
    application = make_application(settings)
    from medgui.ui.window import MainWindow

    window = MainWindow(make_services(settings), "results" if files else "start")
    if files:
        window.open_paths(files, patient=patient, as_of=as_of)
    window.show()
    code = application.exec()
    window.shell.tasks.close(wait=True)
    return code
