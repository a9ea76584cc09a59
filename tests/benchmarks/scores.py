"""All published scores for one patient: catalogue, numbers, reasons; with sessions made and in a cold process.

    python -m tests.benchmarks.scores [--rounds N]

The patient is the demonstration file with an answer to every standard input, so that as many scores as can be have a
number; every equation that ships is asked for, those on request too. `usual` is what the same file shows unasked.
Budgets: 50 ms for all numbers with sessions made, 0.3 s more for all reasons, 0.5 s in a cold process from the moment
the catalogue is asked for, numpy and onnxruntime not yet imported (issue "Published risk equations").
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figures import Figure, show

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo" / "marlow_helen.json"
NO = ("prior_ascvd", "pregnant", "dialysis_or_transplant", "statin")
YES = ("atrial_fibrillation", "hypertension")

Times = dict[str, float]


def everything_answered() -> Any:
    """The demonstration patient with an answer to each standard input that the file leaves open."""
    from medgui.readers import open_record
    from medgui.record.model import Answer
    from medgui.record.resolve import resolve
    from medgui.record.variables import VARIABLES

    record = open_record(DEMO)
    day = record.as_of or "2026-11-21"
    for variable in VARIABLES.values():
        if resolve(record, variable.name, as_of=day).known or variable.name in ("age", "sex", "ethnicity"):
            continue
        if variable.kind == "boolean":
            value: float | str = float(variable.name in YES and variable.name not in NO)
        elif variable.kind == "category":
            value = next(iter(variable.categories), "")
        elif variable.usual is not None:
            value = sum(variable.usual) / 2
        else:
            continue
        record = record.with_answer(Answer(variable.name, value, variable.unit, day))
    return record


def one_run(record: Any, catalogue: Any, models: list[str] | None) -> Times:
    """Seconds until the first number, all numbers and all reasons."""
    from medgui.assessment.run import assess

    at: Times = {}
    start = time.perf_counter()

    def progress(done: int, total: int, found: Any) -> None:
        if found is not None:
            at.setdefault("first", time.perf_counter() - start)
        if done == total:
            at.setdefault("numbers", time.perf_counter() - start)

    findings = assess(record, catalogue, models=models, progress=progress).findings
    at["whole"] = time.perf_counter() - start
    at["ready"] = sum(found.status == "ready" and found.kind != "value" for found in findings)
    return at


def equations(catalogue: Any) -> list[str]:
    """The bundles that answer a clinical question with an equation: their graphs are float64."""
    return [bundle.id for bundle in catalogue if bundle.header.question and bundle.manifest.float64]


def in_one_process(usual: bool) -> dict[str, Times]:
    """A cold run and the best of many warm ones, in this process."""
    record = everything_answered()
    start = time.perf_counter()
    from medgui.inference.catalogue import Catalogue

    imported = time.perf_counter() - start
    catalogue = Catalogue.load()
    opened = time.perf_counter() - start
    models = None if usual else equations(catalogue)
    cold = one_run(record, catalogue, models)
    for key in ("first", "numbers", "whole"):
        cold[key] += opened
    runs = [one_run(record, catalogue, models) for _ in range(15)]
    warm = {key: min(run[key] for run in runs) for key in runs[0]}
    return {
        "cold": {**cold, "opened": opened - imported, "models": len(models or catalogue.bundles)},
        "warm": warm,
    }


def measure(rounds: int) -> tuple[list[Figure], list[str]]:
    """The figures with their budgets, and lines that explain them."""
    rows = {usual: [_process(usual) for _ in range(rounds)] for usual in (False, True)}

    def of(usual: bool, take: Callable[[dict[str, Times]], float]) -> tuple[float, float]:
        values = [1000 * take(row) for row in rows[usual]]
        return min(values), median(values)

    def figure(what: str, budget: float, take: Callable[[dict[str, Times]], float]) -> Figure:
        best, middle = of(False, take)
        return Figure(what, best, budget, " ms", middle)

    counts = rows[False][-1]
    lines = [
        f"{counts['cold']['models']:.0f} equations asked for, {counts['warm']['ready']:.0f} with a number",
        *(_line(usual, of) for usual in (False, True)),
    ]
    return [
        figure("catalogue opened, cold", 100, lambda row: row["cold"]["opened"]),
        figure("all scores, sessions made: numbers", 50, lambda row: row["warm"]["numbers"]),
        figure("all scores, sessions made: reasons after them", 300, _reasons),
        figure("all scores, cold: first number", 500, lambda row: row["cold"]["first"]),
        figure("all scores, cold: all numbers", 500, lambda row: row["cold"]["numbers"]),
    ], lines


def _reasons(row: dict[str, Times]) -> float:
    return row["warm"]["whole"] - row["warm"]["numbers"]


def _line(usual: bool, of: Callable[..., tuple[float, float]]) -> str:
    parts = [
        f"{kind} {key} {of(usual, lambda row, kind=kind, key=key: row[kind][key])[0]:.0f} ms"
        for kind in ("warm", "cold")
        for key in ("first", "numbers", "whole")
    ]
    return f"{'shown unasked' if usual else 'all scores'}: {', '.join(parts)}"


def _process(usual: bool) -> dict[str, Times]:
    command = [sys.executable, "-m", "tests.benchmarks.scores", "--once", *(["--usual"] if usual else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    found: dict[str, Times] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Measure and print; 1 where a budget is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--once", action="store_true", help="one process, as JSON")
    parser.add_argument("--usual", action="store_true", help="with --once: what is shown unasked")
    options = parser.parse_args()
    if options.once:
        print(json.dumps(in_one_process(options.usual)))
        return 0
    figures, lines = measure(options.rounds)
    return show(figures, lines)


if __name__ == "__main__":
    sys.exit(main())
