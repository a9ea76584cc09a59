"""A table as one model takes it: which of its columns are the inputs, the values as numbers, and the answers.

`score` goes through a file chunk by chunk, `validate` takes a whole cohort into memory; both read cells alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medgui.assessment import score_columns
from medgui.inference.batch import Batch, evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.marks import OUT_OF_SCOPE, READY, Mark

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Numbers = dict[str, FloatArray]
CELLS_MISSING = Mark("cells_missing", blocks=True)


class ModelRows:
    """The columns of a file (*names*) as a model reads them. `ModelRefused`; `UserError` where two may be one input."""

    def __init__(self, catalogue: Catalogue, model: str, names: list[str]) -> None:
        self.bundle = catalogue.get(model)
        self.suppliers = _suppliers(catalogue, self.bundle)
        self.plan = score_columns.plan(
            (self.bundle, *(bundle for bundle, _output in self.suppliers.values()))
        )
        self.places = score_columns.resolve(names, self.plan)

    @property
    def kinds(self) -> dict[str, str]:
        """Column of the file to "number" or "text", for `CsvSource.frame`."""
        return {column: self.plan.kinds[name] for name, column in self.places.items()}

    @property
    def facts(self) -> tuple[str, ...]:
        """Names that decide eligibility and are no inputs of the model."""
        return score_columns.fact_names(self.bundle.manifest)

    def absent(self) -> list[str]:
        """Return the model's inputs that the file has no column for."""
        return [name for name in self.bundle.input_names if name not in self.places]

    def numbers(self, frame: pd.DataFrame) -> Numbers:
        """Return every planned column [N] of a frame with the file's names: NaN missing, infinity wrong."""
        rows = len(frame)
        return {
            name: score_columns.column(frame[self.places[name]], name, self.plan)
            if name in self.places
            else np.full(rows, np.nan)
            for name in self.plan.kinds
        }

    def evaluate(self, frame: pd.DataFrame) -> Batch:
        """Answer for the rows of a frame that has the file's names."""
        return self.answer(self.numbers(frame))

    def answer(self, numbers: Numbers) -> Batch:
        """Answer for rows of numbers; what another model supplies is filled in."""
        numbers = dict(numbers)
        wrong = {name: np.isinf(numbers[name]) for name in self.plan.facts}
        for name, where in wrong.items():
            if where.any():
                numbers[name] = np.where(where, np.nan, numbers[name])
        noted: list[tuple[Mark, BoolArray]] = []
        for name, supplier in self.suppliers.items():
            noted += _supply(name, supplier, numbers, self.bundle)
        batch = _evaluate(self.bundle, numbers)
        for mark, where in noted:
            batch.marks.add(mark, where)
        for name, where in wrong.items():
            if name in self.facts and where.any():
                refuse(batch, Mark("unknown_value", name, blocks=True), where)
        return batch


def _evaluate(bundle: Bundle, numbers: dict[str, FloatArray]) -> Batch:
    x = np.empty((len(numbers[bundle.input_names[0]]), len(bundle.input_names)), order="F")
    for place, name in enumerate(bundle.input_names):
        x[:, place] = numbers[name]
    facts = {name: numbers[name] for name in score_columns.fact_names(bundle.manifest) if name in numbers}
    return evaluate(bundle, x, facts)


def _suppliers(catalogue: Catalogue, bundle: Bundle) -> dict[str, tuple[Bundle, str]]:
    """Return which bundle and output can supply an input of *bundle*."""
    found = {}
    for spec in bundle.manifest.inputs:
        model, _dot, output = spec.from_.partition(".")
        if model in catalogue.bundles:
            found[spec.name] = (catalogue.bundles[model], output)
    return found


def _supply(
    name: str, supplier: tuple[Bundle, str], numbers: dict[str, FloatArray], bundle: Bundle
) -> Iterator[tuple[Mark, BoolArray]]:
    """Fill the missing cells of *name* from another bundle, and carry over what it says of its own inputs."""
    source, output = supplier
    empty = np.isnan(numbers[name])
    parents = [i for i in source.input_names if i not in ("age", "sex")]
    has_parent = ~np.all([np.isnan(numbers[parent]) for parent in parents], axis=0)
    where = empty & has_parent
    if not where.any():
        return
    part = _evaluate(source, {key: values[where] for key, values in numbers.items()})
    numbers[name] = numbers[name].copy()
    numbers[name][where] = np.where(part.status == READY, part.outputs[output], np.nan)
    own = {spec.name for spec in bundle.manifest.inputs} | set(score_columns.fact_names(bundle.manifest))
    for mark, rows in part.marks:
        if mark.code != "missing" and mark.input not in own:
            whole = np.zeros(len(where), bool)
            whole[where] = rows
            yield mark, whole


def refuse(batch: Batch, mark: Mark, where: BoolArray) -> None:
    """Take the numbers of the rows *where* away and say why."""
    batch.marks.add(mark, where)
    batch.status[where] = OUT_OF_SCOPE
    for values in batch.outputs.values():
        values[where] = np.nan
