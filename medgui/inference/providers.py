"""Which execution provider runs a model, proved by golden inputs.

onnxruntime lists providers that cannot start on this machine and then runs on the CPU without a word, so a
request proves nothing. Here a provider is used only if the session really holds it and its answers to the
bundle's golden inputs, together and one alone, are the expected ones; why another one was passed over is kept and
can be shown.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_list
from medgui.inference.manifest import Manifest

FloatArray = NDArray[np.float64]


@frozen
class Provider:
    """An execution provider: the id that settings use, the name on screen, onnxruntime's name, its plug-in."""

    id: str
    title: str
    name: str
    plugin: str = ""


CPU = Provider("cpu", "CPU", "CPUExecutionProvider")
PROVIDERS: tuple[Provider, ...] = (
    CPU,
    Provider("cuda", "CUDA", "CUDAExecutionProvider"),
    Provider(
        "tensorrt_rtx", "TensorRT RTX", "NvTensorRTRTXExecutionProvider", "onnxruntime_ep_nv_tensorrt_rtx"
    ),
    Provider("directml", "DirectML", "DmlExecutionProvider"),
    Provider("coreml", "CoreML", "CoreMLExecutionProvider"),
    Provider("openvino", "OpenVINO", "OpenVINOExecutionProvider", "onnxruntime_ep_openvino"),
    Provider("webgpu", "WebGPU", "WebGpuExecutionProvider", "onnxruntime_ep_webgpu"),
)
_ACCELERATORS = ("cuda", "tensorrt_rtx", "coreml", "directml", "openvino", "webgpu")

Reason = tuple[str, Mapping[str, str]]
"""An English message for `_` and what fills it: translated when it is shown, not when it happened."""

NOT_HERE = N_("{provider} is not installed on this computer.")
NOT_STARTED = N_("{provider} did not start on this computer.")
FAILED = N_("{provider} cannot run this model.")
DIFFERENT = N_("{provider} gave other answers than expected (largest difference {difference}).")


class Session(Protocol):
    """What is used of an onnxruntime session."""

    def run(self, outputs: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]:
        """Run the graph."""

    def get_providers(self) -> Sequence[str]:
        """Names of the providers that the session really holds, the first one in charge."""


SessionMaker = Callable[[bytes, Provider], Session]


@frozen
class Proven:
    """A session whose provider gave the golden answers, and why others that came before it were passed over."""

    session: Session
    provider: Provider
    passed_over: tuple[Reason, ...] = ()

    def note(self) -> str:
        """Sentences in the language of the reader; empty where the first choice runs."""
        return " ".join(_(message).format(**fields) for message, fields in self.passed_over)


@frozen
class Golden:
    """Golden inputs [G, F] (manifest order) and the expected outputs, each [G]; of a survival curve [G, T]."""

    x: FloatArray
    outputs: Mapping[str, FloatArray]
    curves: FloatArray | None = None


def provider_of(provider_id: str) -> Provider:
    """Find a provider by its id; `KeyError` for an unknown one."""
    return {provider.id: provider for provider in PROVIDERS}[provider_id]


def candidates(requested: str, kind: str) -> tuple[Provider, ...]:
    """Providers to try, in order, the CPU always last.

    "auto" is the CPU alone for models of tables: one row takes 0.01 ms there, less than the way to an
    accelerator; for images it is every accelerator and then the CPU.
    """
    automatic = _ACCELERATORS if kind == "image" else ()
    ids = automatic if requested == "auto" else (requested,)
    return (*(provider_of(each) for each in ids if each != CPU.id), CPU)


def prove(
    content: bytes,
    manifest: Manifest,
    golden: Golden,
    requested: str = "auto",
    make: SessionMaker | None = None,
) -> Proven:
    """Make a session from the bytes of a graph with the first provider that gives the golden answers.

    Raises `DamagedData` where not even the CPU does: then the model itself is not what it was.
    """
    make = make or make_session
    passed: list[Reason] = []
    for provider in candidates(requested, manifest.kind):
        session, reason = _try(content, manifest, golden, provider, make)
        if session is not None:
            told = (each for each in passed if requested != "auto" or each[0] != NOT_HERE)
            return Proven(session, provider, tuple(told))
        if reason is not None:
            passed.append(reason)
    words = " ".join(_(message).format(**fields) for message, fields in passed)
    raise DamagedData(_("Model “{model}” does not run: {reasons}").format(model=manifest.id, reasons=words))


def _try(
    content: bytes, manifest: Manifest, golden: Golden, provider: Provider, make: SessionMaker
) -> tuple[Session | None, Reason | None]:
    shown = {"provider": provider.title}
    if make is make_session and not is_available(provider):
        return None, (NOT_HERE, shown)
    try:
        session = make(content, provider)
        if provider.name not in session.get_providers():
            return None, (NOT_STARTED, shown)
        answers = run_session(session, manifest, golden.x)
        alone = run_session(session, manifest, golden.x[:1])
        expected = dict(golden.outputs)
        if manifest.survival is not None and golden.curves is not None:
            expected[manifest.survival.output] = golden.curves
            answers[manifest.survival.output] = run_curves(session, manifest, golden.x)
    except runtime_errors() as error:
        return None, (FAILED, {**shown, "error": type(error).__name__})
    first = {name: values[:1] for name, values in golden.outputs.items()}
    difference = max(largest_difference(answers, expected), largest_difference(alone, first))
    if not difference <= manifest.golden_tolerance:
        return None, (DIFFERENT, {**shown, "difference": f"{difference:.2g}"})
    return session, None


def largest_difference(found: Mapping[str, FloatArray], expected: Mapping[str, FloatArray]) -> float:
    """Largest |found - expected| / max(1, |expected|); infinite where one has a number and the other has none."""
    worst = 0.0
    for name, values in expected.items():
        if name not in found or found[name].shape != values.shape:
            return float("inf")
        here, there = np.isnan(found[name]), np.isnan(values)
        if (here != there).any():
            return float("inf")
        other = ~there & (found[name] != values)
        mine, wanted = found[name][other], values[other]
        if not (np.isfinite(mine) & np.isfinite(wanted)).all():
            return float("inf")
        error = np.abs(mine - wanted) / np.maximum(1.0, np.abs(wanted))
        worst = max(worst, *error.tolist(), 0.0)
    return worst


def run_session(
    session: Session, manifest: Manifest, x: FloatArray, outputs: Sequence[str] | None = None
) -> dict[str, FloatArray]:
    """Run the graph on *x* [N, F] in manifest order; each of *outputs* (default: all) as [N] float64."""
    feed = _feed(manifest, x)
    names = list(outputs or [spec.name for spec in manifest.outputs])
    answers = session.run(names, feed)
    rows = len(x)
    return {
        name: np.asarray(answer, dtype=np.float64).reshape(rows)
        for name, answer in zip(names, answers, strict=True)
    }


def run_curves(session: Session, manifest: Manifest, x: FloatArray) -> FloatArray:
    """Run the graph on *x* [N, F]; its survival curves [N, T] float64. `ValueError` where it gives another shape."""
    spec = manifest.survival
    if spec is None:
        raise ValueError("the model has no survival curve")
    (answer,) = session.run([spec.output], _feed(manifest, x))
    return np.asarray(answer, dtype=np.float64).reshape(len(x), len(spec.times))


def _feed(manifest: Manifest, x: FloatArray) -> dict[str, NDArray[Any]]:
    dtype = np.float64 if manifest.float64 else np.float32
    with np.errstate(over="ignore"):
        return {
            spec.name: np.ascontiguousarray(x[:, place : place + 1], dtype=dtype)
            for place, spec in enumerate(manifest.inputs)
        }


@cache
def runtime() -> Any:
    """The onnxruntime module, told once to write no events to the system's tracing either (ADR 0015)."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


_OPTIMISED_FROM = 1 << 20
"""Bytes from which a graph is optimised when its session is made."""


def make_session(content: bytes, provider: Provider) -> Session:
    """Make an onnxruntime session on one thread: two are no faster for tabular models (measured).

    A small graph is run as it is written: to optimise it takes as long as to load it, and gains nothing for one row
    or for 50,000 (ADR 0021).
    """
    onnxruntime = runtime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if len(content) < _OPTIMISED_FROM and provider == CPU:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    devices = _devices(provider)
    if devices:
        options.add_provider_for_devices(devices[:1], {})
        session = onnxruntime.InferenceSession(content, options)
    else:
        names = [provider.name] if provider == CPU else [provider.name, CPU.name]
        session = onnxruntime.InferenceSession(content, options, providers=names)
    session.disable_fallback()
    return session  # type: ignore[no-any-return]


def is_available(provider: Provider) -> bool:
    """Tell whether onnxruntime was built with *provider* or a plug-in of it is installed and finds a device."""
    return provider.name in runtime().get_available_providers() or bool(_devices(provider))


def available() -> tuple[Provider, ...]:
    """Every provider that can be asked for on this computer. Whether it proves right is known per model."""
    return tuple(provider for provider in PROVIDERS if is_available(provider))


@cache
def _register(plugin: str) -> bool:
    """Register a plug-in library once a process; False where its package is absent or it does not load."""
    try:
        package = importlib.import_module(plugin)
        runtime().register_execution_provider_library(plugin, package.get_library_path())
    except (ImportError, AttributeError, OSError):
        return False
    except runtime_errors():
        return False
    return True


_DEVICE_ORDER = {"GPU": 0, "NPU": 1, "CPU": 2}


def _devices(provider: Provider) -> list[Any]:
    """Devices of a plug-in provider, the most capable first."""
    if not provider.plugin or not _register(provider.plugin):
        return []
    found = [device for device in runtime().get_ep_devices() if device.ep_name == provider.name]
    return sorted(found, key=lambda device: _DEVICE_ORDER.get(device.device.type.name, len(_DEVICE_ORDER)))


@cache
def runtime_errors() -> tuple[type[Exception], ...]:
    """The exceptions of onnxruntime, which share no base but `Exception`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    found = (getattr(state, name) for name in dir(state))
    own = (each for each in found if isinstance(each, type) and issubclass(each, Exception))
    return (RuntimeError, ValueError, TypeError, MemoryError, NotImplementedError, *own)


def describe(providers: Sequence[Provider]) -> str:
    """List providers by their names on screen."""
    return format_list([provider.title for provider in providers])
