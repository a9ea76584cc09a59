"""Two windows under the same mouse and keys: the installed program without a network, and the source.

Each has a screen of its own. The source says where its parts are (`spy`); clicks go to the same points of both, and
after each step both pictures have to become equal, pixel by pixel.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.helpers.screen import SIZE, Screen, screen, wait
from tests.package.answers import Both, source_python, source_variables
from tests.package.machine import Machine, end

Picture = NDArray[np.uint8]
STEP_S = 60
CALM = 4
"""Looks in a row at which both pictures are alike: nothing is still on its way."""
CARET = 64
"""Pixels that may differ: a caret that blinks in a field."""
FONTS = (
    "<fontconfig><dir>{root}/usr/share/fonts</dir>"
    '<include ignore_missing="yes">{root}/etc/fonts/conf.d</include></fontconfig>\n'
)
"""What fontconfig tells the source: the fonts of the machine and no others."""
CLOCKS = re.compile(r"finished in \d|read \d+ \w+ \d{4}|完成")
"""Words that say when or how fast; the parts that show them are not compared."""


@dataclass(frozen=True)
class Twins:
    """Both windows: *packaged* and *source* are their screens."""

    machine: Machine
    packaged: Screen
    source: Screen
    program: subprocess.Popen[bytes]
    spy: subprocess.Popen[str]
    pictures: Path

    @property
    def screens(self) -> tuple[Screen, Screen]:
        """Both screens, that of the installed program first."""
        return self.packaged, self.source

    def parts(self) -> list[dict[str, Any]]:
        """What the source shows now."""
        assert self.spy.stdin is not None
        assert self.spy.stdout is not None
        self.spy.stdin.write("\n")
        self.spy.stdin.flush()
        found: list[dict[str, Any]] = json.loads(self.spy.stdout.readline())
        return found

    def find(self, kind: str, words: str = "") -> tuple[int, int]:
        """The middle of the first part of a class whose text or name holds *words*; waits for it."""
        end_at = time.monotonic() + STEP_S
        while True:
            shown = self.parts()
            for part in shown:
                if kind in part["kinds"] and words in f"{part['text']} {part['name']}":
                    x, y, width, height = part["box"]
                    return x + width // 2, y + height // 2
            if time.monotonic() > end_at:
                self.keep("in-vain")
                raise AssertionError(f"no {kind} “{words}” is seen ({self.pictures})")
            time.sleep(0.1)

    def keep(self, step: str) -> None:
        """Keep both pictures of a step that failed."""
        for which, picture in zip(("packaged", "source"), self.pictures_now(""), strict=True):
            save(picture, self.pictures / f"{step}-{which}.png")

    def click(self, kind: str, words: str = "", times: int = 1) -> None:
        """Click the middle of a part in both windows."""
        x, y = self.find(kind, words)
        for each in self.screens:
            each.tool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "60", "1")

    def key(self, keys: str) -> None:
        """Press a key in both windows."""
        for each in self.screens:
            each.tool("key", "--clearmodifiers", keys)

    def type(self, packaged: str, source: str = "") -> None:
        """Type a text in both windows."""
        for each, text in zip(self.screens, (packaged, source or packaged), strict=True):
            each.tool("type", "--delay", "25", text)

    def window(self, title: str) -> tuple[str, str]:
        """Wait until both windows have a title; their ids."""
        found = (self._window(self.packaged, title, self.program), self._window(self.source, title, self.spy))
        return found[0], found[1]

    def _window(self, screen: Screen, title: str, process: subprocess.Popen[Any]) -> str:
        """The window of a title; the words of a program that ended instead."""
        wait(
            f"a window titled {title}",
            lambda: process.poll() is not None or screen.tool("search", "--onlyvisible", "--name", title),
            STEP_S,
        )
        assert process.poll() is None, process.communicate()
        return screen.window(title)

    def focus(self, title: str) -> tuple[str, str]:
        """Give both windows of a title the keyboard, as a window manager does; their ids."""
        found = self.window(title)
        for each, window in zip(self.screens, found, strict=True):
            each.tool("windowfocus", "--sync", window)
        return found

    def alike(self, step: str, without: str = "") -> None:
        """Wait until both show the same; the pictures are kept. Parts of the class *without* are not compared."""
        for each in self.screens:
            each.tool("mousemove", str(SIZE[0] - 2), str(SIZE[1] - 2))
        end_at, calm = time.monotonic() + STEP_S, 0
        while calm < CALM:
            ours, theirs = self.pictures_now(without)
            differing = int((ours != theirs).any(axis=2).sum())
            calm = calm + 1 if differing <= CARET else 0
            if time.monotonic() > end_at:
                self.keep(step)
                raise AssertionError(f"{step}: {differing} pixels differ ({self.pictures})")
            time.sleep(0.1)
        save(ours, self.pictures / f"{step}.png")

    def pictures_now(self, without: str) -> tuple[Picture, Picture]:
        """Both pictures, without the parts that show a clock and those of the class *without*."""
        both = tuple(
            np.frombuffer(each.pixels(), np.uint8).reshape(SIZE[1], SIZE[0], 4).copy()
            for each in self.screens
        )
        for part in self.parts():
            if CLOCKS.search(f"{part['text']} {part['name']}") or part["kind"] == without:
                x, y, width, height = part["box"]
                for picture in both:
                    picture[y : y + height, x : x + width] = 0
        return both[0], both[1]


def save(picture: Picture, path: Path) -> None:
    """Keep a picture, to be looked at."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture[:, :, 2::-1].copy()).save(path)


def launcher(machine: Machine, name: str) -> list[str]:
    """The command of a double click on a file: that of the desktop entry."""
    for entry in machine.path("/usr/share/applications").glob("*medgui*.desktop"):
        (line,) = re.findall(r"^Exec=(.*)$", entry.read_text(encoding="utf-8"), re.MULTILINE)[:1]
        return [name if part in ("%f", "%F", "%u", "%U") else part for part in shlex.split(line)]
    return ["medgui", name]


@contextmanager
def twins(both: Both, name: str, pictures: Path) -> Iterator[Twins]:
    """Open a file that both have in both windows, the installed one as its desktop entry says."""
    machine, here = both.machine, both.here
    places = here / "packaged", here / "source"
    for place in places:
        place.mkdir()
    (here / "fonts.conf").write_text(FONTS.format(root=machine.inside))
    with (
        screen(places[0], "-ac", prefix=machine.beside(here)) as packaged,
        screen(places[1], prefix=machine.beside(here)) as source,
        machine.running(
            *launcher(machine, name), folder=both.folder, QT_QPA_PLATFORM="xcb", DISPLAY=packaged.display
        ) as program,
    ):
        spy = subprocess.Popen(
            [*machine.beside(here), source_python(), "-m", "tests.package.spy", name],
            env={
                **source_variables(here),
                "QT_QPA_PLATFORM": "xcb",
                "DISPLAY": source.display,
                "FONTCONFIG_FILE": str(here / "fonts.conf"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Twins(machine, packaged, source, program, spy, pictures)
        finally:
            end(program)
            spy.kill()
            spy.communicate()
