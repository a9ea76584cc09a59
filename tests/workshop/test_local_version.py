"""A recalibrated version is a whole, signed bundle whose every part follows from the original and the formula."""

import os
import random as chance
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from medgui.errors import OutputNotWritable, UserError
from medgui.evaluation.figures import logit, sigmoid
from medgui.explain import explain_rows
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.signatures import default_trust
from medgui.inference.verify import verify
from medgui.paths import user_data_dir
from medgui.validation.cohort import Roles
from medgui.validation.session import Judged, validate
from medgui.workshop import install as installing
from medgui.workshop.local_install import recalibrate_and_install
from medgui.workshop.local_version import next_version
from medgui.workshop.recalibrated_graph import fold_in
from medgui.workshop.toml_text import toml_text
from tests.helpers import bundles, cohorts

DAY = "2026-05-01"


def judged(folder: Path, people: int = 800, **truth: float) -> Judged:
    models = cohorts.catalogue(folder)
    lines = cohorts.rows(models.get("logistic"), people, **(truth or {"shift": 0.9}))  # type: ignore[arg-type]
    path = cohorts.write(folder / "cohort.csv", lines)
    return validate(models, "logistic", path, Roles(label="outcome"), day=DAY)


def installed(folder: Path) -> Catalogue:
    """The made-up originals and the clinic's own models."""
    trust = default_trust()
    keys = (*trust.keys, *bundles.TRUST.keys)
    return Catalogue.load_all([folder / "models", installing.own_models_dir()], type(trust)(keys))


def run(model: bytes, names: list[str], x: np.ndarray) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(model)
    kind = np.float64 if session.get_inputs()[0].type == "tensor(double)" else np.float32
    feed = {name: x[:, [i]].astype(kind) for i, name in enumerate(names)}
    return np.asarray(session.run(None, feed)[0], float).reshape(-1)


def test_the_new_version_answers_by_the_formula_and_is_sound(tmp_path: Path) -> None:
    result = recalibrate_and_install(judged(tmp_path))
    made = result["recalibration"]
    catalogue = installed(tmp_path)
    assert all(each.sound for each in verify(catalogue)), [each.problems for each in verify(catalogue)]
    old, new = catalogue.get("logistic"), catalogue.get("logistic_local")
    x = np.array([[50, 0, 90, 0], [70, 1, 140, 1], [36, 1, 75, 0]], float)
    expected = sigmoid(made["intercept"] + made["slope"] * logit(old.run(x)["risk"]))
    assert np.allclose(new.run(x)["risk"], expected, atol=1e-6)
    assert new.manifest.version == "1.0.0+local.1"


def test_the_manifest_says_where_it_comes_from_and_claims_no_external_validation(tmp_path: Path) -> None:
    recalibrate_and_install(judged(tmp_path))
    catalogue = installed(tmp_path)
    old, new = catalogue.get("logistic"), catalogue.get("logistic_local")
    lineage = new.manifest.lineage
    assert lineage is not None
    assert (lineage.made, lineage.model, lineage.version, lineage.sha256, lineage.date) == (
        "recalibrated",
        "logistic",
        "1.0.0",
        old.sha256,
        DAY,
    )
    assert "n 800" in lineage.data
    assert new.manifest.evidence == "demonstration"
    datasets = {row.dataset for row in new.manifest.evaluation}
    assert any("after recalibration, cross-validated" in name for name in datasets)
    assert any("before recalibration" in name for name in datasets)
    large = {
        row.dataset.rpartition("; ")[2]: row.value
        for row in new.manifest.evaluation
        if (row.metric, row.group) == ("calibration_in_the_large", "all")
    }
    assert abs(large["after recalibration, cross-validated"]) < abs(large["before recalibration"]) / 3
    assert new.manifest.inputs == old.manifest.inputs
    assert new.manifest.exclusions == old.manifest.exclusions


def test_a_grade_of_a_published_equation_is_not_handed_on(tmp_path: Path) -> None:
    names = ["age", "sex", "glucose", "cough"]
    inputs = [bundles.age(), bundles.sex(), bundles.number("glucose"), bundles.number("cough")]
    band = {"lo": 0, "hi": 0.1, "text": bundles.WORDS, "level": "info"}
    output = bundles.output("risk", bands=[band], bands_source=bundles.WORDS)
    table = bundles.manifest("logistic", inputs, [output], evidence="guideline")
    table["explanation"]["reference"] = {"age": "same", "sex": "female", "glucose": 90, "cough": 0}
    graph = bundles.linear_graph(names, {"risk": [0.05, 0.5, 0.01, 0.8, -6.0]})
    bundles.write(tmp_path / "models", table, graph, np.array([[50.0, 0, 80, 0]]))
    catalogue = Catalogue.load(tmp_path / "models", bundles.TRUST)
    lines = cohorts.rows(catalogue.get("logistic"), 800, shift=0.9)
    path = cohorts.write(tmp_path / "c.csv", lines)
    recalibrate_and_install(validate(catalogue, "logistic", path, Roles(label="outcome"), day=DAY))
    new = installed(tmp_path).get("logistic_local").manifest
    assert new.evidence == "trained, internally validated"
    assert all(not spec.bands and not spec.bands_source for spec in new.outputs)


def test_a_second_recalibration_replaces_the_first_and_keeps_it(tmp_path: Path) -> None:
    recalibrate_and_install(judged(tmp_path))
    made = recalibrate_and_install(judged(tmp_path, shift=-0.9))["recalibration"]
    assert made["version"] == "1.0.0+local.2"
    assert installed(tmp_path).get("logistic_local").manifest.version == "1.0.0+local.2"
    kept = user_data_dir() / made["archived"]
    assert tomllib.loads((kept / "manifest.toml").read_text())["version"] == "1.0.0+local.1"
    assert not installed(tmp_path).refused


def test_versions_are_counted_by_original() -> None:
    assert next_version("1.0.0", "") == "1.0.0+local.1"
    assert next_version("1.1.0", "1.0.0+local.3") == "1.1.0+local.4"


def test_trees_are_folded_into_leaves_so_that_their_explanation_stays_exact(tmp_path: Path) -> None:
    bundle = bundles.tree_bundle(tmp_path / "models")
    x = np.random.default_rng(1).normal(size=(40, 4)).astype(np.float32).astype(float)
    new = fold_in(bundle.content("model.onnx"), "risk", 0.7, 0.6)
    assert {node.op_type for node in onnx.load_model_from_string(new).graph.node} == {
        "Concat",
        "TreeEnsembleRegressor",
        "Sigmoid",
    }
    expected = sigmoid(0.7 + 0.6 * logit(bundle.run(x)["risk"]))
    assert np.allclose(run(new, list("abcd"), x), expected, atol=1e-6)
    folded = _with_graph(tmp_path / "folded", new)
    told = explain_rows(folded, x, "risk")
    total = told.baseline + np.asarray(told.contributions).sum(axis=1)
    assert np.allclose(total, folded.run(x)["risk"], atol=1e-5)


def _with_graph(folder: Path, graph: bytes) -> Bundle:
    return bundles.tree_bundle(folder, graph=onnx.load_model_from_string(graph))


def _probability(nodes: list[onnx.NodeProto]) -> bytes:
    """A graph a → risk in float32."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "g",
        [value("a", TensorProto.FLOAT, ["N", 1])],
        [value("risk", TensorProto.FLOAT, ["N", 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


@pytest.mark.parametrize(
    "nodes",
    [
        [helper.make_node("Sigmoid", ["a"], ["risk"])],
        [helper.make_node("Sigmoid", ["a"], ["s"]), helper.make_node("Identity", ["s"], ["risk"])],
        [helper.make_node("Tanh", ["a"], ["t"]), helper.make_node("Abs", ["t"], ["risk"])],
        [
            helper.make_node("Sigmoid", ["a"], ["s"]),
            helper.make_node("Mul", ["s", "s"], ["risk"]),
        ],
    ],
    ids=["sigmoid", "sigmoid_renamed", "other", "sigmoid_used_twice"],
)
def test_any_graph_of_a_probability_can_be_recalibrated(nodes: list[onnx.NodeProto]) -> None:
    model = _probability(nodes)
    x = np.array([[-2.0], [-0.4], [0.3], [1.7], [np.nan]])
    before = run(model, ["a"], x)
    after = run(fold_in(model, "risk", -0.5, 1.3), ["a"], x)
    assert np.allclose(after[:4], sigmoid(-0.5 + 1.3 * logit(before[:4])), atol=1e-6)
    assert np.isnan(after[4])


def test_only_the_named_output_changes() -> None:
    path = Catalogue.load().get("prevent")
    new = fold_in(path.content("model.onnx"), "cvd_10y", 0.4, 0.9)
    import onnxruntime

    golden = path.golden
    names = [spec.name for spec in path.manifest.inputs]
    session = onnxruntime.InferenceSession(new)
    feed = {name: golden.x[:, [i]] for i, name in enumerate(names)}
    answers = dict(zip([o.name for o in session.get_outputs()], session.run(None, feed), strict=True))
    for name, expected in golden.outputs.items():
        found = np.asarray(answers[name]).reshape(-1)
        if name == "cvd_10y":
            expected = sigmoid(0.4 + 0.9 * logit(expected))
        assert np.allclose(found, expected, equal_nan=True, atol=1e-9), name


def test_the_interval_table_is_moved_with_the_probability_and_never_narrower_than_the_fit_allows(
    tmp_path: Path,
) -> None:
    score = np.array([0.05, 0.2, 0.6])
    arrays = {
        "interval_score": score,
        "interval_lo": sigmoid(logit(score) - 0.3),
        "interval_hi": sigmoid(logit(score) + 0.3),
    }
    interval = {"kind": "model", "level": 0.9, "words": bundles.WORDS}
    bundle = bundles.tree_bundle(tmp_path / "models", arrays=arrays, interval=interval)
    catalogue = Catalogue.load(tmp_path / "models", bundles.TRUST)
    random = np.random.default_rng(2)
    x = random.normal(size=(900, 4)).astype(np.float32).astype(float)
    y = random.random(900) < sigmoid(0.8 + logit(bundle.run(x)["risk"]))
    lines = [[*(repr(float(v)) for v in row), str(int(out))] for row, out in zip(x, y, strict=True)]
    path = cohorts.write(tmp_path / "c.csv", lines, ("a", "b", "c", "d", "outcome"))
    one = validate(catalogue, "trees", path, Roles(label="outcome"), day=DAY)
    made = recalibrate_and_install(one)["recalibration"]
    table = installed(tmp_path).get("trees_local").reference.intervals["risk"]
    assert np.allclose(logit(table.score), made["intercept"] + made["slope"] * logit(score))
    assert (table.lo < table.score).all()
    assert (table.score < table.hi).all()
    assert (logit(table.hi) - logit(table.lo) > 0.6 * made["slope"]).all()


@pytest.mark.parametrize(
    ("people", "truth", "said"),
    [(800, {"shift": 0.0, "slope": 1.0}, "stays as it is"), (60, {"shift": 0.9}, "too few to recalibrate")],
)
def test_what_should_not_be_recalibrated_is_refused_and_nothing_is_made(
    tmp_path: Path, people: int, truth: dict[str, float], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        recalibrate_and_install(judged(tmp_path, people, **truth))
    assert not installing.own_models_dir().exists()


def test_a_recalibrated_version_is_not_recalibrated_again(tmp_path: Path) -> None:
    recalibrate_and_install(judged(tmp_path))
    catalogue = installed(tmp_path)
    one = validate(catalogue, "logistic_local", tmp_path / "cohort.csv", Roles(label="outcome"), day=DAY)
    assert any("this very cohort" in note["sentence"] for note in one.result["cohort"]["notes"])
    with pytest.raises(UserError, match="recalibrate the original “logistic”"):
        recalibrate_and_install(one)


def test_without_the_onnx_package_it_is_said_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = judged(tmp_path)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(UserError, match="the extra “train”"):
        recalibrate_and_install(one)
    assert not installing.own_models_dir().exists()


def test_a_full_disk_leaves_the_former_version_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recalibrate_and_install(judged(tmp_path))
    one = judged(tmp_path, shift=-0.9)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as patched:
        patched.setattr(installing, "write_atomic", full)
        with pytest.raises(OutputNotWritable, match="the disk is full"):
            recalibrate_and_install(one)
    catalogue = installed(tmp_path)
    assert not catalogue.refused
    assert catalogue.get("logistic_local").manifest.version == "1.0.0+local.1"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_kill_at_any_moment_leaves_the_old_version_the_new_one_or_the_original(tmp_path: Path) -> None:
    """After each kill every other model runs, and the next recalibration goes through."""
    recalibrate_and_install(judged(tmp_path))
    judged(tmp_path, shift=-0.9)
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.workshop import test_local_version as t\n"
        "catalogue = t.cohorts.Catalogue.load(Path(sys.argv[1]) / 'models', t.bundles.TRUST)\n"
        "path, roles = Path(sys.argv[1]) / 'cohort.csv', t.Roles(label='outcome')\n"
        "one = t.validate(catalogue, 'logistic', path, roles, day=t.DAY)\n"
        "sys.stdout.write('.'); sys.stdout.flush()\n"
        "t.recalibrate_and_install(one)\n"
    )
    own = chance.Random(5)
    for _round in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.read(1)
        time.sleep(own.uniform(0.0, 0.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        catalogue = installed(tmp_path)
        assert "logistic" in catalogue.bundles
        if "logistic_local" in catalogue.bundles:
            assert all(each.sound for each in verify(catalogue))
    made = recalibrate_and_install(judged(tmp_path, shift=-0.9))["recalibration"]
    catalogue = installed(tmp_path)
    assert catalogue.get("logistic_local").manifest.version == made["version"]
    assert not catalogue.refused


def test_a_manifest_comes_back_from_its_toml() -> None:
    for path in Path("models").glob("*/manifest.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        assert tomllib.loads(toml_text(table)) == table
    odd = {"a": {"b.c": 1e-300, "d": [1, 2.5]}, "t": 'é\n"\\', "x": [{"y": {"z": {"q": True}}}]}
    assert tomllib.loads(toml_text(odd)) == odd
