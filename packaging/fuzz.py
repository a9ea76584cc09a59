"""Damage files of every format in thousands of ways and open them: `make fuzz`.

Each mutant must end in a record or in one of medgui's own sentences, within 2 s of computing time and with no
more than 300 MB above a program that has opened nothing. Formats and seeds stand in packaging/fuzz_seeds.py. Each
format runs in processes of its own; the same --seed gives the same mutants. Failing inputs are kept under -o.

    python packaging/fuzz.py [-n 10000] [--only CSV] [--seed 1] [-o build/fuzz]
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fuzz_seeds import COMMON_TOKENS, KINDS, ROOT, Kind

MOST_SECONDS, MOST_MEGABYTES, HANGS_AFTER = 2.0, 300.0, 60
BATCH = 1000
"""Mutants a process: its peak of memory is known to within that many."""
_NUMBERS = (b"0", b"-1", b"9" * 30, b"1e308", b"65535", b"4294967295", b"0.0000001", b"1e-400", b"00012")


@dataclass(slots=True)
class Outcome:
    """What became of the mutants of one format."""

    name: str
    mutants: int = 0
    opened: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    peak_mb: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, other: dict[str, Any]) -> None:
        """Take in what a process found."""
        self.mutants += other["mutants"]
        self.opened += other["opened"]
        self.refused += other["refused"]
        self.slowest_s = max(self.slowest_s, other["slowest_s"])
        self.peak_mb = max(self.peak_mb, other["peak_mb"])
        self.failures += other["failures"]


class Hangs(BaseException):
    """The file was not read within `HANGS_AFTER` seconds."""


# Mutants


def mutant(kind: Kind, seeds: list[bytes], chance: random.Random) -> bytes:
    """One damaged file."""
    data = chance.choice(seeds)
    if kind.archive and chance.random() < 0.7:
        return _inside(data, kind, seeds, chance)
    return _damaged(data, kind, seeds, chance)


def _damaged(data: bytes, kind: Kind, seeds: list[bytes], chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _step in range(chance.choice([1, 1, 1, 2, 3, 8])):
        chance.choice(_WAYS)(changed, kind, seeds, chance)
        if not changed:
            changed = bytearray(data[:1])
    return bytes(changed)


def _flip(data: bytearray, _kind: Kind, _seeds: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at] = data[at] ^ (1 << chance.randrange(8)) if chance.random() < 0.5 else chance.randrange(256)


def _delete(data: bytearray, _kind: Kind, _seeds: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice([1, 2, 8, 60, 600])]


def _repeat(data: bytearray, _kind: Kind, _seeds: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data))
    part = bytes(data[at : at + chance.choice([1, 8, 60, 600])])
    data[at:at] = part * chance.choice([1, 1, 2, 50])


def _splice(data: bytearray, _kind: Kind, seeds: list[bytes], chance: random.Random) -> None:
    other = chance.choice(seeds)
    start, at = chance.randrange(len(other)), chance.randrange(len(data))
    data[at : at + chance.choice([0, 30, 300])] = other[start : start + chance.choice([10, 100, 2000])]


def _token(data: bytearray, kind: Kind, _seeds: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    token = chance.choice(kind.tokens if chance.random() < 0.7 else COMMON_TOKENS)
    data[at : at + chance.choice([0, 0, len(token)])] = token


def _cut(data: bytearray, _kind: Kind, _seeds: list[bytes], chance: random.Random) -> None:
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    elif chance.random() < 0.5:
        del data[: chance.randrange(len(data))]


def _number(data: bytearray, _kind: Kind, _seeds: list[bytes], chance: random.Random) -> None:
    start = chance.randrange(len(data))
    found = re.compile(rb"\d+(?:\.\d+)?").search(data, start)
    if found:
        data[found.start() : found.end()] = chance.choice(_NUMBERS)


_WAYS = (_flip, _flip, _delete, _repeat, _splice, _token, _token, _cut, _number)


def _inside(data: bytes, kind: Kind, seeds: list[bytes], chance: random.Random) -> bytes:
    """An archive with one part damaged, missing or twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(part.filename, archive.read(part)) for part in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return _damaged(data, kind, seeds, chance)
    at = chance.randrange(len(parts))
    name, content = parts[at]
    if chance.random() < 0.1:
        parts[at : at + 1] = chance.choice([[], [(name, content), (name, b"")], [(name + "x", content)]])
    else:
        parts[at] = (name, _damaged(content or b" ", kind, [body or b" " for _name, body in parts], chance))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


# A process


def work(kind: Kind, seed: int, start: int, count: int, folder: Path, keep: Path) -> Outcome:
    """Open mutants *start* to *start + count* of a format in this process."""
    from medgui.readers import open_record  # so that the program is loaded before the memory is measured

    def hangs(*_ignored: object) -> None:
        raise Hangs

    signal.signal(signal.SIGALRM, hangs)
    seeds = kind.all_seeds()
    path = folder / f"mutant.{kind.ending}".rstrip(".")
    path.write_bytes(seeds[0])
    outcome = Outcome(kind.name)
    base = _peak_mb()
    for number in range(start, start + count):
        data = mutant(kind, seeds, random.Random(f"{kind.name} {seed} {number}"))
        path.write_bytes(data)
        before, began = _peak_mb(), time.process_time()
        problem = _open(open_record, path, outcome)
        took, grown = time.process_time() - began, _peak_mb()
        outcome.mutants += 1
        outcome.slowest_s = max(outcome.slowest_s, took)
        outcome.peak_mb = grown - base
        if took > MOST_SECONDS:
            problem = problem or f"{took:.1f} s"
        if grown - base > MOST_MEGABYTES and grown > before:
            problem = problem or f"{grown - base:.0f} MB"
        if problem:
            outcome.failures.append(_kept(data, kind, problem, keep))
    return outcome


def _open(open_record: Any, path: Path, outcome: Outcome) -> str:
    """Open one mutant, and where it holds several patients one of them; "" or what went wrong."""
    from medgui.errors import SeveralPatients, UserError

    signal.alarm(HANGS_AFTER)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                open_record(path)
            except SeveralPatients as several:
                open_record(path, patient=several.patients[-1][0])
        outcome.opened += 1
    except UserError as sentence:
        outcome.refused += 1
        return "" if str(sentence).strip() else "a refusal without words"
    except Hangs:
        return f"hangs: not read in {HANGS_AFTER} s"
    except (Exception, RecursionError) as bug:  # noqa: BLE001  every kind of bug is what is looked for
        place = traceback.extract_tb(bug.__traceback__)[-1]
        return f"{type(bug).__name__}: {bug} ({Path(place.filename).name}:{place.lineno})"
    finally:
        signal.alarm(0)
    return ""


def _peak_mb() -> float:
    """The largest memory of this process so far, in MB.

    Linux is asked for its own mark, since `ru_maxrss` of a process begins at what its parent had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return float(status.read_text().partition("VmHWM:")[2].split()[0]) / 1e3
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _kept(data: bytes, kind: Kind, problem: str, keep: Path) -> str:
    keep.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(data).hexdigest()[:12]
    path = keep / f"{name}.{kind.ending}".rstrip(".")
    path.write_bytes(data)
    return f"{problem[:200]} [{path}]"


# All


def fuzz(kind: Kind, count: int, seed: int, keep: Path) -> Outcome:
    """Run *count* mutants of a format in processes of `BATCH`; a process that dies is a failure with its input."""
    outcome = Outcome(kind.name)
    for start in range(0, count, BATCH):
        with tempfile.TemporaryDirectory() as folder:
            settings = [kind.name, str(seed), str(start), str(min(BATCH, count - start)), folder, str(keep)]
            command = [sys.executable, str(Path(__file__).resolve()), "--work", *settings]
            done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
            if done.returncode == 0:
                outcome.add(json.loads(done.stdout))
                continue
            files = [path for path in Path(folder).iterdir() if path.name.startswith("mutant")]
            words = f"the process ended with {done.returncode}: {done.stderr[-200:]}"
            for path in files[:1]:
                outcome.failures.append(_kept(path.read_bytes(), kind, words, keep))
    return outcome


def table(outcomes: list[Outcome]) -> str:
    """The figures, one format a line."""
    lines = [
        f"{'format':<14}{'mutants':>9}{'opened':>9}{'refused':>9}{'slowest s':>11}{'peak MB':>9}{'failures':>10}"
    ]
    lines.extend(
        f"{found.name:<14}{found.mutants:>9}{found.opened:>9}{found.refused:>9}{found.slowest_s:>11.2f}"
        f"{found.peak_mb:>9.0f}{len(found.failures):>10}"
        for found in outcomes
    )
    return "\n".join(lines)


def _one_of_each(failures: list[str]) -> list[str]:
    """One failure of each kind with the number of its like, the most frequent first."""
    kinds: dict[str, list[str]] = {}
    for failure in failures:
        kinds.setdefault(re.sub(r"[\d.]+|\[.*\]$", "", failure), []).append(failure)
    return [f"{len(found)} × {found[0]}" for found in sorted(kinds.values(), key=len, reverse=True)]


def main() -> int:
    """Exit code 0 where nothing failed."""
    if sys.argv[1:2] == ["--work"]:
        name, seed, start, count, folder, keep = sys.argv[2:8]
        kind = next(kind for kind in KINDS if kind.name == name)
        print(json.dumps(asdict(work(kind, int(seed), int(start), int(count), Path(folder), Path(keep)))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", "--mutants", type=int, default=10_000)
    parser.add_argument("--only", action="append", choices=[kind.name for kind in KINDS])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "build" / "fuzz")
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    outcomes = []
    for kind in KINDS:
        if options.only is None or kind.name in options.only:
            outcomes.append(fuzz(kind, options.mutants, options.seed, options.out))
            print(
                table(outcomes[-1:]) if len(outcomes) == 1 else table(outcomes[-1:]).partition("\n")[2],
                flush=True,
            )
            for failure in _one_of_each(outcomes[-1].failures):
                print(f"  {failure}", flush=True)
    return 1 if any(found.failures for found in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
