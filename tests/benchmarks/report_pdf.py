"""What a PDF costs: time from a cold report layer, time warm, size, pages, memory.

    python tests/benchmarks/report_pdf.py

Prints one line a language. The cold run is a fresh process; its time counts importing the report layer, reading
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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

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


def main() -> None:
    if len(sys.argv) == 2:
        print(json.dumps(_once(sys.argv[1])))
        return
    for lang in ("en", "zh"):
        answer = subprocess.run([sys.executable, __file__, lang], check=True, capture_output=True, text=True)
        row = json.loads(answer.stdout)
        print(lang, "  ".join(f"{name} {value:.3f}" for name, value in row.items()))


if __name__ == "__main__":
    main()
