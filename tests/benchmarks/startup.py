"""What starting costs: a bare PySide6 window, the window of medgui, and `medgui FILE` until results are painted.

    python tests/benchmarks/startup.py [FILE] [--rounds N]

Each round starts three fresh processes in turn and takes the time from before the process starts until its
first paint (or until results with explanations are painted), so that all see the same machine. Prints medians,
ratios, and resident memory. Budgets (docs/architecture): window <= 2.0 x bare; FILE <= bare + 0.6 s; memory with
a patient open <= 220 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
SAY = """
def say(**more):
    import json, os, time
    pages = int(open("/proc/self/statm").read().split()[1]) if os.path.exists("/proc/self/statm") else 0
    print(json.dumps({"at": time.time(), "mb": pages * 4096 / 1e6, "cpu": time.process_time(), **more}), flush=True)
    os._exit(0)
"""
BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
application.processEvents()
say()
"""
WINDOW = """
from medgui import app
from medgui.settings import Settings
settings = Settings()
application = app.make_application(settings)
from medgui.ui.window import MainWindow
window = MainWindow(app.make_services(settings))
window.show()
application.processEvents()
say()
"""
RESULTS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from medgui import app
from medgui.settings import Settings
settings = Settings()
application = app.make_application(settings)
from medgui.ui.window import MainWindow
window = MainWindow(app.make_services(settings), "results")
visit = window.shell.visit
def painted():
    window.repaint()
    explained = sum(bool(f.explanations) for f in visit.assessment.findings)
    say(findings=len(visit.assessment.findings), explained=explained)
visit.assessment_changed.connect(lambda: visit.assessment and QTimer.singleShot(0, painted))
window.open_path(Path(sys.argv[1]))
window.show()
application.exec()
"""


def once(source: str, *arguments: str) -> dict[str, float]:
    """Run one process; seconds until it says that it has painted, its CPU seconds, memory in MB."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "MEDGUI_LANG": "en"}
    start = time.time()
    result = subprocess.run(
        [sys.executable, "-c", SAY + source, *arguments],
        capture_output=True, text=True, check=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    found: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return {**found, "s": found["at"] - start}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default=str(ROOT / "resources" / "demo" / "marlow_helen.json"))
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    kinds = {
        "bare window": (BARE, ()),
        "medgui window": (WINDOW, ()),
        "medgui FILE": (RESULTS, (options.file,)),
    }
    for source, arguments in kinds.values():
        once(source, *arguments)  # the first run of each fills the file cache
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in kinds}
    for _round in range(options.rounds):
        for name, (source, arguments) in kinds.items():
            rows[name].append(once(source, *arguments))
    middle = {
        name: {key: median(r[key] for r in found) for key in ("s", "cpu", "mb")}
        for name, found in rows.items()
    }
    for name, found in middle.items():
        print(f"{name:14} {found['s']:6.3f} s wall  {found['cpu']:6.3f} s CPU  {found['mb']:6.1f} MB")
    bare, window, results = middle.values()
    print(
        f"window / bare: {window['s'] / bare['s']:.2f} wall, {window['cpu'] / bare['cpu']:.2f} CPU (budget 2.0)"
    )
    print(
        f"FILE - bare: {results['s'] - bare['s']:.3f} s wall, {results['cpu'] - bare['cpu']:.3f} s CPU (budget 0.6)"
    )
    last = rows["medgui FILE"][-1]
    print(f"findings {last['findings']:.0f}, explained {last['explained']:.0f}; memory budget 220 MB")


if __name__ == "__main__":
    main()
