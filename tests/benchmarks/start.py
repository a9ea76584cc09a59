"""From process start to first window, and from `medgui FILE` to results with explanations on the screen.

    python tests/benchmarks/start.py [TURNS]

Each turn is a fresh process: a bare PySide6 QMainWindow, medgui without a file, medgui on a demo patient. Prints the
medians, their ratios, the resident memory and the heavy modules loaded at the first window. Budgets
(docs/architecture): first window at most 2.0 x bare; results at most bare + 0.6 s; 220 MB with a patient open.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_RATIO = 2.0
RESULTS_S = 0.6
MEMORY_MB = 220
HEAVY = ("onnxruntime", "shap", "pandas", "sklearn", "scipy", "reportlab", "matplotlib", "openpyxl", "numpy")

BARE = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: (print(json.dumps({"at": time.monotonic()}), flush=True), app.quit()))
app = QApplication([])
window = Window(); window.resize(1440, 900); window.show()
app.exec()
"""

MEDGUI = """
import json, os, resource, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
import medgui.app
from medgui.ui.visit import Visit

heavy = json.loads(sys.argv[1])
file = Path(sys.argv[2]) if len(sys.argv) > 2 else None
found = {"visit": None, "first": None, "modules": None}

def memory():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6

class Watch(QObject):
    def eventFilter(self, target, event):
        if event.type() == QEvent.Type.Paint and found["first"] is None and isinstance(target.window(), QMainWindow):
            QTimer.singleShot(0, painted)
        return False

def painted():
    if found["first"] is None:
        found["first"] = time.monotonic()
        found["modules"] = sorted(set(heavy) & set(sys.modules))
        if file is None:
            report()

def changed():
    visit = found["visit"]
    if visit.assessment is not None and visit.assessment.complete:
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, shown))

def shown():
    for window in QApplication.topLevelWidgets():
        window.grab()
    report()

def report():
    visit = found["visit"]
    explained = sum(len(f.explanations) for f in visit.assessment.findings) if file else 0
    answer = {"at": time.monotonic(), "first": found["first"], "modules": found["modules"], "mb": memory()}
    print(json.dumps({**answer, "explanations": explained}), flush=True)
    os._exit(0)

original = Visit.__init__
def remember(self, *arguments, **keys):
    original(self, *arguments, **keys)
    found["visit"] = self
    self.assessment_changed.connect(changed)
Visit.__init__ = remember
made = medgui.app.make_application
def watched(settings):
    application = made(settings)
    application.watch = Watch()
    application.installEventFilter(application.watch)
    return application
medgui.app.make_application = watched
medgui.app.run(file)
"""


def turn(source: str, *arguments: str) -> dict[str, float]:
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    start = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-c", source, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=60,
        check=False,
    )
    if not result.stdout.strip():
        raise SystemExit(result.stderr[-2000:])
    answer = json.loads(result.stdout.strip().splitlines()[-1])
    answer["seconds"] = answer["at"] - start
    return answer


def main() -> int:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    demo = str(ROOT / "resources" / "demo" / "marlow_helen.json")
    sides: dict[str, list[dict[str, float]]] = {"bare": [], "window": [], "results": []}
    for _turn in range(turns + 1):
        sides["bare"].append(turn(BARE))
        sides["window"].append(turn(MEDGUI, json.dumps(HEAVY)))
        sides["results"].append(turn(MEDGUI, json.dumps(HEAVY), demo))
    seconds = {
        name: statistics.median(each["seconds"] for each in found[1:]) for name, found in sides.items()
    }
    last, modules = sides["results"][-1], sides["window"][-1]["modules"]
    extra = seconds["results"] - seconds["bare"]
    print(f"bare window {seconds['bare']:.3f} s")
    print(
        f"first window {seconds['window']:.3f} s, ratio {seconds['window'] / seconds['bare']:.2f} (<= {START_RATIO})"
    )
    print(f"heavy modules at the first window: {modules or 'none'}")
    shown = f"results and {last['explanations']} explanations {seconds['results']:.3f} s"
    print(f"{shown}, bare + {extra:.3f} s (<= {RESULTS_S})")
    print(f"resident memory with a patient open {last['mb']:.0f} MB (<= {MEMORY_MB})")
    held = (
        seconds["window"] <= START_RATIO * seconds["bare"] and extra <= RESULTS_S and last["mb"] <= MEMORY_MB
    )
    print("within the budgets" if held else "over a budget")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
