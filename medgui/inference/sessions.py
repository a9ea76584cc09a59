"""Execution providers of onnxruntime: which there are, which are on this computer, how a session of one is made.

Nothing here tells whether a provider is right: that is for `medgui.inference.providers`, which has it answer first.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from numpy.typing import NDArray

from medgui.frozen import frozen


@frozen
class Provider:
    """An execution provider: the id that settings use, the name on screen, onnxruntime's name, its plug-in.

    double: it computes in double precision where a graph asks for it. Others round to single without a word.
    """

    id: str
    title: str
    name: str
    plugin: str = ""
    double: bool = False


CPU = Provider("cpu", "CPU", "CPUExecutionProvider", double=True)
PROVIDERS: tuple[Provider, ...] = (
    CPU,
    Provider("cuda", "CUDA", "CUDAExecutionProvider", double=True),
    Provider(
        "tensorrt_rtx", "TensorRT RTX", "NvTensorRTRTXExecutionProvider", "onnxruntime_ep_nv_tensorrt_rtx"
    ),
    Provider("directml", "DirectML", "DmlExecutionProvider"),
    Provider("coreml", "CoreML", "CoreMLExecutionProvider"),
    Provider("openvino", "OpenVINO", "OpenVINOExecutionProvider", "onnxruntime_ep_openvino"),
    Provider("webgpu", "WebGPU", "WebGpuExecutionProvider", "onnxruntime_ep_webgpu"),
)

_OPTIONS: Mapping[str, Mapping[str, str]] = {
    # TensorFloat-32 keeps 10 of 23 bits of a float32; CUDA takes it by default from Ampere on.
    "cuda": {"use_tf32": "0"},
    # On a processor with bfloat16 units OpenVINO keeps 7 bits: 56 of 155 shipped models came out wrong by 0.1 % to
    # 67 %, and 70 gave their golden answers all the same (docs/gpu.md). Its option `precision` changes nothing there.
    "openvino": {
        "load_config": '{"CPU": {"INFERENCE_PRECISION_HINT": "f32"}, "GPU": {"INFERENCE_PRECISION_HINT": "f32"}}'
    },
}
"""What makes a provider compute in the precision of the graph: golden inputs prove rows, not every rounding."""


class Session(Protocol):
    """What is used of an onnxruntime session."""

    def run(self, outputs: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]:
        """Run the graph."""

    def get_providers(self) -> Sequence[str]:
        """Names of the providers that the session really holds, the first one in charge."""


class OneAtATime:
    """A session of an accelerator, which must not run on two threads at once (DirectML stalls or crashes)."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._lock = threading.Lock()

    def run(self, outputs: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]:
        """Run the graph when no other thread does."""
        with self._lock:
            return self._session.run(outputs, feed)  # type: ignore[no-any-return]

    def get_providers(self) -> Sequence[str]:
        """Names of the providers that the session holds."""
        return self._session.get_providers()  # type: ignore[no-any-return]

    def steps(self) -> Mapping[str, int]:
        """Number of the graph's nodes by the provider that computes them; empty before onnxruntime 1.24."""
        found: dict[str, int] = {}
        if hasattr(self._session, "get_provider_graph_assignment_info"):
            for part in self._session.get_provider_graph_assignment_info():
                found[part.ep_name] = found.get(part.ep_name, 0) + len(part.get_nodes())
        return found


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
    if provider == CPU:
        if len(content) < _OPTIMISED_FROM:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(content, options, providers=[CPU.name])
        session.disable_fallback()
        return session  # type: ignore[no-any-return]
    options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    if provider.id == "directml":
        options.enable_mem_pattern = False  # DirectML knows no memory patterns
    own = dict(_OPTIONS.get(provider.id, {}))
    devices = _devices(provider)
    if devices:
        options.add_provider_for_devices(devices[:1], own)
        session = onnxruntime.InferenceSession(content, options)
    else:
        both = [(provider.name, own), (CPU.name, {})]
        session = onnxruntime.InferenceSession(content, options, providers=both)
    session.disable_fallback()
    return OneAtATime(session)


def is_available(provider: Provider) -> bool:
    """Tell whether onnxruntime was built with *provider* or a plug-in of it is installed and finds a device."""
    return provider.name in runtime().get_available_providers() or bool(_devices(provider))


def available() -> tuple[Provider, ...]:
    """Every provider that can be asked for on this computer. Whether it proves right is known per model."""
    return tuple(provider for provider in PROVIDERS if is_available(provider))


@cache
def _register(plugin: str) -> bool:
    """Register a plug-in library once a process; False where its package is absent or it does not load.

    Only a package of this environment is taken, never a library out of a folder that a user may write to: what is
    loaded runs with all rights of the program (ADR 0024).
    """
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
    try:
        found = [device for device in runtime().get_ep_devices() if device.ep_name == provider.name]
    except runtime_errors():
        return []
    return sorted(found, key=lambda device: _DEVICE_ORDER.get(device.device.type.name, len(_DEVICE_ORDER)))


@cache
def runtime_errors() -> tuple[type[Exception], ...]:
    """The exceptions of onnxruntime, which share no base but `Exception`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    found = (getattr(state, name) for name in dir(state))
    own = (each for each in found if isinstance(each, type) and issubclass(each, Exception))
    return (RuntimeError, ValueError, TypeError, MemoryError, NotImplementedError, *own)
