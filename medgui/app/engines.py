"""The services of the visit: read, assess, what if, report."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui import i18n
from medgui.paths import has_added_models
from medgui.settings import Settings
from medgui.ui.services import Installation

if TYPE_CHECKING:
    from medgui.assessment.finding import Assessment, Finding
    from medgui.code_map_file import CodeMapFile
    from medgui.inference.catalogue import Catalogue
    from medgui.record.model import Record


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

        if has_added_models():
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
