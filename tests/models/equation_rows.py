"""Published equations in tests: one row through a shipped bundle, and rows of independent implementations."""

import ast
import json
from collections.abc import Mapping
from typing import Any

from medgui.inference.batch import Batch, evaluate
from tests.models.one_row import bundle, graph
from tests.models.one_row import row as row_of
from tests.models.reference_rows import Row, csv_rows
from tests.shared_data import data_file


def answer(model: str, row: Mapping[str, float | str], **facts: float) -> Batch:
    """What the bundle says of one person; texts are choices, what is not named is missing."""
    made = bundle(model)
    unknown = set(row) - {spec.name for spec in made.manifest.inputs}
    assert not unknown, unknown
    return evaluate(made, row_of(model, row), dict(facts))


def score(model: str, **row: float | str) -> dict[str, float]:
    """Outputs of one person who has a number."""
    batch = answer(model, row)
    assert batch.status_of(0) == "ready", [mark.text for mark in batch.marks.of(0)]
    return {name: float(values[0]) for name, values in batch.outputs.items()}


def band_of(model: str, output: str, value: float) -> str:
    """English words of the band that the shown value falls into."""
    spec = bundle(model).manifest.output(output)
    return next((each.text["en"] for each in spec.bands if each.lo <= value < each.hi), "")


def arithmetic(model: str, **row: float) -> dict[str, float]:
    """What the graph alone says, for rows of a reference that no person can have."""
    return graph(model, row)


def _rows(file: str, column: str, wanted: str) -> list[Row]:
    return [row for row in csv_rows(data_file(f"equations/{file}")) if row[column] == wanted]


def clincalc(calculator: str) -> list[tuple[dict[str, Any], Any]]:
    """Inputs and result of each row of one calculator."""
    rows = _rows("clincalc.csv", "calculator", calculator)
    return [(json.loads(row["input_json"]), json.loads(row["result"])) for row in rows]


def gdl2(guideline: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Inputs and expected values of each case, by their own words without the number before them."""

    def words(cell: str) -> dict[str, str]:
        return {key.split("|", 1)[-1]: str(value) for key, value in json.loads(cell).items()}

    rows = _rows("gdl2_cases.csv", "guideline", guideline)
    return [(words(row["input_json"]), words(row["expected_json"])) for row in rows]


def medcalcehr(calculator: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Inputs of each case, and its expected values by label."""
    rows = _rows("medcalcehr_golden.csv", "calculator", calculator)
    return [
        (
            json.loads(row["inputs_json"]),
            {each["label"]: each["value"] for each in json.loads(row["expected_json"])},
        )
        for row in rows
    ]


def medcalc_bench(calculator: str) -> list[tuple[dict[str, Any], list[float]]]:
    """Entities of each row with an audited answer, and the answers: the original one and that of the audit."""
    rows = _rows("medcalc_bench_v1_test.csv", "Calculator Name", calculator)
    return [
        (
            ast.literal_eval(row["Relevant Entities"]),
            [float(row["Ground Truth Answer"]), float(row["y_final"])],
        )
        for row in rows
        if row["y_final"]
    ]
