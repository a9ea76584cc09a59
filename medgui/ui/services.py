"""What the window may ask of the layers below: plain callables, filled in by `medgui.app`.

The window builds no engine and imports none. Each callable may be slow; all but the settings are called from
`tasks`, never on the window's thread. Errors are those of `medgui.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from medgui.frozen import frozen
from medgui.settings import Settings

if TYPE_CHECKING:
    from medgui.assessment.finding import Assessment, Finding
    from medgui.code_map_file import CodeMapFile
    from medgui.inference.bundle import Bundle
    from medgui.inference.catalogue import Catalogue
    from medgui.inference.manifest import Manifest
    from medgui.record.model import Record
    from medgui.updates.desk import Done, Offer
    from medgui.validation.notebook import Notebook
    from medgui.validation.session import Judged
    from medgui.workshop.choices import Choices
    from medgui.workshop.plan import Plan
    from medgui.workshop.table import Table
    from medgui.workshop.training import Trained

Progress = Callable[[int, int, Any], None]
"""Called with models done, models in all, and the finding that was just finished."""


@frozen
class DemoPatient:
    """One invented patient of `resources/demo/index.toml`. Texts are {"en": …, "zh": …}."""

    path: Path
    name: Mapping[str, str]
    who: Mapping[str, str]
    story: Mapping[str, str]


@frozen
class Installation:
    """What the start page says of this installation. `failed` names models whose self-test differs."""

    models: int
    refused: Sequence[str]
    development: bool
    provider: str
    tested: int
    failed: Sequence[str]


@frozen
class Picture:
    """One page of a PDF as pixels: four bytes each (blue, green, red, unused), rows of `stride` bytes."""

    data: bytes
    width: int
    height: int
    stride: int
    pages: int


class OpenRecord(Protocol):
    """Reads a patient file, a folder, or several files. Raises `UnreadableFile`, `SeveralPatients`, `DifferentPeople`.

    *same_person* answers the question whether files in doubt are about the same person.
    """

    def __call__(
        self,
        path: Path | list[Path],
        *,
        patient: str | None = None,
        mapping: Any = None,
        as_of: str = "",
        same_person: bool | None = None,
    ) -> Record:
        """Return the record."""
        ...


class Assess(Protocol):
    """Runs all models that apply to a record."""

    def __call__(
        self,
        record: Record,
        *,
        previous: Assessment | None = None,
        progress: Progress | None = None,
        cancel: Callable[[], bool] | None = None,
        also: Collection[str] = (),
    ) -> Assessment:
        """Return the findings in the order of the Results page; *also*: scores on request that were asked for."""
        ...


class LocalChecks(Protocol):
    """Models held against the clinic's own patients (docs/validation.md)."""

    def notebook(self) -> Notebook:
        """Return the notebook of outcomes."""
        ...

    def last(self, bundle: Bundle) -> dict[str, Any] | None:
        """Return the last validation of exactly this model file, `medgui.validation/1`, or None."""
        ...

    def columns(self, path: Path) -> Sequence[str]:
        """Return the columns of a cohort. Raises `UnreadableFile`."""
        ...

    def validate(
        self, model: str, path: Path, label: str, output: str, progress: Callable[[int, int], None]
    ) -> Judged:
        """Judge a model on a cohort and keep the figures. Raises `MedguiError`."""
        ...

    def recalibrate(self, judged: Judged) -> dict[str, Any]:
        """Make and install the recalibrated version; the catalogue is read again. Raises `MedguiError`."""
        ...


class Workshop(Protocol):
    """Training a model on a table of the clinic (docs/workshop.md)."""

    def unavailable(self) -> str:
        """Say why nothing can be trained on this computer; "" where it can."""
        ...

    def inspect(self, source: Path | Table, label: str = "", *, positive: str = "") -> Plan:
        """Propose what each column is. Raises `MedguiError`."""
        ...

    def train(
        self,
        plan: Plan,
        choices: Choices,
        progress: Callable[[float, float, str], None],
        cancel: Callable[[], bool],
    ) -> tuple[Trained, Manifest]:
        """Train, and return the model with the card that would be signed. Raises `MedguiError`, `Cancelled`."""
        ...

    def install(self, trained: Trained) -> str:
        """Sign with the clinic's key and install; return the id. The catalogue is read again."""
        ...


class Updates(Protocol):
    """Updates from a file (docs/updates.md)."""

    def look_at(self, path: Path, progress: Callable[[float], object]) -> Offer:
        """Copy and check an update file. Raises `MedguiError` where nothing of it can be shown."""
        ...

    def install(self, offer: Offer, progress: Callable[[float], object]) -> Done:
        """Install it; the catalogue is read again. Raises `MedguiError`, then everything is as it was."""
        ...

    def can_take_back(self) -> Sequence[str]:
        """Return the kinds, "models" and "program", of which the last update can be taken back."""
        ...

    def take_back(self, kind: str) -> Done:
        """Take the last update of *kind* back; the catalogue is read again. Raises `MedguiError`."""
        ...


@frozen
class Services:
    """Everything the window asks for.

    what_if(record, model, changes) -> Finding. render_pdf(record, assessment, lang, include_prognosis, units) ->
    bytes. write_pdf(record, assessment, path, lang, include_prognosis, units) raises `OutputNotWritable`.
    export_record(record, path, "fhir" or "csv", identified) raises it too.
    preview(pdf, page from 0, pixels wide) -> Picture, for QImage.Format_RGB32. propose_mapping(path) -> the
    readers' proposal for a wide table, or None where the file is no table. codes() -> the clinic's map of codes, read
    on the first call. local: None where no model is held against own patients.
    workshop: None where nothing can be trained. updates: None where nothing can be updated.
    """

    settings: Settings
    open_record: OpenRecord
    propose_mapping: Callable[[Path], Any]
    assess: Assess
    what_if: Callable[[Record, str, Mapping[str, Any]], Finding]
    catalogue: Callable[[], Catalogue]
    installation: Callable[[], Installation]
    demo_patients: Callable[[], Sequence[DemoPatient]]
    render_pdf: Callable[..., bytes]
    write_pdf: Callable[..., None]
    export_record: Callable[[Record, Path, str, bool], None]
    preview: Callable[[bytes, int, int], Picture]
    codes: Callable[[], CodeMapFile]
    copy_text: Callable[[Record, Assessment], str] | None = None
    local: LocalChecks | None = None
    workshop: Workshop | None = None
    updates: Updates | None = None
