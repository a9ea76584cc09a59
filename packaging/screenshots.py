"""Picture every page of the real window: `make screenshots`.

Writes build/screenshots/<page>-<theme>-<language>-<scale>.png; the pictures of the documents are made by
guide_pictures.py. Each scale of the display runs in a process of its own, since Qt takes the
scale once. The pictures are to be looked at by a person: nothing clipped, overlapping or untranslated.

    python packaging/screenshots.py [--only results] [--quick] [--out DIR]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from medgui.ui.window import MainWindow

SIZE = (1440, 900)
DEMOS = ("marlow_helen", "rowe_thomas", "bauer_anna", "okafor_grace", "lindqvist_per", "lin_huimin")
MOST_S = 60
WORDS = {
    "title": "Back in hospital within 90 days of a heart failure clinic",
    "intended_use": "To decide whom the nurse calls first",
    "not_for": "Acute illness; deciding on treatment",
    "population": "People seen in the heart failure clinic",
    "data_licence": "Data of the clinic, for its own use",
    "developer": "The heart failure clinic",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the demo patient or "", the page, its anchor, the window's size and text size."""

    name: str
    demo: str
    page: str
    anchor: str = ""
    size: tuple[int, int] = SIZE
    text: int = 100


def shots(quick: bool) -> Iterator[Shot]:
    """List the pictures of one theme, language and scale."""
    yield Shot("start", "", "start")
    yield Shot("settings", "", "settings")
    yield Shot("model-card", "marlow_helen", "models", "prevent")
    yield Shot("record", "bauer_anna", "record")
    for demo in DEMOS[:1] if quick else DEMOS:
        yield Shot(f"results-{demo.partition('_')[0]}", demo, "results", "prevent")
    yield Shot("report", "marlow_helen", "report")
    yield Shot("workshop-columns", "", "workshop", "columns", (1280, 800))
    yield Shot("workshop-words", "", "workshop", "words", (1280, 800))
    if not quick:
        yield Shot("workshop-card", "", "workshop", "card", (1280, 800))
    if not quick:
        yield Shot("small-start", "", "start", size=(640, 360))
        yield Shot("small-results", "marlow_helen", "results", "prevent", (640, 360))
        yield Shot("medium-results", "marlow_helen", "results", "prevent", (1100, 760))
        yield Shot("wide-results", "marlow_helen", "results", "prevent", (1720, 1000))
        yield Shot("text200-results", "marlow_helen", "results", "prevent", SIZE, 200)
        yield Shot("text150-settings", "", "settings", size=(1280, 720), text=150)


def invented_table(folder: Path) -> Path:
    """Four hundred invented people of a clinic: who came back within 90 days, and a code that was written after it."""
    import numpy as np

    random = np.random.default_rng(7)
    n = 400
    age, sex = random.normal(66, 11, n).round(), random.integers(0, 2, n)
    hba1c, sbp = random.normal(7.1, 1.0, n).round(1), random.normal(138, 17, n).round()
    walk = (random.normal(360, 90, n) - 2 * (age - 66)).round()
    odds = -1.1 + 0.05 * (age - 66) + 0.5 * (hba1c - 7.1) - 0.006 * (walk - 360)
    back = random.random(n) < 1 / (1 + np.exp(-odds))
    path = folder / "heart_failure_clinic.csv"
    lines = ["patient id,age,sex,sbp,HbA1c,six minute walk (m),admission code,back within 90 days"]
    for at in range(n):
        person = f"H{at + 1:04d},{age[at]:.0f},{('female', 'male')[sex[at]]},{sbp[at]:.0f},{hba1c[at]}"
        lines.append(f"{person},{walk[at]:.0f},{2 if back[at] else 1},{'yes' if back[at] else 'no'}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def until(done: Callable[[], bool], most: float = MOST_S) -> None:
    """Let the window work until *done*, a real event loop each time."""
    from PySide6.QtCore import QEventLoop, QTimer

    end = time.monotonic() + most
    while not done() and time.monotonic() < end:
        loop = QEventLoop()
        QTimer.singleShot(30, loop.quit)
        loop.exec()


def rest(seconds: float) -> None:
    """Let the window come to rest."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end)


class Studio:
    """One window, brought into each state in turn."""

    def __init__(self, out: Path, scale: int) -> None:
        from medgui import app
        from medgui.settings import Settings

        self._out, self._scale = out, scale
        self._settings = Settings()
        self._settings.tour = "done"
        self._application = app.make_application(self._settings)
        self._services = app.make_services(self._settings)
        self._window: MainWindow | None = None
        self._demo = ""

    def pose(self, theme_name: str, language: str) -> None:
        """Begin with a fresh window in a theme and a language."""
        from medgui import i18n
        from medgui.ui.theme import theme
        from medgui.ui.window import MainWindow

        if self._window is not None:
            self._window.close()
            self._window.deleteLater()
        i18n.set_language(language)
        theme.apply(theme_name, 100)
        self._window = MainWindow(self._services)
        self._demo = ""
        self._window.show()

    def take(self, shot: Shot, theme_name: str, language: str) -> Path:
        """Bring the window into the state of *shot* and save its picture."""
        from medgui.ui.theme import theme

        window = self._window
        if window is None:
            raise RuntimeError("pose first")
        theme.apply(theme_name, shot.text)
        window.resize(*shot.size)
        self._open(window, shot.demo)
        if shot.page == "workshop":
            self._work(window, shot.anchor)
        else:
            window.go(shot.page, shot.anchor)
        rest(1.2 if shot.page in ("models", "report", "start") else 0.5)
        path = self._out / f"{shot.name}-{theme_name}-{language}-{self._scale}.png"
        window.grab().save(str(path))
        theme.apply(theme_name, 100)
        return path

    def _work(self, window: MainWindow, step: str) -> None:
        """Bring the workshop to a step: an invented table, looked at, described and trained on."""
        from medgui.ui.pages.workshop import WorkshopPage
        from medgui.ui.pages.workshop import page as steps

        window.go("workshop")
        page = window.current
        if not isinstance(page, WorkshopPage):
            raise TypeError("no workshop")
        if page._plan is None:
            page.look_into(invented_table(Path(os.environ["MEDGUI_HOME"])))
            until(lambda: page._step == steps.COLUMNS)
        page._show(steps.COLUMNS if step == "columns" else steps.WORDS)
        if step != "columns":
            for key, text in WORDS.items():
                page.words.fields[key]["en"].setText(text)
        if step == "card":
            page.columns.choose_role("leave_out")
            page.words.effort.setCurrentIndex(1)
            page.train()
            until(lambda: page._step != steps.TRAINING, 300)
            page._trained = None  # nothing to ask about when the window closes

    def _open(self, window: MainWindow, demo: str) -> None:
        visit = window.shell.visit
        if demo == self._demo:
            return
        self._demo = demo
        if not demo:
            visit.close()
            return
        window.open_path(ROOT / "resources" / "demo" / f"{demo}.json")
        until(lambda: visit.assessment is not None and visit.opening is None)


def child(options: argparse.Namespace) -> None:
    """Take all pictures of one scale."""
    os.environ["MEDGUI_HOME"] = tempfile.mkdtemp(prefix="medgui-screenshots-")
    studio = Studio(Path(options.out), options.scale)
    themes = ("light", "dark") if options.scale == 100 else ("light",)
    looks = [(t, lang) for t in themes for lang in ("en", "zh")]
    if options.scale == 100 and not options.quick:
        looks.append(("contrast", "en"))
    for theme_name, language in looks:
        studio.pose(theme_name, language)
        for shot in shots(options.quick or options.scale != 100 or theme_name == "contrast"):
            if options.only in shot.name:
                print(studio.take(shot, theme_name, language), flush=True)
    sys.stdout.flush()
    os._exit(0)  # worker threads may still hold a model


def main() -> None:
    """Run one process for each scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(ROOT / "build" / "screenshots"))
    parser.add_argument("--only", default="", help="names that hold this text")
    parser.add_argument("--quick", action="store_true", help="a few pictures")
    parser.add_argument("--scale", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    if options.scale:
        child(options)
    for scale in (100, 200):
        environment = {**os.environ, "QT_SCALE_FACTOR": str(scale / 100), "MEDGUI_LANG": "en"}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        command = [sys.executable, __file__, *sys.argv[1:], "--scale", str(scale)]
        subprocess.run(command, check=True, env=environment, cwd=ROOT)


if __name__ == "__main__":
    main()
