"""Small made-up bundles, signed by a key that is made here: an equation with two outputs, a logistic model, trees."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from medgui.inference.attributes import ATTRIBUTES
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.sign import sign_folder
from medgui.inference.signatures import PublicKey, Trust

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
TRUST = Trust((PublicKey(PUBLIC, "clinic", "test"),))
WORDS = {"en": "words", "zh": "文字"}

Arrays = Mapping[str, NDArray[Any]]


def toml(table: Mapping[str, Any], prefix: str = "") -> str:
    """Write a nested dictionary as TOML: plain keys, inline tables for texts, tables, arrays of tables."""
    lines, later = [], []
    for key, value in table.items():
        name = json.dumps(key) if not key.isidentifier() else key
        if isinstance(value, list) and value and isinstance(value[0], dict):
            later += [f"[[{prefix}{name}]]\n{toml(item, f'{prefix}{name}.')}" for item in value]
        elif isinstance(value, dict) and not set(value) <= {"en", "zh"}:
            later.append(f"[{prefix}{name}]\n{toml(value, f'{prefix}{name}.')}")
        else:
            lines.append(f"{name} = {_value(value)}")
    return "\n".join([*lines, "", *later])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, float) and np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return json.dumps(value, ensure_ascii=False)


def manifest(
    bundle_id: str, inputs: list[dict[str, Any]], outputs: list[dict[str, Any]], **changes: Any
) -> dict:
    """A complete manifest as a dictionary; *changes* replace its keys."""
    table: dict[str, Any] = {
        "schema": 1,
        "id": bundle_id,
        "version": "1.0.0",
        "kind": "risk",
        "evidence": "demonstration",
        "licence": "Apache-2.0",
        "data_licence": "made up",
        "citation": "none",
        **dict.fromkeys(("title", "name", "summary", "intended_use", "not_for", "indication"), WORDS),
        "inputs": inputs,
        "outputs": outputs,
        "explanation": {"method": "enumeration", "baseline_name": WORDS, "reference": {}},
        "interval": {"kind": "none"},
        "attributes": dict.fromkeys(ATTRIBUTES, WORDS),
    }
    table.update(changes)
    return table


def number(name: str, **keys: Any) -> dict[str, Any]:
    """A required number with bounds 0 to 300."""
    base = {"name": name, "unit": "mg/dL", "required": True, "missing": "refuse"}
    return {**base, "accepted": [0, 300], "accepted_source": "made up", **keys}


def age(**keys: Any) -> dict[str, Any]:
    """The age in years, accepted from 18 to 100."""
    return number("age", **{"unit": "a", "accepted": [18, 100], **keys})


def sex(**keys: Any) -> dict[str, Any]:
    """Sex with female 0, male 1."""
    base = {"name": "sex", "unit": "1", "required": True, "missing": "refuse"}
    return {**base, "categories": {"female": 0, "male": 1}, **keys}


def output(name: str, **keys: Any) -> dict[str, Any]:
    """A probability."""
    base = {"name": name, "unit": "1", "title": WORDS, "short_title": WORDS, "event": WORDS}
    return {**base, "scale": [0, 1], **keys}


def write(
    folder: Path,
    table: dict[str, Any],
    graph: onnx.ModelProto,
    golden: NDArray[Any],
    reference: Arrays | None = None,
) -> Path:
    """Write a bundle below *folder* and sign the folder again; give the bundle's folder."""
    import onnxruntime

    target = folder / table["id"]
    target.mkdir(parents=True, exist_ok=True)
    files = {"model.onnx": graph.SerializeToString(), "recipe.py": b'"""Made by the tests."""\n'}
    session = onnxruntime.InferenceSession(files["model.onnx"])
    dtype = np.float64 if table.get("float64") else np.float32
    feed = {spec["name"]: golden[:, [place]].astype(dtype) for place, spec in enumerate(table["inputs"])}
    names = [spec["name"] for spec in table["outputs"]]
    answers = session.run(names, feed)
    expected = {
        name: np.asarray(values, float).reshape(-1) for name, values in zip(names, answers, strict=True)
    }
    if "survival" in table:
        curve = table["survival"]["output"]
        expected[curve] = np.asarray(session.run([curve], feed)[0], float)
    files["golden.npz"] = npz({"x": golden, **expected})
    if reference is not None:
        files["reference.npz"] = npz(reference)
    for name, content in files.items():
        (target / name).write_bytes(content)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (target / "manifest.toml").write_text(toml({**table, "hashes": hashes}), encoding="utf-8")
    resign(folder)
    return target


def resign(folder: Path) -> None:
    """Sign the folder with the key of the tests."""
    sign_folder(folder, KEY, "tests", "2026-01-01")


def npz(arrays: Arrays) -> bytes:
    """The bytes of an `.npz` file."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def load(folder: Path, bundle_id: str) -> Bundle:
    """Open one bundle of a folder signed by the tests."""
    return Catalogue.load(folder, TRUST).get(bundle_id)


def _model(
    nodes: list[Any], names: list[str], outputs: list[str], kind: int, constants: Arrays
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(name, kind, ["N", 1]) for name in names],
        [helper.make_tensor_value_info(name, kind, ["N", 1]) for name in outputs],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def linear_graph(
    names: list[str], weights: Mapping[str, list[float]], *, logistic: bool = True, float64: bool = False
) -> onnx.ModelProto:
    """For each output (weights, then the constant): logistic or plain sum. Inputs of weight 0 are not used."""
    dtype = np.float64 if float64 else np.float32
    nodes, constants = [], {}
    for name, row in weights.items():
        used = [place for place in range(len(names)) if row[place]]
        nodes.append(helper.make_node("Concat", [names[place] for place in used], [f"{name}_x"], axis=1))
        constants[f"{name}_w"] = np.array([[row[place]] for place in used], dtype)
        constants[f"{name}_b"] = np.array([row[-1]], dtype)
        nodes.append(helper.make_node("MatMul", [f"{name}_x", f"{name}_w"], [f"{name}_m"]))
        last = name if not logistic else f"{name}_s"
        nodes.append(helper.make_node("Add", [f"{name}_m", f"{name}_b"], [last]))
        if logistic:
            nodes.append(helper.make_node("Sigmoid", [last], [name]))
    kind = TensorProto.DOUBLE if float64 else TensorProto.FLOAT
    return _model(nodes, names, list(weights), kind, constants)


def logistic_bundle(folder: Path, **changes: Any) -> Bundle:
    """age, sex, optional glucose and cough (integrated over 4 reference rows) → risk."""
    inputs = [
        age(seen=[30, 80]),
        sex(),
        number(
            "glucose",
            required=False,
            missing="background",
            variation=["cv", 0.06],
            variation_source="made up",
        ),
        {"name": "cough", "unit": "1", "required": False, "missing": "background"},
    ]
    reference = {"age": "same", "sex": "female", "glucose": 90, "cough": 0}
    keys = {
        "explanation": {"method": "enumeration", "baseline_name": WORDS, "reference": reference},
        **changes,
    }
    table = manifest("logistic", inputs, [output("risk")], **keys)
    graph = linear_graph(["age", "sex", "glucose", "cough"], {"risk": [0.05, 0.5, 0.01, 0.8, -6.0]})
    background = np.array([[50, 0, 80, 0], [60, 1, 100, 1], [55, 0, 100, 0], [45, 1, 160, 0]], float)
    arrays = (
        {"background": background, **changes.pop("arrays", {})} if changes else {"background": background}
    )
    write(folder, table, graph, background, arrays)
    return load(folder, "logistic")


def equation_bundle(folder: Path, **changes: Any) -> Bundle:
    """Float64, two outputs: `soon` (age, pressure) and `late` (also bmi; own age 30-59), an optional uacr (graph)."""
    inputs = [
        age(),
        number("pressure", unit="mm[Hg]", accepted=[90, 180], plausible=[100, 160]),
        number("bmi", unit="kg/m2", accepted=[18, 40], plausible=[20, 35], outputs=["late"]),
        number("uacr", unit="mg/g", accepted=[0.1, 25000], required=False, missing="graph"),
    ]
    inputs[1] |= {"variation": ["sd", 8.0], "variation_source": "made up", "seen": [95, 170]}
    outputs = [output("soon"), output("late", age=[30, 59], age_reason=WORDS)]
    reference = {"age": "same", "pressure": 120, "bmi": 25}
    keys = {
        "float64": True,
        "explanation": {"method": "enumeration", "baseline_name": WORDS, "reference": reference},
        "interval": {"kind": "input_variation", "level": 0.9, "words": WORDS},
        **changes,
    }
    names = [spec["name"] for spec in inputs]
    weights = {"soon": [0.06, 0.02, 0.0, 0.0, -8.0], "late": [0.04, 0.015, 0.05, 0.0, -6.0]}
    golden = np.array([[50, 140, 28, np.nan], [70, 120, 22, 10]], float)
    write(
        folder,
        manifest("equation", inputs, outputs, **keys),
        linear_graph(names, weights, float64=True),
        golden,
    )
    return load(folder, "equation")


SURVIVAL = {
    "output": "curve",
    "times": [1.0, 2.0, 5.0],
    "unit": "a",
    "title": {"en": "Free of it", "zh": "未发生"},
}
HAZARD = (0.1, 0.25, 0.6)


def survival_bundle(folder: Path, hazard: tuple[float, ...] = HAZARD, **changes: Any) -> Bundle:
    """age and optional glucose → risk at the last time, and a curve: exp(-exp(margin) x hazard)."""
    names = ["age", "glucose"]
    inputs = [age(), number("glucose", required=False, missing="background")]
    arrays = {
        "margin_w": np.array([[0.03], [0.005]]),
        "margin_b": np.array([-2.0]),
        "hazard": -np.array([hazard]),
        "last": np.array([len(hazard) - 1]),
        "one": np.array(1.0),
    }
    nodes = [
        helper.make_node("Concat", names, ["x"], axis=1),
        helper.make_node("MatMul", ["x", "margin_w"], ["weighed"]),
        helper.make_node("Add", ["weighed", "margin_b"], ["margin"]),
        helper.make_node("Exp", ["margin"], ["relative"]),
        helper.make_node("Mul", ["relative", "hazard"], ["logs"]),
        helper.make_node("Exp", ["logs"], ["curve"]),
        helper.make_node("Gather", ["curve", "last"], ["left"], axis=1),
        helper.make_node("Sub", ["one", "left"], ["risk"]),
    ]
    graph = _model(nodes, names, ["risk"], TensorProto.DOUBLE, arrays)
    graph.graph.output.append(helper.make_tensor_value_info("curve", TensorProto.DOUBLE, ["N", len(hazard)]))
    background = np.array([[50, 80], [60, 100], [55, 160]], float)
    score = np.array([0.01, 0.5, 0.99])
    limits = {
        "survival_score": score,
        "survival_lo": np.tile([0.2, 0.1, 0.0], (3, 1)),
        "survival_hi": np.tile([1.0, 0.9, 0.8], (3, 1)),
    }
    explanation = {
        "method": "enumeration",
        "baseline_name": WORDS,
        "reference": {"age": "same", "glucose": 90},
    }
    keys = {"float64": True, "explanation": explanation, "survival": SURVIVAL, **changes}
    reference = {"background": background, **keys.pop("arrays", limits)}
    write(folder, manifest("survival", inputs, [output("risk")], **keys), graph, background, reference)
    return load(folder, "survival")


def random_trees(count: int, depth: int, width: int, seed: int, scale: float = 1.0) -> dict[str, Any]:
    """Attributes of a TreeEnsembleRegressor of full random trees whose thresholds lie around 0."""
    random = np.random.default_rng(seed)
    keys = ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    nodes: dict[str, list[Any]] = {key: [] for key in (*keys, "missing_value_tracks_true")}
    leaves: dict[str, list[Any]] = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for tree in range(count):
        inner = 2**depth - 1
        for place in range(2 * inner + 1):
            leaf = place >= inner
            row = (
                tree,
                place,
                random.integers(width),
                random.normal() * 0.7,
                "LEAF" if leaf else "BRANCH_LEQ",
            )
            links = (0, 0, 0) if leaf else (2 * place + 1, 2 * place + 2, int(random.integers(2)))
            for key, value in zip(nodes, (*row, *links), strict=True):
                nodes[key].append(value.item() if hasattr(value, "item") else value)
            if leaf:
                for key, value in zip(leaves, (tree, place, 0, random.normal() * 0.2 * scale), strict=True):
                    leaves[key].append(value)
    attributes = {f"nodes_{key}": value for key, value in nodes.items()}
    return {**attributes, **{f"target_{key}": value for key, value in leaves.items()}}


def tree_graph(
    names: list[str], attributes: dict[str, Any], base: float = -1.0, name: str = "risk"
) -> onnx.ModelProto:
    """Concat → TreeEnsembleRegressor → Sigmoid."""
    nodes = [
        helper.make_node("Concat", names, ["x"], axis=1),
        helper.make_node(
            "TreeEnsembleRegressor",
            ["x"],
            ["margin"],
            domain="ai.onnx.ml",
            n_targets=1,
            base_values=[base],
            **attributes,
        ),
        helper.make_node("Sigmoid", ["margin"], [name]),
    ]
    return _model(nodes, names, [name], TensorProto.FLOAT, {})


def tree_bundle(folder: Path, *, count: int = 20, depth: int = 4, rows: int = 30, **changes: Any) -> Bundle:
    """Four inputs around 0, optional ones with the trees' own missing branch, explained by TreeSHAP."""
    names = ["a", "b", "c", "d"]
    optional = {"required": False, "missing": "branch"}
    inputs = [number(name, accepted=[-50, 50], **(optional if name != "a" else {})) for name in names]
    keys = {
        "explanation": {"method": "tree_shap", "baseline_name": WORDS, "reference": {}},
        **changes,
    }
    arrays = keys.pop("arrays", {})
    random = np.random.default_rng(7)
    background = random.normal(size=(rows, 4)).astype(np.float32).astype(float)
    background[::7, 2] = np.nan
    graph = keys.pop("graph", None) or tree_graph(names, random_trees(count, depth, 4, 3))
    table = manifest("trees", inputs, [output("risk")], **keys)
    write(folder, table, graph, background[:10], {"background": background, **arrays})
    return load(folder, "trees")
