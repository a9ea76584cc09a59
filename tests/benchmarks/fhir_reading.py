"""How long 25 FHIR bundles take to be read whole, against what `json.load` alone takes for them.

    python -m tests.benchmarks.fhir_reading [--rounds N]

The five open bundles of synthetic patients are read five times each (13 MB), in one process, both sides in turns. The
budget is twice the time of `json.load` and 0.3 s; the figure is the share of it that is used. Without the development
data there is nothing to measure.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.figures import Figure, show
from tests.shared_data import find_data_dir

TIMES, FACTOR, SECONDS = 5, 2.0, 0.3


def bundles() -> list[Path]:
    """The bundles to read, each `TIMES` times; empty where the development data is absent."""
    folder = find_data_dir()
    return (
        [] if folder is None else sorted((folder / "patientfiles" / "fhir_synthea_r4").glob("*.json")) * TIMES
    )


def _seconds(paths: list[Path], read: Callable[[Path], object]) -> float:
    start = time.perf_counter()
    for path in paths:
        read(path)
    return time.perf_counter() - start


def _plain(path: Path) -> object:
    with path.open(encoding="utf-8") as stream:
        return json.load(stream)


def figures(rounds: int = 7) -> tuple[list[Figure], list[str]]:
    """The share of the budget that is used, and both times in words."""
    from medgui.readers import open_record

    paths = bundles()
    if not paths:
        return [], ["25 FHIR bundles: the development data is absent"]
    _seconds(paths[:TIMES], open_record)
    plain, whole = [], []
    for _round in range(rounds):
        plain.append(_seconds(paths, _plain))
        whole.append(_seconds(paths, open_record))
    shares = [w / (FACTOR * p + SECONDS) for p, w in zip(plain, whole, strict=True)]
    share = min(whole) / (FACTOR * min(plain) + SECONDS)
    size = sum(path.stat().st_size for path in paths) / 1e6
    line = f"{len(paths)} FHIR bundles, {size:.0f} MB: json.load {min(plain):.3f} s, open_record {min(whole):.3f} s"
    what = "25 FHIR bundles, share of 2 × json.load + 0.3 s"
    return [Figure(what, share, 1.0, median=statistics.median(shares))], [line]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    return show(*figures(parser.parse_args().rounds))


if __name__ == "__main__":
    sys.exit(main())
