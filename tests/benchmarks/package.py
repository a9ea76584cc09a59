"""The installed package beside the source, in a bare Debian without a network, on one virtual screen each.

    python -m tests.benchmarks.package [--rounds N]

Size of the package and of what it installs. Then, in turn, the installed program and the source open their first
window and `medgui FILE`, watched from outside: a time runs from before the process starts until the window has drawn,
and until the picture is that of the finished results (clocks left out). Prints both, and the ratios.
Budgets: 450 MB, 200 MB, 1.0 s, 2.0 s.
"""

from __future__ import annotations

import argparse
import compileall
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from tests.benchmarks.figures import Figure, show
from tests.helpers.screen import SIZE, Screen, lacking, screen
from tests.package import base
from tests.package.answers import Both, source_python, source_variables
from tests.package.machine import PROGRAM, Machine, end, machine
from tests.package.questions import patients
from tests.package.twins import CLOCKS, FONTS, Picture

NAME = "marlow_helen.json"
LOOK_S = 0.005
CLOCK_PLACES = 2
"""When the file was read, in the banner; how long the models took, in the head of the page."""
CALM_S = 2.5
"""How long a picture has to stay as it is to be taken for the finished one."""
LIMIT_S = 60
BUDGETS = {"installed": 450, "package": 200, "window": 1.0, "results": 2.0}
Start = Callable[..., subprocess.Popen[bytes]]


@dataclass(frozen=True)
class Side:
    """One of the two programs and its screen."""

    name: str
    screen: Screen
    start: Start

    @contextmanager
    def running(self, *arguments: str) -> Iterator[float]:
        """Start the program, give the time before, end it."""
        before = time.monotonic()
        process = self.start(*arguments)
        try:
            yield before
        finally:
            end(process)
            wait_until(lambda: not self.picture().any(), "an empty screen")

    def picture(self) -> Picture:
        """What the screen shows."""
        return np.frombuffer(self.screen.pixels(), np.uint8)

    def finished(self, *arguments: str) -> Picture:
        """The picture at which the program comes to rest."""
        with self.running(*arguments):
            last, since = self.picture(), time.monotonic()
            while time.monotonic() - since < CALM_S or not last.any():
                now = self.picture()
                if not np.array_equal(now, last):
                    last, since = now, time.monotonic()
                time.sleep(0.05)
            return last

    def seconds(self, same: Callable[[Picture], bool], *arguments: str) -> float:
        """How long it takes from the start until the picture is what is waited for."""
        with self.running(*arguments) as before:
            wait_until(lambda: same(self.picture()), "the picture")
            return time.monotonic() - before


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Look often until something holds."""
    limit = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > limit:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(LOOK_S)


def same_as(finished: Picture, clocks: Sequence[Sequence[int]]) -> Callable[[Picture], bool]:
    """Whether a picture is the finished one, without the places that show a clock."""
    wanted = _shape(finished).copy()
    for x, y, width, height in clocks:
        wanted[y : y + height, x : x + width] = 0

    def same(picture: Picture) -> bool:
        now = _shape(picture).copy()
        for x, y, width, height in clocks:
            now[y : y + height, x : x + width] = 0
        return bool(np.array_equal(now, wanted))

    return same


def _shape(picture: Picture) -> Picture:
    return picture.reshape(SIZE[1], SIZE[0], 4)


def clock_places(made: Machine, here: Path, variables: dict[str, str]) -> list[list[int]]:
    """Where the finished results show a clock: the source says it once, before anything is timed."""
    line = [*made.beside(here), source_python(), "-m", "tests.package.spy", NAME]
    spy = subprocess.Popen(
        line, env=variables, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        found: list[list[int]] = []
        limit = time.monotonic() + LIMIT_S
        while len(found) < CLOCK_PLACES and time.monotonic() < limit:
            time.sleep(0.5)
            assert spy.stdin is not None
            assert spy.stdout is not None
            spy.stdin.write("\n")
            spy.stdin.flush()
            parts = json.loads(spy.stdout.readline())
            found = [part["box"] for part in parts if CLOCKS.search(f"{part['text']} {part['name']}")]
        return found
    finally:
        spy.kill()
        spy.communicate()


@contextmanager
def sides(made: Machine, here: Path) -> Iterator[tuple[tuple[Side, Side], list[list[int]]]]:
    """The installed program and the source, each with its screen and the same fonts; where they show clocks."""
    both = Both(made, "/home/doctor", here)
    both.put(NAME, patients()[NAME])
    (here / "fonts.conf").write_text(FONTS.format(root=made.inside))
    places = here / "packaged", here / "source"
    for place in places:
        place.mkdir()
    beside = made.beside(here)
    with (
        screen(places[0], "-ac", "-nocursor", prefix=beside) as one,
        screen(places[1], "-ac", "-nocursor", prefix=beside) as other,
    ):
        variables = {
            **source_variables(here),
            "QT_QPA_PLATFORM": "xcb",
            "DISPLAY": other.display,
            "FONTCONFIG_FILE": str(here / "fonts.conf"),
        }

        def packaged(*arguments: str) -> subprocess.Popen[bytes]:
            line = made.command(["medgui", *arguments], QT_QPA_PLATFORM="xcb", DISPLAY=one.display)
            return subprocess.Popen(line, stdin=subprocess.DEVNULL)

        def source(*arguments: str) -> subprocess.Popen[bytes]:
            line = [*beside, source_python(), "-m", "medgui", *arguments]
            return subprocess.Popen(line, env=variables, cwd=here, stdin=subprocess.DEVNULL)

        clocks = clock_places(made, here, variables)
        yield (Side("installed", one, packaged), Side("source", other, source)), clocks


def sizes(deb: Path, made: Machine) -> list[Figure]:
    """Megabytes of the package, and of its files where they are installed."""
    files = [path for path in made.path(PROGRAM).rglob("*") if path.is_file() and not path.is_symlink()]
    installed = sum(path.stat().st_size for path in files) / 1e6
    return [
        Figure("package, installed", installed, BUDGETS["installed"], " MB"),
        Figure("package, as .deb", deb.stat().st_size / 1e6, BUDGETS["package"], " MB"),
    ]


def times(pair: tuple[Side, Side], clocks: list[list[int]], rounds: int) -> tuple[list[Figure], list[str]]:
    """Seconds until the first window and until the finished results, and the ratios to the source."""
    found: dict[tuple[str, str], list[float]] = {}
    results = {side.name: same_as(side.finished(NAME), clocks) for side in pair}
    for _round in range(rounds):
        for side in pair:
            window = side.seconds(lambda picture: bool(picture.any()))
            found.setdefault(("window", side.name), []).append(window)
            found.setdefault(("results", side.name), []).append(side.seconds(results[side.name], NAME))
    figures, lines = [], []
    words = {"window": "installed: start to first window", "results": "installed: file to finished results"}
    for what, title in words.items():
        ours, theirs = found[what, "installed"], found[what, "source"]
        ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
        figures.append(Figure(title, min(ours), BUDGETS[what], " s", median(ours)))
        lines.append(
            f"{what}: source best {min(theirs):.2f} s, median {median(theirs):.2f} s; "
            f"installed to source best {min(ratios):.2f}, median {median(ratios):.2f}"
        )
    return figures, lines


def measure(rounds: int) -> tuple[list[Figure], list[str]]:
    """Everything; nothing but the reason where no package can be tried here."""
    reason = base.lacking() or lacking()
    deb = base.package()
    if deb is None:
        reason = reason or "no package in dist (make package)"
    elif not reason and not base.folder(deb).is_dir():
        reason = "no bare Debian is kept for this package (make package-test fetches one)"
    if reason or deb is None:
        return [], [f"package: not measured, {reason}"]
    with machine(base.make(deb)) as made, tempfile.TemporaryDirectory() as here:
        made.put("/var/medgui.deb", deb.read_bytes(), "root")
        done = made.run("dpkg", "-i", "/var/medgui.deb", user="root")
        if done.code:
            raise SystemExit(done.err)
        compileall.compile_dir(
            base.ROOT / "medgui", quiet=2
        )  # as the set-up does: a changed source is no slower
        with sides(made, Path(here)) as (pair, clocks):
            figures, lines = times(pair, clocks, rounds)
        return sizes(deb, made) + figures, lines


def main() -> int:
    """Print the table; 1 where a budget is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    return show(*measure(parser.parse_args().rounds))


if __name__ == "__main__":
    sys.exit(main())
