"""`medgui score` against the bare work: chunked read_csv + onnxruntime + to_csv of the appended columns.

    python -m tests.benchmarks.score_throughput [ROWS ...] [--model ID] [--empty SHARE]

Each side runs in a process of its own on the same file, on one thread. SHARE of the cells of the optional inputs are
left empty at random, each by itself. Prints rows a second, their ratio
(budget: at least 0.7 at a million rows) and the largest resident memory of each.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.figures import Figure, show

ROOT = Path(__file__).resolve().parents[2]
RANGES = {
    "age": (30, 79, 0),
    "systolic_bp": (95, 178, 0),
    "total_cholesterol": (135, 310, 0),
    "hdl_cholesterol": (25, 95, 0),
    "egfr": (20, 130, 1),
    "bmi": (19, 39, 1),
    "hba1c": (4.6, 10, 1),
    "uacr": (1, 300, 1),
}
CHUNK = 100_000
PATTERNS = 200
"""Different sets of missing values: laboratories leave out panels, not single values at random."""


def make(path: Path, rows: int, model: str, empty: float = 0.0) -> None:
    """Write people like those of the model's reference rows, or spread over the accepted ranges."""
    import pandas as pd

    from medgui.inference.catalogue import Catalogue

    random = np.random.default_rng(1)
    bundle = Catalogue.load().get(model)
    columns: dict[str, object] = {"id": np.arange(rows)}
    pattern = random.integers(0, PATTERNS, rows)
    background = bundle.reference.background if "reference.npz" in bundle.files else np.empty((0, 0))
    drawn = random.integers(0, max(len(background), 1), rows)
    for i, spec in enumerate(bundle.manifest.inputs):
        if spec.categories:
            yes_no = set(spec.categories) == {"no", "yes"}
            answers = ["0", "1"] if yes_no else list(spec.categories)
            columns[spec.name] = random.choice(answers, rows)
            continue
        if len(background) >= 20:
            values = np.round(background[drawn, i] * random.uniform(0.97, 1.03, rows), 2)
        else:
            lo, hi, places = RANGES.get(spec.name, (*(spec.seen or spec.accepted or (0, 1)), 2))
            values = np.round(random.uniform(lo, hi, rows), places)
        if spec.name == "age":
            values = np.round(values)
        if not spec.required:
            values[(random.random(PATTERNS) < 0.3)[pattern]] = np.nan
        columns[spec.name] = values
    frame = pd.DataFrame(columns)
    for spec in bundle.manifest.inputs if empty else ():
        if not spec.required:
            frame[spec.name] = frame[spec.name].astype(object).where(random.random(rows) >= empty, "")
    frame.to_csv(path, index=False)


def bare(path: Path, out: Path, model: str) -> None:
    """What anyone would write: no rules, no cautions, every cell taken as it is."""
    import onnxruntime
    import pandas as pd

    from medgui.inference.catalogue import Catalogue

    manifest = Catalogue.load().get(model).manifest
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    graph = ROOT / "models" / model / "model.onnx"
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    kinds = {i.name: np.float64 if "double" in i.type else np.float32 for i in session.get_inputs()}
    names = [output.name for output in session.get_outputs()]
    categories = {s.name: s.categories for s in manifest.inputs if s.categories}
    for number, frame in enumerate(pd.read_csv(path, chunksize=CHUNK)):
        feed = {}
        for name, kind in kinds.items():
            column = frame[name]
            if (name in categories and column.dtype == object) or str(column.dtype) in ("str", "string"):
                column = column.map(categories[name])
            feed[name] = column.to_numpy(dtype=kind).reshape(-1, 1)
        answers = dict(zip(names, session.run(None, feed), strict=True))
        result = pd.DataFrame({o.name: answers[o.name].reshape(-1) for o in manifest.outputs})
        result.to_csv(out, mode="a", header=number == 0, index=False)


def ours(path: Path, out: Path, model: str) -> None:
    from medgui.cli import main

    if main(["score", model, str(path), "-o", str(out)]):
        raise SystemExit(1)


def measured(side: str, path: Path, model: str, rows: int = 0, empty: float = 0.0) -> tuple[float, float]:
    """Run one side in its own process: the peak of a process counts that of the one that started it."""
    module = ["-m", "tests.benchmarks.score_throughput", str(rows)]
    command = [sys.executable, *module, "--side", side, "--file", str(path), "--model", model]
    command += ["--empty", str(empty)]
    done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    return done["seconds"], done["megabytes"]


def run_side(side: str, path: Path, model: str, rows: int, empty: float) -> None:
    if side == "make":
        make(path, rows, model, empty)
        print(json.dumps({"seconds": 0, "megabytes": 0}))
        return
    out = path.with_suffix(f".{side}.csv")
    started = time.perf_counter()
    (bare if side == "bare" else ours)(path, out, model)
    seconds = time.perf_counter() - started
    out.unlink()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


def figures(rows: Sequence[int], model: str, empty: float = 0.0) -> tuple[list[Figure], list[str]]:
    """Throughput at each number of rows, and the memory of the most against the fewest."""
    found, lines, memory = [], [], []
    for count in rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "in.csv"
            measured("make", path, model, count, empty)
            theirs, their_memory = measured("bare", path, model)
            mine, my_memory = measured("ours", path, model)
        memory.append(my_memory)
        lines.append(
            f"{model} {count:,} rows: medgui {count / mine:,.0f}/s, bare {count / theirs:,.0f}/s; "
            f"memory medgui {my_memory:.0f} MB, bare {their_memory:.0f} MB"
        )
        found.append(Figure(f"score {model}, {count:,} rows / bare", theirs / mine, 0.7, at_least=True))
    if len(rows) > 1:
        found.append(
            Figure(f"score, memory at {rows[-1]:,} / at {rows[0]:,} rows", memory[-1] / memory[0], 1.1)
        )
    return found, lines


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=int)
    parser.add_argument("--model", default="prevent")
    parser.add_argument("--empty", type=float, default=0.0)
    parser.add_argument("--side", choices=("bare", "ours", "make"))
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.side:
        run_side(options.side, options.file, options.model, options.rows[0], options.empty)
        return 0
    return show(*figures(options.rows or [100_000, 1_000_000], options.model, options.empty))


if __name__ == "__main__":
    sys.exit(main())
