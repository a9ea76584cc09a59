"""A whole visit in the real window: no socket but local ones, and nothing of the patient is left behind."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VISIT = """
import json, sys, time
from pathlib import Path

remote = []

def hook(event, arguments):
    if event == "socket.connect" and not isinstance(arguments[1], (str, bytes)):
        remote.append(repr(arguments[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        remote.append(event)

sys.addaudithook(hook)
from PySide6.QtWidgets import QApplication
from medgui import app
from medgui.settings import Settings

demo, report = Path(sys.argv[1]), Path(sys.argv[2])
settings = Settings()
application = app.make_application(settings)
from medgui.ui.window import MainWindow

window = MainWindow(app.make_services(settings))
window.show()
window.open_path(demo, patient=None, as_of="")
visit = window.shell.visit
deadline = time.monotonic() + 120
while visit.assessment is None or not visit.assessment.complete:
    application.processEvents()
    if time.monotonic() > deadline:
        sys.exit("no results")
for key in window.specs:
    window.go(key)
    for _turn in range(5):
        application.processEvents()
services = window.shell.services
services.write_pdf(visit.record, visit.assessment, report, "zh", False, "si")
services.preview(report.read_bytes(), 0, 400)
settings.save()
findings = len(visit.assessment.findings)
title = window.windowTitle()
window.close()
application.processEvents()
print(json.dumps({"remote": remote, "findings": findings, "title": title}))
"""


@pytest.fixture
def demo(repository: Path) -> Path:
    return repository / "resources" / "demo" / "marlow_helen.json"


def visit(demo: Path, folder: Path, *prefix: str) -> subprocess.CompletedProcess[str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "MEDGUI_HOME": str(home),
        "TMPDIR": str(home),
    }
    command = [*prefix, sys.executable, "-c", VISIT, str(demo), str(folder / "report.pdf")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


def test_a_visit_connects_to_nothing_and_leaves_no_patient_text(demo: Path, tmp_path: Path) -> None:
    done = visit(demo, tmp_path)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["remote"] == []
    assert seen["findings"] > 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    left = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    for text in (seen["title"], done.stderr, *(path.read_text("utf-8", "replace") for path in left)):
        assert not re.search("marlow|helen|4471-0928|1976-03-14", text, re.IGNORECASE)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_kernel_sees_no_socket_but_local_ones(demo: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    traced = visit(demo, tmp_path, "strace", "-f", "-qq", "-e", "trace=socket,connect", "-o", str(trace))
    if not trace.exists() or "ptrace" in traced.stderr:
        pytest.skip("this machine lets no process be traced")
    assert traced.returncode == 0, traced.stderr
    families = set(re.findall(r"socket\((\w+)", trace.read_text(encoding="utf-8")))
    assert families <= {"AF_UNIX", "AF_LOCAL"}
