"""What the first window loads, in a process of its own."""

import json

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
