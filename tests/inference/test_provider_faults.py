"""Accelerators as they are met in practice: listed and absent, wrong for one model, lost in the middle of a visit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.inference import providers, sessions
from medgui.inference.bundle import Bundle
from medgui.inference.providers import CPU, Provider, prove, provider_of
from medgui.inference.sessions import OneAtATime
from tests.helpers import bundles

ROW = np.array([[50.0, 0.0, 80.0, 0.0]])


class Part:
    """A part of a graph as onnxruntime tells which provider has it."""

    def __init__(self, ep_name: str, nodes: int) -> None:
        self.ep_name, self._nodes = ep_name, nodes

    def get_nodes(self) -> list[int]:
        return list(range(self._nodes))


class Simulated:
    """A session of an accelerator: answers like the CPU, off by *error*, until it is told to break."""

    def __init__(self, real: Any, provider: Provider, error: float, parts: Sequence[Part]) -> None:
        self._real, self._provider, self._error, self._parts = real, provider, error, parts
        self.broken: Exception | None = None

    def run(self, outputs: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        if self.broken is not None:
            raise self.broken
        return [values + self._error for values in self._real.run(outputs, feed)]

    def get_providers(self) -> list[str]:
        return [self._provider.name, CPU.name]

    def get_provider_graph_assignment_info(self) -> list[Part]:
        return list(self._parts)


class Accelerators:
    """What this computer is said to have; every session that was made of it."""

    def __init__(self) -> None:
        self.here: set[str] = set()
        self.wrong: dict[str, float] = {}
        self.parts: tuple[Part, ...] = ()
        self.refuses: Exception | None = None
        self.made: list[Simulated] = []
        self.asked: list[str] = []

    def make(self, real: Callable[[bytes, Provider], Any], content: bytes, provider: Provider) -> Any:
        self.asked.append(provider.id)
        if provider == CPU:
            return real(content, CPU)
        if self.refuses is not None:
            raise self.refuses
        error = next((error for name, error in self.wrong.items() if name.encode() in content), 0.0)
        self.made.append(Simulated(real(content, CPU), provider, error, self.parts))
        return OneAtATime(self.made[-1])

    def lose(self, error: Exception) -> None:
        for session in self.made:
            session.broken = error


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Accelerators:
    """A computer whose accelerators are simulated; its processor is the real one."""
    found, real = Accelerators(), sessions.make_session

    def make(content: bytes, provider: Provider) -> Any:
        return found.make(real, content, provider)

    monkeypatch.setattr(providers, "make_session", make)
    monkeypatch.setattr(providers, "is_available", lambda each: each == CPU or each.id in found.here)
    monkeypatch.setattr(providers, "_stopped", set())
    return found


@pytest.fixture
def single(tmp_path: Path) -> Bundle:
    """A model in single precision, as images are."""
    return bundles.logistic_bundle(tmp_path / "single")


@pytest.fixture
def double(tmp_path: Path) -> Bundle:
    """A published equation, in double precision."""
    return bundles.equation_bundle(tmp_path / "double")


def test_cuda_that_does_not_hold_a_single_step_is_not_called_cuda(
    computer: Accelerators, single: Bundle
) -> None:
    """The session names CUDA and lists it first; all nodes are on the CPU (seen with OpenVINO 1.24)."""
    computer.here, computer.parts = {"cuda"}, (Part(CPU.name, 5),)
    single.use("cuda")
    assert single.provider == "CPU"
    assert single.provider_note == "CUDA computes no step of this model; the CPU would do all of it."


def test_what_an_accelerator_leaves_to_the_cpu_is_said(computer: Accelerators, single: Bundle) -> None:
    computer.here = {"cuda"}
    computer.parts = (Part("CUDAExecutionProvider", 2), Part(CPU.name, 1), Part("CUDAExecutionProvider", 1))
    single.use("cuda")
    assert single.provider == "CUDA"
    assert single.provider_note == "CUDA computes 3 of 4 steps of this model, the CPU the others."


def test_one_model_that_cuda_gets_wrong_runs_on_the_cpu_and_the_others_on_cuda(
    computer: Accelerators, single: Bundle, double: Bundle
) -> None:
    computer.here, computer.wrong = {"cuda"}, {"glucose": 0.004}
    for bundle in (single, double):
        bundle.use("cuda")
    assert (double.provider, double.provider_note) == ("CUDA", "")
    assert single.provider == "CPU"
    assert single.provider_note == "CUDA gave other answers than expected (largest difference 0.004)."


@pytest.mark.parametrize("id_", ["directml", "openvino", "webgpu", "coreml", "tensorrt_rtx"])
def test_a_model_in_double_precision_is_not_given_to_an_accelerator_without_it(
    computer: Accelerators, double: Bundle, single: Bundle, id_: str
) -> None:
    """Golden rows can come out right by chance in single precision; a limit between two of them need not."""
    computer.here = {id_}
    title = provider_of(id_).title
    for bundle in (double, single):
        bundle.use(id_)
    assert double.provider == "CPU"
    assert double.provider_note == f"{title} computes in single precision; this model needs double precision."
    assert single.provider == title
    assert computer.asked.count(id_) == 1


def test_a_session_that_cannot_be_made_leaves_the_model_to_the_cpu(
    computer: Accelerators, single: Bundle
) -> None:
    computer.here, computer.refuses = {"directml"}, RuntimeError("no Direct3D 12 device")
    single.use("directml")
    assert single.provider == "CPU"
    assert single.provider_note == "DirectML cannot run this model."


LOST = [
    RuntimeError("887A0005 The GPU device instance has been suspended"),
    MemoryError("CUDA failure 2: out of memory"),
]


@pytest.mark.parametrize("error", LOST, ids=["device lost", "out of memory"])
def test_a_device_lost_during_a_visit_costs_no_result_and_is_said(
    computer: Accelerators, single: Bundle, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    computer.here = {"directml"}
    expected = single.run(ROW)["risk"]
    single.use("directml")
    assert single.run(ROW)["risk"] == pytest.approx(expected, abs=1e-7)
    assert single.provider == "DirectML"
    computer.lose(error)
    with caplog.at_level(logging.WARNING):
        assert single.run(ROW)["risk"].tolist() == expected.tolist()
    assert single.provider == "CPU"
    assert single.provider_note == (
        "DirectML stopped while it was in use; it is tried again after the next start of the program."
    )
    assert "DirectML stopped in use" in caplog.text


def test_a_device_that_was_lost_is_not_tried_again_by_any_model(
    computer: Accelerators, single: Bundle, tmp_path: Path
) -> None:
    computer.here = {"cuda"}
    other = bundles.tree_bundle(tmp_path / "other")
    for bundle in (single, other):
        bundle.use("cuda")
        assert bundle.provider == "CUDA"
    computer.lose(RuntimeError("CUDA error 719: unspecified launch failure"))
    single.run(ROW)
    tried = computer.asked.count("cuda")
    assert other.provider == "CPU"
    assert "CUDA stopped" in other.provider_note
    single.use("auto")
    single.use("cuda")
    assert single.provider == "CPU"
    assert computer.asked.count("cuda") == tried


def test_rows_that_no_processor_can_run_are_not_held_against_the_accelerator(
    computer: Accelerators, single: Bundle
) -> None:
    computer.here = {"cuda"}
    single.use("cuda")
    with pytest.raises(DamagedData, match="stopped with a fault"):
        single.run(ROW, ["no such output"])
    assert single.provider == "CUDA"


def test_an_image_model_goes_past_each_accelerator_that_fails_in_its_own_way(
    computer: Accelerators, single: Bundle
) -> None:
    """CUDA is not here, TensorRT RTX refuses; nothing but the CPU is left, and both are in the note."""
    from dataclasses import replace

    computer.here, computer.refuses = {"tensorrt_rtx", "coreml"}, NotImplementedError("no kernel")
    image = replace(single.manifest, kind="image")
    found = prove(single.content("model.onnx"), image, single.golden, "auto")
    assert found.provider == CPU
    assert found.note() == "TensorRT RTX cannot run this model. CoreML cannot run this model."


def test_a_name_in_the_settings_that_no_version_knows_counts_as_automatic(tmp_path: Path) -> None:
    from medgui.settings import Settings

    (tmp_path / "settings.json").write_text('{"execution_provider": "abacus"}', encoding="utf-8")
    settings = Settings.load(tmp_path / "settings.json")
    assert settings.execution_provider == "auto"
    assert settings.notes


def test_every_provider_can_be_asked_for_in_the_settings() -> None:
    from medgui.settings import Settings

    setting = next(each for each in Settings.table() if each.name == "execution_provider")
    assert set(setting.choices) == {"auto", *(each.id for each in providers.PROVIDERS)}


class Runtime:
    """onnxruntime with one plug-in that fails where it is told to."""

    def __init__(self, register: Exception | None = None, devices: Exception | None = None) -> None:
        self._register, self._devices = register, devices

    def register_execution_provider_library(self, _name: str, _path: str) -> None:
        if self._register is not None:
            raise self._register

    def get_ep_devices(self) -> list[Any]:
        if self._devices is not None:
            raise self._devices
        return []

    def get_available_providers(self) -> list[str]:
        return ["AzureExecutionProvider", CPU.name]


@pytest.mark.parametrize(
    "runtime",
    [
        Runtime(register=RuntimeError("the library was built for another version")),
        Runtime(register=OSError("libcuda.so.1: cannot open shared object file")),
        Runtime(devices=RuntimeError("the driver does not answer")),
        Runtime(),
    ],
    ids=["another version", "a library is missing", "the driver fails", "no device"],
)
def test_a_plug_in_that_cannot_be_loaded_is_as_good_as_absent(
    monkeypatch: pytest.MonkeyPatch, runtime: Runtime
) -> None:
    package = type("Package", (), {"get_library_path": staticmethod(lambda: "plugin.so")})
    monkeypatch.setattr(sessions, "runtime", lambda: runtime)
    monkeypatch.setattr(sessions.importlib, "import_module", lambda _name: package)
    sessions._register.cache_clear()
    try:
        assert sessions.available() == (CPU,)
    finally:
        sessions._register.cache_clear()


class Recorder:
    """onnxruntime that keeps what a session was made with."""

    class SessionOptions:
        enable_mem_pattern = True

        def add_session_config_entry(self, _key: str, _value: str) -> None:
            pass

    def __init__(self) -> None:
        self.options: Any = None
        self.providers: Any = None

    def InferenceSession(self, _content: bytes, options: Any, providers: Any) -> Any:
        self.options, self.providers = options, providers
        return type("Made", (), {"disable_fallback": lambda _self: None})()


def made_with(monkeypatch: pytest.MonkeyPatch, id_: str) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(sessions, "runtime", lambda: recorder)
    monkeypatch.setattr(sessions, "_devices", lambda _provider: [])
    sessions.make_session(b"", provider_of(id_))
    return recorder


def test_accelerators_are_told_not_to_round_more_than_the_graph_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorFloat-32 of CUDA and bfloat16 of OpenVINO give golden answers of small whole numbers all the same."""
    cuda = made_with(monkeypatch, "cuda").providers
    assert cuda == [("CUDAExecutionProvider", {"use_tf32": "0"}), (CPU.name, {})]
    (name, options), _cpu = made_with(monkeypatch, "openvino").providers
    assert name == "OpenVINOExecutionProvider"
    assert '"CPU": {"INFERENCE_PRECISION_HINT": "f32"}' in options["load_config"]


def test_directml_gets_no_memory_patterns_which_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made_with(monkeypatch, "directml").options.enable_mem_pattern is False
    assert made_with(monkeypatch, "cuda").options.enable_mem_pattern is True


def test_an_accelerator_runs_one_thing_at_a_time() -> None:
    """DirectML stalls or crashes where two threads run one session (onnxruntime 20713)."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event, Lock

    inside, most, busy, entered = 0, 0, Lock(), Event()

    class Slow:
        def run(self, _outputs: Sequence[str], _feed: Mapping[str, Any]) -> list[Any]:
            nonlocal inside, most
            with busy:
                inside += 1
                most = max(most, inside)
            entered.wait(0.02)
            with busy:
                inside -= 1
            return []

    session = OneAtATime(Slow())
    with ThreadPoolExecutor(4) as pool:
        assert [job.result() for job in [pool.submit(session.run, [], {}) for _ in range(8)]] == [[]] * 8
    assert most == 1
