"""What both programs are asked: patient files, tables to score, a table to learn from. All made here or shipped."""

from __future__ import annotations

import tomllib

import numpy as np

from medgui.paths import models_dir, resources_dir
from tests.readers.build_ccda import (
    choice,
    document,
    drug,
    observation,
    problem,
    quantity,
    section,
    value,
)
from tests.shared_data import find_data_dir
from tests.workshop.tables import clinic

SCORED = ("prevent", "mortality_10y", "cad", "breast_mass", "ckd_screen", "chads2")
"""Bundles that are scored: an equation in float64, networks and trees in float32, points."""
ROWS = 24


def patients() -> dict[str, bytes]:
    """Patient files by name: the demo patients, a C-CDA of our own, and a published one where the data lie here."""
    demo = sorted((resources_dir() / "demo").iterdir())
    found = {path.name: path.read_bytes() for path in demo if path.suffix != ".toml" and path.is_file()}
    found["ccd.xml"] = ccda().encode()
    data = find_data_dir()
    published = data / "patientfiles" / "ccda_hl7" / "CCD.xml" if data else None
    if published and published.is_file():
        found["hl7_ccd.xml"] = published.read_bytes()
    return found


def ccda() -> str:
    """A C-CDA of a woman of 55 with what cardiovascular risk is computed from, and a glucose without a unit."""
    vitals = (
        observation("8480-6", quantity("142", "mm[Hg]"), name="Systolic blood pressure"),
        observation("8462-4", quantity("86", "mm[Hg]"), name="Diastolic blood pressure"),
        observation("39156-5", quantity("29.4", "kg/m2"), name="BMI"),
        observation("29463-7", quantity("176", "kg"), name="Body weight"),
        observation("8302-2", quantity("165", "cm"), name="Body height"),
    )
    results = (
        observation("2093-3", quantity("221", "mg/dL"), name="Cholesterol"),
        observation("2085-9", quantity("46", "mg/dL"), name="HDL cholesterol"),
        observation("2160-0", quantity("0.9", "mg/dL"), name="Creatinine"),
        observation("4548-4", quantity("6.1", "%"), name="HbA1c"),
        observation("2345-7", value("ST", "", "high"), name="Glucose"),
    )
    smoker = observation("72166-2", choice("8517006", "Former smoker"), name="Tobacco smoking status")
    return document(
        section("vitals", *vitals),
        section("results", *results),
        section("problems", problem(choice("38341003", "Hypertension"))),
        section("medications", drug()),
        section("social", smoker),
    )


def table(model: str) -> bytes:
    """A table for `score`: golden rows of a bundle, in the words that a table writes categories in."""
    folder = models_dir() / model
    inputs = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["inputs"]
    with np.load(folder / "golden.npz") as golden:
        rows = golden["x"][:ROWS]
    lines = [",".join(entry["name"] for entry in inputs)]
    lines += [",".join(map(_cell, inputs, row)) for row in rows.tolist()]
    return ("\n".join(lines) + "\n").encode()


def _cell(entry: dict[str, object], number: float) -> str:
    if number != number:
        return ""
    categories = entry.get("categories")
    if isinstance(categories, dict):
        words = {float(code): word for word, code in categories.items()}
        return str(words.get(number, number))
    return repr(number)


def learned_from() -> bytes:
    """A table of made-up people with an outcome."""
    frame = clinic(rows=240).drop(columns="chance")
    return str(frame.to_csv(index=False)).encode()
