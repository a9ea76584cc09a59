"""A bundle that is not what it should be: one clear sentence, the other models go on, nothing half-written."""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from onnx import TensorProto, helper, numpy_helper

from medgui.cli import main
from medgui.inference.sign import sign_folder
from medgui.inference.signatures import signed_text
from medgui.paths import user_data_dir
from tests.helpers import bundles

Capture = pytest.CaptureFixture[str]
NAMES = ["age", "sex", "glucose", "cough"]
ROWS = "age,sex,glucose,cough\n50,female,100,1\n"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a bundle `logistic` to be spoilt and a sound one, signed by a key that the clinic trusts."""
    folder = tmp_path / "models"
    bundles.logistic_bundle(folder)
    bundles.equation_bundle(folder)
    keys = user_data_dir() / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    pem = bundles.KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (keys / "clinic.pub").write_bytes(pem)
    monkeypatch.setenv("MEDGUI_MODELS_DIR", str(folder))
    return folder


def refused(folder: Path, capsys: Capture, *, at_load: bool = True, model: str = "logistic") -> str:
    """Run the commands on a bad `logistic`; give the sentence that each of them says."""
    capsys.readouterr()
    source, target = folder.parent / "in.csv", folder.parent / "out.csv"
    source.write_text(ROWS, encoding="utf-8")
    target.write_text("old", encoding="utf-8")
    assert main(["score", model, str(source), "-o", str(target)]) == 4
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in folder.parent.glob("*.part")) == []
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    assert "Traceback" not in said
    assert main(["models", "verify", "--json"]) == 4
    checked = json.loads(capsys.readouterr().out)
    assert model in checked["refused"]
    assert main(["models", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert "equation" in {each["id"] for each in listed["models"]}
    assert (model in listed["refused"]) == at_load
    source.write_text("age,pressure,bmi\n50,140,28\n", encoding="utf-8")
    assert main(["score", "equation", str(source), "-o", str(target)]) == 0
    return said


def rewrite(folder: Path, name: str, content: bytes) -> None:
    """Put *content* in a file of the bundle, as its maker would: hashed in the manifest and signed."""
    target = folder / "logistic"
    manifest = target / "manifest.toml"
    old = hashlib.sha256((target / name).read_bytes()).hexdigest()
    (target / name).write_bytes(content)
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(old, hashlib.sha256(content).hexdigest()), encoding="utf-8")
    bundles.resign(folder)


def sign_as_it_is(folder: Path) -> None:
    """Sign without the checks that the signing command makes."""
    body = signed_text(folder, "tests", "2026-01-01", bundles.PUBLIC)
    signature = base64.b64encode(bundles.KEY.sign(body))
    (folder / "SIGNATURES").write_bytes(body + b"signature: " + signature + b"\n")


def regraph(folder: Path, change: Callable[[onnx.ModelProto], object]) -> None:
    path = folder / "logistic" / "model.onnx"
    model = onnx.load_from_string(path.read_bytes())
    change(model)
    rewrite(folder, "model.onnx", model.SerializeToString())


def external(model: onnx.ModelProto, where: str = "../../secret.bin") -> None:
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", where


def external_constant(model: onnx.ModelProto) -> None:
    value = numpy_helper.from_array(np.array([1.0], np.float32), "c")
    value.ClearField("raw_data")
    value.external_data.add(key="location", value="weights.bin")
    model.graph.node.append(helper.make_node("Constant", [], ["extra"], value=value))


def custom(model: onnx.ModelProto) -> None:
    model.graph.node.append(helper.make_node("Wizard", ["age"], ["magic"], domain="com.example"))


def unknown(model: onnx.ModelProto) -> None:
    model.graph.node.append(helper.make_node("Wizardry", ["age"], ["magic"]))


def loop(model: onnx.ModelProto) -> None:
    body = helper.make_graph([], "body", [], [])
    model.graph.node.append(helper.make_node("Loop", ["", ""], ["looped"], body=body))


def hidden_branch(model: onnx.ModelProto) -> None:
    model.graph.node.append(
        helper.make_node("Identity", ["age"], ["b"], then_branch=helper.make_graph([], "b", [], []))
    )


def dice(model: onnx.ModelProto) -> None:
    model.graph.node.append(helper.make_node("RandomNormal", [], ["noise"], shape=[1]))


def bomb(model: onnx.ModelProto) -> None:
    model.graph.initializer.append(
        TensorProto(name="big", data_type=TensorProto.FLOAT, dims=[1 << 40], raw_data=b"\0" * 4)
    )


def sparse(model: onnx.ModelProto) -> None:
    values = numpy_helper.from_array(np.array([1.0], np.float32), "thin")
    places = numpy_helper.from_array(np.array([0], np.int64), "thin_places")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [1 << 40]))


def functions(model: onnx.ModelProto) -> None:
    model.functions.append(
        helper.make_function("own", "f", ["x"], ["y"], [helper.make_node("Neg", ["x"], ["y"])], [])
    )


def other_input(model: onnx.ModelProto) -> None:
    model.graph.input.append(helper.make_tensor_value_info("height", TensorProto.FLOAT, ["N", 1]))


def no_input(model: onnx.ModelProto) -> None:
    del model.graph.input[3]


def wide_input(model: onnx.ModelProto) -> None:
    model.graph.input[2].type.tensor_type.shape.dim[1].dim_value = 2


def other_type(model: onnx.ModelProto) -> None:
    model.graph.input[2].type.tensor_type.elem_type = TensorProto.DOUBLE


def no_output(model: onnx.ModelProto) -> None:
    model.graph.output[0].name = "chance"


def text_output(model: onnx.ModelProto) -> None:
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.STRING


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (external, "another file"),
        (lambda model: external(model, "weights.bin"), "another file"),
        (external_constant, "another file"),
        (custom, "com.example.Wizard"),
        (loop, "loop or branch (Loop)"),
        (hidden_branch, "loop or branch"),
        (dice, "random numbers"),
        (bomb, "larger than what the file holds"),
        (sparse, "sparse"),
        (functions, "functions of its own"),
        (other_input, "asks for height"),
        (no_input, "no input cough"),
        (wide_input, "the input glucose is no column of float32"),
        (other_type, "the input glucose is no column of float32"),
        (no_output, "no output risk"),
        (text_output, "the output risk is no column"),
    ],
)
def test_a_graph_that_is_not_allowed_is_refused_when_it_is_loaded(
    models: Path, capsys: Capture, change: Callable[[onnx.ModelProto], object], words: str
) -> None:
    regraph(models, change)
    said = refused(models, capsys)
    assert words in said
    assert "logistic/model.onnx" in said


def test_an_operator_that_the_standard_does_not_know_is_refused_in_use(models: Path, capsys: Capture) -> None:
    regraph(models, unknown)
    assert "cannot run this model" in refused(models, capsys, at_load=False)


def test_bytes_that_are_no_graph_are_refused(models: Path, capsys: Capture) -> None:
    rewrite(models, "model.onnx", b"\x3a\xff not a graph")
    assert "is not an ONNX model" in refused(models, capsys)


def test_a_graph_larger_than_any_table_model_is_refused(
    models: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medgui.inference.graph_rules.LARGEST_TABLE", 300)
    equation = models / "equation" / "model.onnx"
    assert equation.stat().st_size > 300
    catalogue = [bundle.id for bundle in bundles.Catalogue.load(models, bundles.TRUST)]
    assert catalogue == []


def test_an_empty_attribute_is_refused_by_its_key(models: Path, capsys: Capture) -> None:
    path = models / "logistic" / "manifest.toml"
    text = path.read_text(encoding="utf-8")
    head, attributes = text.split("[attributes]", 1)
    path.write_text(head + "[attributes]" + attributes.replace("words", "", 1), encoding="utf-8")
    sign_as_it_is(models)
    assert "attributes." in refused(models, capsys)


def test_an_unsigned_bundle_is_refused(models: Path, capsys: Capture) -> None:
    listed = (models / "SIGNATURES").read_bytes()
    shutil.copytree(models / "logistic", models / "copy")
    assert (models / "SIGNATURES").read_bytes() == listed
    assert "is not signed" in refused(models, capsys, model="copy")


def test_a_bundle_signed_again_by_a_stranger_is_refused(
    models: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_folder(models, Ed25519PrivateKey.generate(), "stranger", "2026-01-01")
    (tmp_path / "in.csv").write_text(ROWS, encoding="utf-8")
    assert main(["score", "logistic", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")]) == 4
    assert "a key that is not trusted here" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
    assert main(["models", "verify"]) == 4
    assert main(["models", "list"]) == 0
    assert "equation is refused" in capsys.readouterr().out


def test_the_signatures_of_another_folder_do_not_count(models: Path, capsys: Capture, tmp_path: Path) -> None:
    other = tmp_path / "other"
    bundles.logistic_bundle(other, version="2.0.0")
    shutil.copy(other / "SIGNATURES", models / "SIGNATURES")
    assert main(["models", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["models"] == []
    assert "was changed after it was signed" in listed["refused"]["logistic"]
    assert "is not signed" in listed["refused"]["equation"]


@pytest.mark.parametrize("name", ["../outside/x", "logistic/../../x", "/etc/x", "..\\x", "C:\\x", "C:/x"])
def test_a_signed_list_that_names_files_elsewhere_is_damaged(
    models: Path, capsys: Capture, name: str
) -> None:
    lines = (models / "SIGNATURES").read_bytes().rpartition(b"\nsignature: ")[0].decode().split("\n")
    lines.insert(6, f"{'0' * 64}  {name}")
    body = ("\n".join(lines) + "\n").encode()
    signature = base64.b64encode(bundles.KEY.sign(body))
    (models / "SIGNATURES").write_bytes(body + b"signature: " + signature + b"\n")
    assert main(["models", "list", "--json"]) == 0
    assert "SIGNATURES is damaged" in json.loads(capsys.readouterr().out)["refused"]["logistic"]


@pytest.mark.skipif(sys.platform == "win32", reason="making a link needs a right that users lack")
@pytest.mark.parametrize("kind", ["file", "folder", "bundle"])
def test_a_link_in_a_bundle_is_refused(models: Path, capsys: Capture, tmp_path: Path, kind: str) -> None:
    target = models / "logistic"
    if kind == "file":
        shutil.move(target / "reference.npz", tmp_path / "reference.npz")
        (target / "reference.npz").symlink_to(tmp_path / "reference.npz")
    elif kind == "folder":
        (target / "more").symlink_to(tmp_path)
    else:
        shutil.move(target, tmp_path / "elsewhere")
        target.symlink_to(tmp_path / "elsewhere")
    assert "is a link" in refused(models, capsys)


def test_golden_answers_that_disagree_stop_the_model(models: Path, capsys: Capture) -> None:
    arrays = dict(np.load(models / "logistic" / "golden.npz"))
    arrays["risk"] = arrays["risk"] + 0.01
    rewrite(models, "golden.npz", bundles.npz(arrays))
    assert "other answers than expected" in refused(models, capsys, at_load=False)


def pickled() -> bytes:
    return bundles.npz({"background": np.array([{"a": 1}], dtype=object)})


@pytest.mark.parametrize("content", [pickled(), b"PK\x03\x04 cut", pickle.dumps([1]), b""])
def test_reference_data_with_pickles_or_damage_are_refused(
    models: Path, capsys: Capture, content: bytes
) -> None:
    rewrite(models, "reference.npz", content)
    assert "reference.npz is damaged" in refused(models, capsys, at_load=False)


def test_arrays_that_would_fill_the_memory_are_not_unpacked(
    models: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medgui.inference.bundle.LARGEST_ARRAYS", 1000)
    rewrite(models, "reference.npz", bundles.npz({"background": np.zeros((500, 4))}))
    assert "reference.npz is damaged" in refused(models, capsys, at_load=False)


@pytest.mark.parametrize("answer", [np.nan, 0.0, 1.0, np.inf])
def test_an_answer_that_is_none_is_a_fault_and_no_number(
    models: Path, capsys: Capture, tmp_path: Path, answer: float
) -> None:
    model = bundles._model(
        [
            helper.make_node("Mul", ["age", "zero"], ["nothing"]),
            helper.make_node("Add", ["nothing", "answer"], ["risk"]),
        ],
        NAMES,
        ["risk"],
        TensorProto.FLOAT,
        {"zero": np.array([0.0], np.float32), "answer": np.array([answer], np.float32)},
    )
    arrays: dict[str, Any] = dict(np.load(models / "logistic" / "golden.npz"))
    arrays["risk"] = np.full(len(arrays["x"]), answer)
    rewrite(models, "golden.npz", bundles.npz(arrays))
    rewrite(models, "model.onnx", model.SerializeToString())
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(ROWS, encoding="utf-8")
    code = main(["score", "logistic", str(source), "-o", str(target)])
    assert code == 0
    assert target.read_text(encoding="utf-8").splitlines()[1].split(",")[4:] == ["", "failed", "fault:risk"]


def test_a_second_model_of_the_same_id_is_said_and_the_shipped_one_counts(
    models: Path, capsys: Capture, tmp_path: Path
) -> None:
    own = user_data_dir() / "models"
    bundles.logistic_bundle(own, version="9.0.0")
    assert main(["models", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    versions = {each["id"]: each["version"] for each in listed["models"]}
    assert versions["logistic"] == "1.0.0"
    assert "another model of this id" in listed["refused"]["models/logistic"]
    assert main(["models", "verify"]) == 4
    assert "models/logistic" in capsys.readouterr().err


def test_a_damaged_list_of_the_clinics_own_folder_leaves_the_shipped_models(
    models: Path, capsys: Capture
) -> None:
    own = user_data_dir() / "models"
    bundles.tree_bundle(own)
    (own / "SIGNATURES").write_bytes(b"nonsense")
    assert main(["models", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {each["id"] for each in listed["models"]} == {"equation", "logistic"}
    assert "SIGNATURES is damaged" in listed["refused"]["trees"]
