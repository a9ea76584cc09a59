"""The wheel in an environment of its own, run from an empty folder, answers as the checkout does, bit for bit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import Done, environment, medgui

pytestmark = pytest.mark.slow

COLUMNS = "age,sex,systolic_bp,bp_treatment,total_cholesterol,hdl_cholesterol,statin,diabetes,current_smoker,egfr,bmi"
ROWS = [
    "50,female,160,1,200,45,0,1,0,90,35",
    "61,male,131,0,180,52,1,0,1,75,24",
    "30,male,,0,180,52,1,0,1,75,24",
]
WINDOW = """
import json, os, sys, time
from pathlib import Path
from medgui import app
from medgui.settings import Settings
settings = Settings()
application = app.make_application(settings)
from medgui.ui.window import MainWindow
window = MainWindow(app.make_services(settings))
window.show()
window.open_path(Path(sys.argv[1]))
end = time.monotonic() + 60
while window.shell.visit.assessment is None and time.monotonic() < end:
    application.processEvents()
print(json.dumps([f.model for f in window.shell.visit.assessment.findings]), flush=True)
os._exit(0)
"""


@dataclass(frozen=True)
class Installed:
    """An environment with the package in it, and an empty folder to run it from."""

    bin: Path
    data: Path
    folder: Path

    @property
    def demo(self) -> Path:
        return self.data / "resources" / "demo" / "marlow_helen.json"

    def run(self, *command: str | Path) -> Done:
        """Run a program of the environment."""
        variables = environment(self.folder / "home")
        del variables["PYTHONPATH"]
        done = subprocess.run(
            [str(self.bin / command[0]), *map(str, command[1:])],
            cwd=self.folder,
            env=variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel alone; what it needs comes from the environment of the tests."""
    place = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True)
    scripts = place / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / ("python.exe" if sys.platform == "win32" else "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*map(str, pip), "--disable-pip-version-check", str(wheel)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    (Path(own) / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    folder = place / "empty"
    folder.mkdir()
    return Installed(scripts, Path(own) / "medgui" / "_data", folder)


def answer(text: str) -> dict[str, Any]:
    """JSON without the time at which the file was read."""
    data: dict[str, Any] = json.loads(text)
    for part in (data, data.get("record", {})):
        part.pop("read_at", None)
    return data


def test_the_package_runs_from_its_own_folder_and_not_from_the_checkout(installed: Installed) -> None:
    done = installed.run("python", "-c", "import medgui; print(medgui.__file__)")
    assert Path(done.out.strip()).parent == installed.data.parent


def test_help_and_verify_answer(installed: Installed) -> None:
    shown = installed.run("medgui", "--help")
    assert (shown.code, shown.err) == (0, "")
    assert "assess" in shown.out
    verified = installed.run("medgui", "models", "verify")
    here = medgui("models", "verify", folder=installed.folder)
    assert (verified.code, verified.out, verified.err) == (here.code, here.out, here.err)


@pytest.mark.parametrize("command", ["read", "assess"])
def test_records_and_findings_are_those_of_the_checkout(command: str, installed: Installed) -> None:
    done = installed.run("medgui", command, installed.demo, "--json")
    here = medgui(command, installed.demo, "--json", folder=installed.folder)
    assert (done.code, done.err) == (here.code, here.err) == (0, "")
    assert answer(done.out) == answer(here.out)


def test_scores_are_those_of_the_checkout(installed: Installed) -> None:
    table = installed.folder / "in.csv"
    table.write_text("\n".join([COLUMNS, *ROWS]) + "\n")
    assert installed.run("medgui", "score", "prevent", table, "-o", "theirs.csv", "--explain").code == 0
    assert medgui("score", "prevent", table, "-o", "ours.csv", "--explain", folder=installed.folder).code == 0
    theirs = (installed.folder / "theirs.csv").read_bytes()
    assert theirs == (installed.folder / "ours.csv").read_bytes()
    assert theirs.count(b"\n") == 1 + len(ROWS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_reads_as_that_of_the_checkout(language: str, installed: Installed) -> None:
    options = ("report", installed.demo, "--lang", language, "-o")
    done = installed.run("medgui", *options, "theirs.pdf")
    assert (done.code, done.err) == (0, "")
    assert medgui(*options, "ours.pdf", folder=installed.folder).code == 0
    assert report_text(installed.folder / "theirs.pdf") == report_text(installed.folder / "ours.pdf")


def report_text(path: Path) -> list[str]:
    """The text of each page, without the clock."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [re.sub(r"\d\d:\d\d", "", page) for page in pages]


def test_the_window_opens_on_a_demonstration_patient(installed: Installed) -> None:
    done = installed.run("python", "-c", WINDOW, installed.demo)
    assert done.code == 0, done.err
    assert "prevent" in json.loads(done.out.splitlines()[-1])
