"""The reasons of every published equation: each result has them, whichever optional inputs are known."""

import numpy as np
import pytest

from medgui.explain.enumeration import shapley
from medgui.inference.batch import evaluate
from tests.assessment.people import shipped

MOST = 4
"""Rows a model that are explained."""


def explained_by_sums() -> list[str]:
    return [each.id for each in shipped() if each.manifest.explanation.method == "enumeration"]


@pytest.mark.parametrize("model", explained_by_sums())
def test_the_contributions_of_every_output_add_up(model: str) -> None:
    """Among golden rows, with each optional input left out too: a current smoker has no years since quitting."""
    bundle = shipped().bundles[model]
    golden = np.load(bundle.folder / "golden.npz")["x"][:24]
    optional = [place for place, spec in enumerate(bundle.manifest.inputs) if spec.missing == "graph"]
    lacking = np.repeat(golden[:4], len(optional), axis=0)
    lacking[np.arange(len(lacking)), np.tile(optional, 4).astype(int)] = np.nan
    batch = evaluate(bundle, np.concatenate([lacking, golden]), {})
    ready = [row for row in range(len(batch.x)) if batch.status_of(row) == "ready"]
    known = {output.name: batch.outputs[output.name].reshape(-1) for output in bundle.manifest.outputs}
    for row in ready[:: max(1, len(ready) // MOST)]:
        names = [name for name, column in known.items() if np.isfinite(column[row])]
        if not names:
            continue
        baseline, parts, value, _bound = shapley(bundle, batch.x[row], names)
        np.testing.assert_allclose(baseline + parts.sum(axis=1), value, atol=1e-6, err_msg=str(names))
