"""What the first window loads, in a process of its own."""

import json
from pathlib import Path

from tests.helpers.processes import run_python

PROBE = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from medgui import app
from medgui.settings import Settings
settings = Settings()
application = app.make_application(settings)
from medgui.ui.window import MainWindow
window = MainWindow(app.make_services(settings))
window.show()
application.processEvents()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
os._exit(0)
"""

HEAVY = {
    "onnxruntime",
    "shap",
    "pandas",
    "sklearn",
    "pydicom",
    "reportlab",
    "matplotlib",
    "numpy",
    "openpyxl",
}


def test_the_first_paint_has_loaded_no_engine() -> None:
    loaded = set(json.loads(run_python(PROBE).splitlines()[-1]))
    assert not loaded & HEAVY
    assert "PySide6" in loaded


def test_the_tour_is_loaded_only_when_it_is_asked_for() -> None:
    probe = PROBE.replace('{name.partition(".")[0] for name in sys.modules}', "set(sys.modules)")
    loaded = json.loads(run_python(probe).splitlines()[-1])
    assert "medgui.ui.pages.start.offer" in loaded
    assert not [name for name in loaded if name.startswith("medgui.ui.tour")]


DIALOG = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["XDG_CONFIG_HOME"] = FOLDER + "/config"
from medgui import app
from medgui.settings import Settings
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog
application = app.make_application(Settings())
dialog = QFileDialog(None, "", FOLDER + "/Somebody")
dialog.selectFile("labs.json")
QTimer.singleShot(0, dialog.accept)
dialog.exec()
print(dialog.selectedFiles()[0])
del dialog
"""


def test_the_dialog_that_opens_files_writes_down_no_folder(tmp_path: Path) -> None:
    (tmp_path / "Somebody").mkdir()
    (tmp_path / "Somebody" / "labs.json").write_text("{}", encoding="utf-8")
    said = run_python(f"FOLDER = {str(tmp_path)!r}\n{DIALOG}")
    assert "Somebody/labs.json" in said
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "labs.json"]
    assert [path for path in kept if "Somebody" in path.read_text(encoding="utf-8", errors="replace")] == []
