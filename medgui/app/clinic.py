"""The services for a clinic's own patients and models: validate, recalibrate, train."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.app.engines import Engines
from medgui.errors import UserError

if TYPE_CHECKING:
    from medgui.inference.bundle import Bundle
    from medgui.inference.manifest import Manifest
    from medgui.validation.notebook import Notebook
    from medgui.validation.session import Judged
    from medgui.workshop.choices import Choices
    from medgui.workshop.plan import Plan
    from medgui.workshop.table import Table
    from medgui.workshop.training import Trained


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
