"""One patient, run and exact explanation, against the bare calls in the same process.

    python -m tests.benchmarks.explanation [MODEL ...]

Budgets (docs/architecture): a tree model at most 1.3 x (bare onnxruntime call + bare TreeSHAP kernel call), others at
most the bare onnxruntime call + 3 ms. Prints one line a model; the best of many calls. Where no tree model is
shipped a made-up one (200 trees, 4 inputs, 100 background rows) takes its place.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from medgui.explain import explain
from medgui.explain.kernel import TreeKernel
from medgui.explain.onnx_trees import read_trees
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.onnx_graph import read_graph
from tests.benchmarks.figures import Figure, show

TREE_RATIO = 1.3
EXTRA_MS = 3.0


def best_ms(*works: Callable[[], object], repeats: int = 60) -> list[float]:
    """The best of many calls of each, taken in turns: other work on the machine slows both sides alike."""
    best = [math.inf] * len(works)
    for _turn in range(repeats):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - start)
    return [1000 * seconds for seconds in best]


def bare_session(bundle: Bundle, x: np.ndarray) -> Callable[[], object]:
    session = bundle.proven.session
    dtype = np.float64 if bundle.manifest.float64 else np.float32
    feed = {name: x[None, [place]].astype(dtype) for place, name in enumerate(bundle.input_names)}
    names = list(bundle.output_names)
    return lambda: session.run(names, feed)


def patient(bundle: Bundle) -> np.ndarray:
    """A golden row that the model answers, with as many known values as there are."""
    batch = evaluate(bundle, bundle.golden.x)
    ready = batch.x[batch.status == 0]
    return ready[int(np.argmin(np.isnan(ready).sum(axis=1)))]


def measure(bundle: Bundle) -> tuple[Figure, str]:
    """The figure of one bundle, and what it is made of."""
    x = patient(bundle)
    outputs = [name for name, values in evaluate(bundle, x).outputs.items() if np.isfinite(values[0])]

    def whole() -> object:
        return evaluate(bundle, x), explain(bundle, x, outputs)

    if bundle.manifest.explanation.method == "tree_shap":
        trees = read_trees(read_graph(bundle.content("model.onnx")), outputs[0], bundle.input_names)
        kernel = TreeKernel(trees, bundle.reference.background)
        rows = np.ascontiguousarray(x[None, :].astype(np.float32), dtype=np.float64)
        ours, bare, call = best_ms(whole, bare_session(bundle, x), lambda: kernel(rows))
        made_of = f"{bundle.id}: {ours:.2f} ms; bare session {bare:.3f} ms + bare kernel {call:.2f} ms"
        return Figure(
            f"{bundle.id}: run + explanation / bare calls", ours / (bare + call), TREE_RATIO
        ), made_of
    ours, bare = best_ms(whole, bare_session(bundle, x))
    made_of = f"{bundle.id}: {ours:.2f} ms, {len(outputs)} outputs; bare session {bare:.3f} ms"
    return Figure(f"{bundle.id}: run + explanation - bare call", ours - bare, EXTRA_MS, " ms"), made_of


def figures(wanted: Sequence[str] = ()) -> tuple[list[Figure], list[str]]:
    """The figures of the shipped bundles, or of those named in *wanted*."""
    shipped = [bundle for bundle in Catalogue.load() if not wanted or bundle.id in wanted]
    if not wanted and not any(each.manifest.explanation.method == "tree_shap" for each in shipped):
        from tests.helpers import bundles

        shipped.append(bundles.tree_bundle(Path(tempfile.mkdtemp()), count=200, depth=5, rows=100))
    found = [measure(bundle) for bundle in shipped]
    return [figure for figure, _line in found], [line for _figure, line in found]


def main() -> int:
    return show(*figures(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
