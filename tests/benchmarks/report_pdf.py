"""What a PDF costs: time from a cold report layer, time warm, size, pages, memory.

    python -m tests.benchmarks.report_pdf

The cold run is a fresh process; its time counts importing the report layer, reading
the faces and drawing. Budgets (docs/architecture): 0.6 s cold, 0.15 s warm, 400 KB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tests.benchmarks.figures import Figure, show

ROOT = Path(__file__).resolve().parents[2]

COPIES = 6
"""Copies of the explained finding, so that the report is as long as a full assessment."""


def _memory() -> float:
    """Resident memory now, in MB (Linux), else the highest so far."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _once(lang: str) -> dict[str, float]:
    from medgui.assessment.finding import Assessment
    from medgui.i18n import using_language
    from tests.helpers import findings

    with using_language(lang):
        record = findings.record(lang)
        found = findings.assessment(lang).findings
        more = tuple(replace(found[0], model=f"model_{n}") for n in range(COPIES))
        assessment = Assessment(record.key, "2026-11-21", (*more, *found))
    now = datetime(2026, 11, 21, 9, 46)
    before = _memory()
    start = time.perf_counter()
    from medgui import report

    data = report.render(record, assessment, lang=lang, now=now, include_prognosis=True)
    cold = time.perf_counter() - start
    warm = []
    for _round in range(10):
        start = time.perf_counter()
        report.render(record, assessment, lang=lang, now=now, include_prognosis=True)
        warm.append(time.perf_counter() - start)
    pages = data.count(b"/Type /Page\n")
    return {
        "cold_s": cold,
        "warm_s": sorted(warm)[len(warm) // 2],
        "kB": len(data) / 1000,
        "pages": pages,
        "added_MB": _memory() - before,
    }


def figures() -> tuple[list[Figure], list[str]]:
    """Time, size and memory of the report in both languages, each in a fresh process."""
    found, lines = [], []
    for lang in ("en", "zh"):
        rows = []
        for _round in range(3):
            command = [sys.executable, "-m", "tests.benchmarks.report_pdf", lang]
            answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
            rows.append(json.loads(answer.stdout))
        best = {name: min(row[name] for row in rows) for name in rows[0]}
        lines.append(f"report, {lang}: {best['pages']:.0f} pages, {best['added_MB']:.0f} MB of memory added")
        found += [
            Figure(f"report from a cold layer, {lang}", best["cold_s"], 0.6, " s"),
            Figure(f"report again, {lang}", best["warm_s"], 0.15, " s"),
            Figure(f"report, size, {lang}", best["kB"], 400, " kB"),
        ]
    return found, lines


def main() -> int:
    if len(sys.argv) == 2:
        print(json.dumps(_once(sys.argv[1])))
        return 0
    return show(*figures())


if __name__ == "__main__":
    sys.exit(main())
