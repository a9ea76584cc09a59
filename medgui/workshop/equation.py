"""Pieces that published equations share: ONNX graphs of column inputs, and the files of an equation's bundle."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Tensor, Var, argument, build

from medgui.workshop.npz_bytes import npz_bytes

FloatArray = NDArray[np.float64]
HASHED = ("model.onnx", "reference.npz", "golden.npz", "recipe.py", "coefficients.csv")


def number(value: float) -> Var:
    """A float64 constant."""
    return op.const(np.float64(value))


def column_inputs(names: Sequence[str]) -> dict[str, Var]:
    """One float64 graph input of shape [N, 1] for each name."""
    return {name: argument(Tensor(np.float64, ("N", 1))) for name in names}


def or_zero(x: Var) -> Var:
    """X where it is known, 0 where it is missing (NaN)."""
    return op.where(op.isnan(x), number(0.0), x)


def as_flag(condition: Var) -> Var:
    """1.0 where true, else 0.0."""
    return op.cast(condition, to=np.float64)


def build_model(inputs: Mapping[str, Var], outputs: Mapping[str, Var], producer: str) -> bytes:
    """Serialised ONNX model; the same graph gives the same bytes."""
    model = build(dict(inputs), dict(outputs))
    model.producer_name = producer
    model.ir_version = min(model.ir_version, 10)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def run(model: bytes, names: Sequence[str], x: FloatArray) -> dict[str, FloatArray]:
    """Outputs of the graph for rows x [N, F], columns in the order of `names`."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    feed = {name: np.ascontiguousarray(x[:, i : i + 1]) for i, name in enumerate(names)}
    values = session.run(None, feed)
    return {o.name: v.reshape(-1) for o, v in zip(session.get_outputs(), values, strict=True)}


def save_npz(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """An .npz whose bytes depend on its arrays alone (no time stamps)."""
    path.write_bytes(npz_bytes(arrays))


def seal(folder: Path) -> None:
    """Write the `[hashes]` table of manifest.toml anew from the files beside it."""
    manifest = folder / "manifest.toml"
    text = manifest.read_text(encoding="utf-8").split("\n[hashes]\n")[0].rstrip("\n")
    lines = [
        f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"'
        for name in HASHED
        if (folder / name).exists()
    ]
    manifest.write_text(text + "\n\n[hashes]\n" + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_equation(
    folder: Path,
    names: Sequence[str],
    graph: Callable[[Mapping[str, Var]], dict[str, Var]],
    golden: FloatArray,
    reference: FloatArray,
) -> None:
    """Write model.onnx, golden.npz (rows `golden` [G, F]) and reference.npz (`background` [B, F]) and seal."""
    inputs = column_inputs(names)
    model = build_model(inputs, graph(inputs), f"medgui {re.sub('[^a-z0-9_]', '', folder.name)}")
    (folder / "model.onnx").write_bytes(model)
    save_npz(folder / "golden.npz", {"x": golden, **run(model, names, golden)})
    save_npz(folder / "reference.npz", {"background": reference})
    seal(folder)
