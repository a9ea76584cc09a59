"""Every benchmark against its budget, as one table: `python -m tests.benchmarks [--quick]`.

Ratios are taken in one run on one machine; absolute times are those of the architecture's budgets. Other work on the
machine slows what is measured: the table shows the best of the rounds, beside it the median. Each part runs in a
process of its own, so that none finds anything loaded by another.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.figures import Figure, heading, show

Found = tuple[list[Figure], list[str]]
ROOT = Path(__file__).resolve().parents[2]


def visit(quick: bool) -> Found:
    from tests.benchmarks import visit

    return visit.measure(visit.DEMO, 3 if quick else 11)


def scores(quick: bool) -> Found:
    from tests.benchmarks import scores

    return scores.measure(3 if quick else 9)


def explanation(_quick: bool) -> Found:
    from tests.benchmarks import explanation

    return explanation.figures()


def report(_quick: bool) -> Found:
    from tests.benchmarks import report_pdf

    return report_pdf.figures()


def score(quick: bool) -> Found:
    from tests.benchmarks import score_throughput

    return score_throughput.figures([100_000] if quick else [100_000, 1_000_000], "prevent")


def reading(quick: bool) -> Found:
    from tests.benchmarks import fhir_reading

    return fhir_reading.figures(3 if quick else 11)


def size(_quick: bool) -> Found:
    from tests.benchmarks import size

    return size.figures()


def package(quick: bool) -> Found:
    from tests.benchmarks import package

    return package.measure(2 if quick else 7)


PARTS: dict[str, Callable[[bool], Found]] = {
    part.__name__: part for part in (visit, scores, explanation, report, score, reading, size, package)
}


def run_part(name: str, quick: bool) -> Found:
    """Run one part in its own process."""
    command = [sys.executable, "-m", "tests.benchmarks", "--part", name, *(["--quick"] if quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    told = json.loads(done.stdout.splitlines()[-1])
    return [Figure(**figure) for figure in told["figures"]], told["lines"]


def main() -> int:
    """Measure everything and print the table; 1 where a budget is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and rows")
    parser.add_argument("--part", choices=PARTS, help="this part only, as JSON")
    options = parser.parse_args()
    if options.part:
        figures, lines = PARTS[options.part](options.quick)
        print(json.dumps({"figures": [asdict(figure) for figure in figures], "lines": lines}))
        return 0
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    figures = []
    for name in PARTS:
        found, lines = run_part(name, options.quick)
        figures += found
        show([], lines)
    print(heading())
    return show(figures)


if __name__ == "__main__":
    sys.exit(main())
