"""Published equations under test: the bare graph of a bundle, and its answer after the rules of the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir

Given = Mapping[str, float | str | None]


@cache
def bundle(model: str) -> Bundle:
    folder = models_dir() / model
    manifest = read_manifest(folder)
    return Bundle(manifest, folder, dict(manifest.hashes))


def row(model: str, given: Given) -> np.ndarray:
    """One row [1, F] of *given*: numbers, texts of choices; None and absent are missing."""
    values = []
    for spec in bundle(model).manifest.inputs:
        value = given.get(spec.name)
        values.append(
            np.nan if value is None else spec.categories[value] if isinstance(value, str) else float(value)
        )
    return np.array([values])


def graph(model: str, given: Given) -> dict[str, float]:
    """What the graph alone gives, without any rule of the manifest."""
    return {name: float(column[0]) for name, column in bundle(model).run(row(model, given)).items()}


def answer(model: str, given: Given, **facts: float) -> tuple[str, dict[str, float], set[str]]:
    """Status, outputs and codes of what is said, as the program answers."""
    batch = evaluate(bundle(model), row(model, given), facts)
    codes = {mark.code for mark in batch.marks.of(0)}
    return batch.status_of(0), {name: float(column[0]) for name, column in batch.outputs.items()}, codes
