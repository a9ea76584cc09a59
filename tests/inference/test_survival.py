"""A survival curve is run for one patient, held against its golden answers, and refused where it is none."""

import io
from pathlib import Path

import numpy as np
import pytest

from medgui.errors import DamagedData
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.providers import CPU, Provider, make_session, prove
from medgui.inference.survival import CurveFault, patient_curve, sound
from medgui.inference.verify import verify
from tests.helpers import bundles


def expected(age: float, glucose: float) -> np.ndarray:
    margin = 0.03 * age + 0.005 * glucose - 2.0
    return np.exp(-np.exp(margin) * np.array(bundles.HAZARD))


def test_the_curve_of_one_patient_lies_in_its_limits(tmp_path: Path) -> None:
    found = patient_curve(bundles.survival_bundle(tmp_path), np.array([50.0, 100.0]), 0.4)
    np.testing.assert_allclose(found.values, expected(50, 100), atol=1e-12)
    assert found.lo is not None
    assert found.hi is not None
    assert (found.lo <= found.values).all()
    assert (found.values <= found.hi).all()


def test_without_a_table_of_limits_the_curve_stands_alone(tmp_path: Path) -> None:
    found = patient_curve(bundles.survival_bundle(tmp_path, arrays={}), np.array([50.0, 100.0]), 0.4)
    assert found.lo is None
    assert found.hi is None


def test_a_missing_input_is_integrated_over_the_reference_rows(tmp_path: Path) -> None:
    model = bundles.survival_bundle(tmp_path, arrays={})
    found = patient_curve(model, np.array([50.0, np.nan]), 0.4).values
    np.testing.assert_allclose(found, np.mean([expected(50, g) for g in (80, 100, 160)], axis=0), atol=1e-12)
    risk = evaluate(model, np.array([[50.0, np.nan]])).outputs["risk"][0]
    assert found[-1] == pytest.approx(1 - risk, abs=1e-12)


@pytest.mark.parametrize(
    "hazard", [(0.3, 0.1, 0.6), (float("nan"), 0.2, 0.6), (-0.5, 0.2, 0.6)], ids=["rising", "nan", "above 1"]
)
def test_a_curve_that_is_none_is_a_fault_in_words(tmp_path: Path, hazard: tuple[float, ...]) -> None:
    model = bundles.survival_bundle(tmp_path, hazard)
    with pytest.raises(CurveFault, match="no valid survival curve"):
        patient_curve(model, np.array([50.0, 100.0]), 0.4)


def test_rounding_is_no_rise() -> None:
    assert sound(np.array([0.9, 0.8, 0.8 + 1e-9]), 3)
    assert not sound(np.array([0.9, 0.8]), 3)


def test_scoring_a_table_never_runs_the_curve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = bundles.survival_bundle(tmp_path)
    assert model.provider == "CPU"
    monkeypatch.setattr(Bundle, "curves", None)
    found = evaluate(model, np.array([[50.0, 100.0], [60.0, 120.0]]))
    assert np.isfinite(found.outputs["risk"]).all()


def rewritten(folder: Path, name: str, **arrays: np.ndarray) -> Catalogue:
    path = folder / "survival" / name
    with np.load(io.BytesIO(path.read_bytes())) as archive:
        kept = {key: archive[key] for key in archive.files} | arrays
    content = bundles.npz({key: value for key, value in kept.items() if value.size})
    manifest = folder / "survival" / "manifest.toml"
    old = bundles.hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(content)
    text = manifest.read_text(encoding="utf-8").replace(old, bundles.hashlib.sha256(content).hexdigest())
    manifest.write_text(text, encoding="utf-8")
    bundles.resign(folder)
    return Catalogue.load(folder, bundles.TRUST)


def test_golden_answers_without_the_curve_do_not_fit(tmp_path: Path) -> None:
    bundles.survival_bundle(tmp_path)
    model = rewritten(tmp_path, "golden.npz", curve=np.empty(0)).get("survival")
    with pytest.raises(DamagedData, match="does not fit the model"):
        model.run(np.array([[50.0, 100.0]]))


def test_a_graph_whose_curve_is_not_the_golden_one_does_not_run(tmp_path: Path) -> None:
    bundles.survival_bundle(tmp_path)
    model = rewritten(tmp_path, "golden.npz", curve=np.full((3, 3), 0.5)).get("survival")
    with pytest.raises(DamagedData, match="other answers than expected"):
        model.run(np.array([[50.0, 100.0]]))


def test_a_graph_without_the_curve_does_not_run(tmp_path: Path) -> None:
    survival = {**bundles.SURVIVAL, "times": [1.0, 2.0]}
    with pytest.raises(DamagedData, match="does not fit"):
        bundles.survival_bundle(tmp_path, survival=survival).run(np.array([[50.0, 100.0]]))


def test_limits_of_another_shape_are_found_by_verify(tmp_path: Path) -> None:
    bundles.survival_bundle(tmp_path)
    catalogue = rewritten(tmp_path, "reference.npz", survival_lo=np.zeros((3, 2)))
    (found,) = verify(catalogue, "survival")
    assert any("survival_score" in problem or "survival_lo" in problem for problem in found.problems)


def test_a_provider_whose_curve_differs_is_not_used(tmp_path: Path) -> None:
    model = bundles.survival_bundle(tmp_path)

    class Off:
        """Right in the risk, wrong in the curve."""

        def __init__(self, inner: object, provider: Provider) -> None:
            self.inner, self.provider = inner, provider

        def run(self, outputs: list[str], feed: dict[str, np.ndarray]) -> list[np.ndarray]:
            answers = self.inner.run(outputs, feed)  # type: ignore[attr-defined]
            return [a * 0.99 if name == "curve" else a for name, a in zip(outputs, answers, strict=True)]

        def get_providers(self) -> list[str]:
            return [self.provider.name]

    def make(content: bytes, provider: Provider) -> object:
        inner = make_session(content, CPU)
        return inner if provider == CPU else Off(inner, provider)

    proven = prove(model.content("model.onnx"), model.manifest, model.golden, "cuda", make)  # type: ignore[arg-type]
    assert proven.provider == CPU
    assert "other answers" in proven.note()
