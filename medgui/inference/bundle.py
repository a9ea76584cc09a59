"""A bundle: one signed model folder, opened on demand.

Every file is read once into memory, its bytes are compared with the signed hash, and what is used is made from
those same bytes: a file that is swapped between check and use is never seen.
"""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.i18n import _
from medgui.inference.graph_rules import check_graph
from medgui.inference.header import Header, header_of
from medgui.inference.manifest import Manifest
from medgui.inference.npz import read_arrays
from medgui.inference.providers import (
    CPU,
    PARTLY,
    Golden,
    Proven,
    is_stopped,
    prove,
    run_curves,
    run_session,
    runtime_errors,
    stop,
)
from medgui.inference.reference import Reference
from medgui.inference.rules import Rules, make_rules
from medgui.inference.sessions import Session
from medgui.inference.signatures import place

if TYPE_CHECKING:
    from medgui.inference.additive import LogisticSum

FloatArray = NDArray[np.float64]
T = TypeVar("T")
LARGEST_ARRAYS = 256 << 20
"""Bytes of all arrays of an `.npz` file together, unpacked."""


class Bundle:
    """One model. Making it costs nothing; the session is made at the first `run` and kept."""

    def __init__(
        self,
        manifest: Manifest | Callable[[], Manifest],
        folder: Path,
        files: Mapping[str, str],
        *,
        requested: str = "auto",
        header: Header | None = None,
        checked_graph: str = "",
    ) -> None:
        """*files*: name below *folder* to signed SHA-256. *requested*: id of an execution provider.

        manifest: the manifest, or what makes it when it is first asked for; then *header* has to be given.
        checked_graph: SHA-256 of a graph that is known to keep the rules of graphs.

        blanks: by language what the findings of a bundle have in common, kept here by the assessment.
        """
        self._manifest = manifest
        self.header = header or header_of(self.manifest)
        self.folder = folder
        self.files = files
        self.requested = requested
        self.support: dict[bytes, tuple[FloatArray, FloatArray, NDArray[np.intp]]] = {}
        self.blanks: dict[str, Any] = {}
        self.shortcuts: dict[str, LogisticSum] | None = None
        self.checked_graph = checked_graph
        self.graph_bytes = 0
        self._lock = threading.Lock()
        self._proven: Proven | None = None

    def __repr__(self) -> str:
        return f"<Bundle {self.header.id} {self.header.version}>"

    @property
    def id(self) -> str:
        """The id of the model, which is the name of its folder."""
        return self.header.id

    @cached_property
    def manifest(self) -> Manifest:
        """All that the bundle says of itself."""
        return self._manifest if isinstance(self._manifest, Manifest) else self._manifest()

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """The inputs of the graph, in order."""
        return self.header.inputs

    @cached_property
    def output_names(self) -> tuple[str, ...]:
        """The outputs that the manifest lists, in order."""
        return tuple(spec.name for spec in self.manifest.outputs)

    @property
    def sha256(self) -> str:
        """SHA-256 of the graph, as signed."""
        return self.files["model.onnx"]

    def content(self, name: str) -> bytes:
        """The bytes of a file, compared with their signed hash. Raises `DamagedData` that names the file."""
        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DamagedData(_("{file} cannot be read.").format(file=place(path))) from error
        if hashlib.sha256(content).hexdigest() != self.files.get(name):
            raise DamagedData(_("{file} was changed after it was signed.").format(file=place(path)))
        return content

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays of an `.npz` file of the bundle."""
        content = self.content(name)
        try:
            return read_arrays(content, LARGEST_ARRAYS)
        except (
            ValueError,
            OSError,
            EOFError,
            KeyError,
            MemoryError,
            AttributeError,
            zipfile.BadZipFile,
        ) as error:
            raise DamagedData(_("{file} is damaged.").format(file=place(self.folder / name))) from error

    @cached_property
    def golden(self) -> Golden:
        """Golden inputs and expected outputs, checked for shape."""
        arrays = self.arrays("golden.npz")
        x = np.asarray(arrays.get("x", np.empty((0, 0))), dtype=np.float64)
        outputs = {
            name: np.asarray(arrays[name], dtype=np.float64).reshape(-1)
            for name in self.output_names
            if name in arrays
        }
        shapes_fit = all(len(values) == len(x) for values in outputs.values())
        curves = None
        if self.manifest.survival is not None:
            curves = np.asarray(arrays.get(self.manifest.survival.output, np.nan), dtype=np.float64)
            shapes_fit &= curves.shape == (len(x), len(self.manifest.survival.times))
        wrong_width = x.shape[1:] != (len(self.input_names),)
        if not len(x) or wrong_width or len(outputs) < len(self.output_names) or not shapes_fit:
            raise DamagedData(
                _("{file} does not fit the model.").format(file=place(self.folder / "golden.npz"))
            )
        return Golden(x, outputs, curves)

    @cached_property
    def reference(self) -> Reference:
        """Background rows, interval tables and training distance; empty where the bundle brings none."""
        arrays = self.arrays("reference.npz") if "reference.npz" in self.files else {}
        return Reference(self.manifest, arrays, place(self.folder / "reference.npz"))

    @cached_property
    def rules(self) -> Rules:
        """The rules of the manifest as arrays."""
        return make_rules(self.manifest)

    @property
    def proven(self) -> Proven:
        """The session whose provider gave the golden answers. Raises `DamagedData` where none did."""
        proven = self._proven
        if proven is None or is_stopped(proven.provider):
            with self._lock:
                proven = self._proven
                if proven is None or is_stopped(proven.provider):
                    content = self.content("model.onnx")
                    if self.checked_graph != self.sha256:
                        check_graph(content, self.manifest, place(self.folder / "model.onnx"))
                    self._proven = proven = prove(content, self.manifest, self.golden, self.requested)
        return proven

    @property
    def provider(self) -> str:
        """Name on screen of the execution provider that runs the model; makes the session."""
        return self.proven.provider.title

    @property
    def provider_note(self) -> str:
        """Why a provider that was asked for is not used; empty where it is."""
        return self.proven.note()

    def use(self, requested: str) -> None:
        """Ask for another execution provider; the next run proves it."""
        with self._lock:
            if requested != self.requested:
                self.requested = requested
                self._proven = None

    def run(self, x: FloatArray, outputs: Sequence[str] | None = None) -> dict[str, FloatArray]:
        """Run the raw graph on *x* [N, F] (float64, manifest order, NaN = missing); each of *outputs* [N].

        No rule of the manifest is applied here: `medgui.inference.batch.evaluate` is the way to a result.
        """
        return self._ran(lambda session: run_session(session, self.manifest, x, outputs))

    def curves(self, x: FloatArray) -> FloatArray:
        """Run the raw graph on *x* [N, F]; its survival curves [N, T], unchecked (`medgui.inference.survival`)."""
        return self._ran(lambda session: run_curves(session, self.manifest, x))

    def _ran(self, job: Callable[[Session], T]) -> T:
        """What *job* gives with the session; where an accelerator breaks off, with the CPU in its place."""
        proven = self.proven
        try:
            return job(proven.session)
        except runtime_errors() as error:
            if proven.provider == CPU:
                raise self._fault(error) from error
            return self._on_cpu(job, proven, error)

    def _on_cpu(self, job: Callable[[Session], T], broken: Proven, error: Exception) -> T:
        """Let the CPU do what *broken* did not, from now on. Rows that it cannot run either are no provider's fault."""
        proven = prove(self.content("model.onnx"), self.manifest, self.golden, CPU.id)
        try:
            answer = job(proven.session)
        except runtime_errors() as again:
            raise self._fault(again) from again
        told = stop(broken.provider, error)
        with self._lock:
            before = (each for each in broken.passed_over if each[0] != PARTLY)
            self._proven = Proven(proven.session, CPU, (*before, told))
        return answer

    def _fault(self, error: Exception) -> DamagedData:
        sentence = _("The model “{model}” stopped with a fault ({error}).")
        return DamagedData(sentence.format(model=self.id, error=type(error).__name__))
