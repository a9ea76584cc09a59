"""A provider is used because it proved right, never because it was asked for."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.i18n import using_language
from medgui.inference import providers
from medgui.inference.bundle import Bundle
from medgui.inference.providers import (
    CPU,
    Proven,
    Provider,
    candidates,
    largest_difference,
    prove,
    provider_of,
)
from medgui.paths import PACKAGE_DIR
from tests.helpers import bundles


class Fake:
    """A session that answers like the real one, off by *error*, and says that it holds *names*."""

    def __init__(self, real: Any, error: float, names: Sequence[str]) -> None:
        self.real, self.error, self.names = real, error, names

    def run(self, outputs: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        return [values + self.error for values in self.real.run(outputs, feed)]

    def get_providers(self) -> Sequence[str]:
        return self.names


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return bundles.equation_bundle(tmp_path)


@pytest.fixture
def single(tmp_path: Path) -> Bundle:
    return bundles.logistic_bundle(tmp_path)


def proven(
    bundle: Bundle, requested: str, answer: Callable[[Any, Provider], Any], kind: str | None = None
) -> Proven:
    from dataclasses import replace

    def make(content: bytes, provider: Provider) -> Any:
        real = providers.make_session(content, CPU)
        return real if provider == CPU else answer(real, provider)

    manifest = bundle.manifest if kind is None else replace(bundle.manifest, kind=kind)  # type: ignore[arg-type]
    return prove(bundle.content("model.onnx"), manifest, bundle.golden, requested, make)


def test_tables_run_on_the_cpu_and_images_try_accelerators_first() -> None:
    assert [each.id for each in candidates("auto", "risk")] == ["cpu"]
    assert candidates("auto", "image")[-1] == CPU
    assert "cuda" in [each.id for each in candidates("auto", "image")]
    assert [each.id for each in candidates("openvino", "risk")] == ["openvino", "cpu"]
    assert candidates("cpu", "risk") == (CPU,)


def test_a_provider_that_gives_the_golden_answers_is_used(bundle: Bundle) -> None:
    found = proven(bundle, "cuda", lambda real, wanted: Fake(real, 1e-7, [wanted.name]))
    assert found.provider == provider_of("cuda")
    assert found.note() == ""


def test_a_provider_with_other_answers_is_not_used_and_the_reason_is_told(bundle: Bundle) -> None:
    found = proven(bundle, "cuda", lambda real, wanted: Fake(real, 0.02, [wanted.name]))
    assert found.provider == CPU
    assert found.note() == "CUDA gave other answers than expected (largest difference 0.02)."


def test_a_silent_fallback_is_made_visible(bundle: Bundle) -> None:
    """onnxruntime lists CUDA on a machine without a GPU, then runs on the CPU without a word."""
    found = proven(bundle, "cuda", lambda real, _wanted: Fake(real, 0.0, [CPU.name]))
    assert found.provider == CPU
    assert found.note() == "CUDA did not start on this computer."


def test_a_provider_that_fails_is_not_used(single: Bundle) -> None:
    def fail(_real: Any, _provider: Provider) -> Any:
        raise RuntimeError("out of memory")

    found = proven(single, "directml", fail)
    assert found.provider == CPU
    assert found.note() == "DirectML cannot run this model."


def test_a_provider_that_answers_nothing_is_not_used(single: Bundle) -> None:
    found = proven(single, "coreml", lambda real, wanted: Fake(real, float("nan"), [wanted.name]))
    assert found.provider == CPU


def test_an_image_model_takes_the_first_accelerator_that_proves_right(single: Bundle) -> None:
    def answer(real: Any, wanted: Provider) -> Any:
        return Fake(real, 0.5 if wanted.id == "cuda" else 0.0, [wanted.name])

    found = proven(single, "auto", answer, kind="image")
    assert found.provider.id == "tensorrt_rtx"
    assert "CUDA" in found.note()


def test_a_provider_that_is_not_installed_is_named(bundle: Bundle) -> None:
    missing = next(each for each in providers.PROVIDERS if each not in providers.available())
    bundle.use(missing.id)
    assert bundle.provider == "CPU"
    assert bundle.provider_note == f"{missing.title} is not installed on this computer."
    with using_language("zh"):
        assert bundle.provider_note == f"本机未安装 {missing.title}。"


def test_a_model_that_not_even_the_cpu_runs_right_is_refused(bundle: Bundle) -> None:
    def make(content: bytes, _provider: Provider) -> Any:
        return Fake(providers.make_session(content, CPU), 0.1, [CPU.name])

    with pytest.raises(DamagedData, match="“equation” does not run"):
        prove(bundle.content("model.onnx"), bundle.manifest, bundle.golden, "auto", make)


def test_bytes_that_are_no_graph_are_refused(bundle: Bundle) -> None:
    with pytest.raises(DamagedData, match="CPU cannot run this model"):
        prove(b"no graph", bundle.manifest, bundle.golden)


def test_differences_are_relative_above_one_and_missing_must_stay_missing() -> None:
    expected = {"egfr": np.array([100.0, np.nan])}
    assert largest_difference({"egfr": np.array([101.0, np.nan])}, expected) == pytest.approx(0.01)
    assert largest_difference({"egfr": np.array([100.0, 5.0])}, expected) == float("inf")
    assert largest_difference({"egfr": np.array([np.nan, np.nan])}, expected) == float("inf")
    assert largest_difference({}, expected) == float("inf")


def test_another_choice_makes_a_new_session(bundle: Bundle) -> None:
    first = bundle.proven
    bundle.use("auto")
    assert bundle.proven is first
    bundle.use("cpu")
    assert bundle.proven is not first


def test_each_provider_that_is_here_is_used_where_it_proves_right_and_the_cpu_elsewhere() -> None:
    from medgui.inference.catalogue import Catalogue

    others = [each for each in providers.available() if each != CPU]
    if not others:
        pytest.skip("onnxruntime has no provider but the CPU here (make provider-test makes an environment)")
    for provider in others:
        for bundle in Catalogue.load(requested=provider.id):
            assert bundle.provider in (provider.title, "CPU")
            assert bundle.provider == provider.title or bundle.provider_note


def test_a_session_leaves_no_identifier_and_no_queue_of_telemetry(bundle: Bundle, tmp_path: Path) -> None:
    """onnxruntime 1.29 and later make both in the home folder, and send them, unless told not to (ADR 0015)."""
    home = tmp_path / "home"
    home.mkdir()
    source = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from medgui.inference.providers import CPU, make_session\n"
        "make_session(Path(sys.argv[1]).read_bytes(), CPU)\n"
        "time.sleep(1)\n"
    )
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "TMPDIR", "USERPROFILE")
    kept = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    done = subprocess.run(
        [sys.executable, "-c", source, str(bundle.folder / "model.onnx")],
        env={**kept, **dict.fromkeys(names, str(home))},
        cwd=PACKAGE_DIR.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []
