"""The notebook of outcomes: what a model predicted for a patient on a day, and what happened (docs/validation.md).

Nothing enters it but by the doctor's own click. One file, `outcomes.jsonl` in the user's data, that only grows: a
line says that a prediction was remembered, what its outcome was, or that it was forgotten. It holds no name, no date
of birth and no number of a patient, only keyed hashes of them (HMAC-SHA-256), by which the same patient is known
again while the file is open. It is not encrypted: the key lies beside it until the vault keeps both.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from medgui.errors import DamagedData, OutputNotWritable, UserError
from medgui.files import lock, reason, write_atomic
from medgui.frozen import frozen
from medgui.i18n import _, format_date
from medgui.paths import user_data_dir
from medgui.record.model import Patient

FILE, KEY = "outcomes.jsonl", "outcomes.key"
VERSION = 1
Outcome = Literal["yes", "no", "unknown"]
_HORIZON = re.compile(r"_(\d+)y$")


@frozen
class Prediction:
    """What a model said: `probability` of `output` on the day `as_of` (ISO)."""

    model: str
    version: str
    sha256: str
    output: str
    probability: float
    as_of: str


@frozen
class Entry:
    """One remembered prediction. outcome "": not recorded yet; "unknown": it cannot be known. day: of the outcome."""

    id: str
    who: tuple[str, ...]
    prediction: Prediction
    remembered: str
    outcome: Outcome | Literal[""] = ""
    day: str = ""

    @property
    def due(self) -> str:
        """The day from which the outcome can be known for everybody: `as_of` and the years of the output."""
        years = horizon_years(self.prediction.output)
        return later(self.prediction.as_of, years) if years else self.prediction.as_of


def horizon_years(output: str) -> int:
    """Years that an output looks ahead ("death_10y"); 0 for one about the present."""
    found = _HORIZON.search(output)
    return int(found[1]) if found else 0


def later(day: str, years: int) -> str:
    """The same day *years* later; 29 February becomes 1 March where there is none."""
    start = date.fromisoformat(day)
    try:
        return start.replace(year=start.year + years).isoformat()
    except ValueError:
        return date(start.year + years, 3, 1).isoformat()


class Notebook:
    """The file and its key in *folder* (default: the user's data), made with the first entry."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = user_data_dir() if folder is None else folder
        self.damaged = 0

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    def entries(self) -> tuple[Entry, ...]:
        """Every remembered prediction, oldest first. Lines that cannot be read are counted in `damaged`.

        Raises `DamagedData` where the file is of a newer version or cannot be opened.
        """
        found: dict[str, Entry] = {}
        self.damaged = 0
        for line in self._lines():
            if line.strip() and not _take(line, found):
                self.damaged += 1
        return tuple(found.values())

    def of(self, patient: Patient) -> tuple[Entry, ...]:
        """The entries about this patient; none where the patient cannot be told from others."""
        if not self.path.exists():
            return ()
        try:
            own = self._who(patient, make=False)
        except UserError:
            return ()
        return tuple(entry for entry in self.entries() if _same(entry.who, own))

    def remember(self, patient: Patient, prediction: Prediction, today: str) -> Entry:
        """Keep a prediction; one of the same model file, output and day is not kept twice.

        `UserError` for a demonstration patient, and where the file says too little of who it is; `OutputNotWritable`.
        """
        if patient.is_test:
            raise UserError(
                _("This is a demo or test patient: its outcome would distort what your own patients show.")
            )
        if not 0 < prediction.probability < 1:
            raise UserError(_("Only a probability between 0 and 1 can be held against an outcome."))
        own = self._who(patient, make=True)
        for entry in self.entries():
            if _same(entry.who, own) and _key(entry.prediction) == _key(prediction):
                return entry
        entry = Entry(secrets.token_hex(8), own, prediction, today)
        self._append(
            {"kind": "remembered", "id": entry.id, "who": list(own), "on": today, **_plain(prediction)}
        )
        return entry

    def settle(self, entry: Entry, outcome: Outcome, day: str, today: str) -> Entry:
        """Record what happened and when; a later record replaces it. `UserError` where that cannot be so."""
        problem = problem_with(entry, outcome, day, today)
        if problem:
            raise UserError(problem)
        self._append({"kind": "outcome", "id": entry.id, "outcome": outcome, "day": day, "on": today})
        return replace(entry, outcome=outcome, day=day)

    def forget(self, entry: Entry) -> None:
        """Take a prediction out for good: the file is written again without its lines."""
        with self._alone(), _writing(self.path):
            kept = [line for line in self._lines() if _id(line) != entry.id]
            write_atomic(self.path, "".join(f"{line}\n" for line in kept if line).encode(), private=True)

    def export_csv(self, path: Path) -> int:
        """Write every entry as a row, without anything of the patient; give the number of rows."""
        import csv
        import io

        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("model", "version", "output", "probability", "as_of", "outcome", "outcome_day"))
        entries = self.entries()
        for entry in entries:
            p = entry.prediction
            writer.writerow((p.model, p.version, p.output, p.probability, p.as_of, entry.outcome, entry.day))
        with _writing(path):
            write_atomic(path, text.getvalue().encode())
        return len(entries)

    # The file

    def _lines(self) -> list[str]:
        try:
            return self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            sentence = _("The notebook of outcomes cannot be read: {reason}.")
            raise DamagedData(sentence.format(reason=reason(error))) from error

    def _append(self, entry: Mapping[str, Any]) -> None:
        """Add one line, whole or not at all: what a full disk cut off is taken back."""
        line = json.dumps({"v": VERSION, **entry}, ensure_ascii=True, allow_nan=False).encode() + b"\n"
        with self._alone(), _writing(self.path):
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "r+b", buffering=0) as stream:
                size = stream.seek(0, os.SEEK_END)
                torn = False
                if size:
                    stream.seek(size - 1)
                    torn = stream.read(1) != b"\n"
                try:
                    _write_all(stream.fileno(), b"\n" + line if torn else line)
                    os.fsync(handle)
                except OSError:
                    stream.truncate(size)
                    raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the notebook while it is written: two windows write one after the other."""
        with _writing(self.path):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / ".outcomes.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            lock(handle)
            yield
        finally:
            os.close(handle)

    # Who

    def _who(self, patient: Patient, *, make: bool) -> tuple[str, ...]:
        """Keyed hashes: the name with the birth date first, then each identifier. `UserError` where both lack."""
        if not (patient.family or patient.given) or len(patient.birth_date) < 10:
            raise UserError(
                _("The file lacks the name or the birth date: the patient would not be known again.")
            )
        key = self._secret(make=make)
        person = "\x1f".join((_folded(patient.family), _folded(patient.given), patient.birth_date))
        numbers = sorted(
            {f"{_folded(i.system)}\x1f{_folded(i.value)}" for i in patient.identifiers if i.value}
        )
        return tuple(
            hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:24] for text in (person, *numbers)
        )

    def _secret(self, *, make: bool) -> bytes:
        path = self.folder / KEY
        try:
            found = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            found = b""
        except (OSError, ValueError) as error:
            raise DamagedData(_("The key of the notebook of outcomes is damaged.")) from error
        if found:
            return found
        if not make:
            raise UserError(_("The notebook has no key: no patient can be known again."))
        made = secrets.token_bytes(32)
        with self._alone(), _writing(path):
            if not path.exists():
                write_atomic(path, made.hex().encode(), private=True)
        return bytes.fromhex(path.read_text(encoding="ascii").strip())


def problem_with(entry: Entry, outcome: Outcome, day: str, today: str) -> str:
    """Say why an outcome cannot be recorded so; "" where it can."""
    if outcome == "unknown":
        return ""
    try:
        when, start = date.fromisoformat(day), date.fromisoformat(entry.prediction.as_of)
    except ValueError:
        return _("Give the date as 2026-11-03.")
    if day > today:
        return _("The date lies in the future.")
    if when < start:
        return _("The date lies before the prediction of {date}.").format(date=format_date(start))
    years, due = horizon_years(entry.prediction.output), entry.due
    if years and outcome == "no" and day < due:
        sentence = _("“Did not happen” can be said from {date} on: the prediction is for {years} years.")
        return sentence.format(date=format_date(date.fromisoformat(due)), years=years)
    if years and outcome == "yes" and day > due:
        sentence = _("This is after the {years} years of the prediction: within them it did not happen.")
        return sentence.format(years=years)
    return ""


def _key(p: Prediction) -> tuple[str, str, str, str]:
    return p.model, p.sha256, p.output, p.as_of


def _plain(p: Prediction) -> dict[str, Any]:
    return {
        "model": p.model,
        "version": p.version,
        "sha256": p.sha256,
        "output": p.output,
        "probability": p.probability,
        "as_of": p.as_of,
    }


def _take(line: str, found: dict[str, Entry]) -> bool:
    """Let one line hold; False where it cannot be read."""
    try:
        data = json.loads(line)
        if int(data["v"]) > VERSION:
            raise DamagedData(_("The notebook of outcomes is of a newer version of medgui; update medgui."))
        if data["kind"] == "remembered":
            prediction = Prediction(
                model=data["model"],
                version=data["version"],
                sha256=data["sha256"],
                output=data["output"],
                probability=float(data["probability"]),
                as_of=data["as_of"],
            )
            date.fromisoformat(prediction.as_of)
            found[data["id"]] = Entry(data["id"], tuple(data["who"]), prediction, data["on"])
        elif data["kind"] == "outcome" and data["outcome"] in ("yes", "no", "unknown"):
            found[data["id"]] = replace(found[data["id"]], outcome=data["outcome"], day=data["day"])
        else:
            return False
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return True


def _id(line: str) -> str:
    try:
        return str(json.loads(line)["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """One person: the same name and birth date, and no two sets of numbers without a common one."""
    numbers, others = set(one[1:]), set(other[1:])
    return one[0] == other[0] and (not numbers or not others or bool(numbers & others))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = _("{file} cannot be written: {reason}.")
        raise OutputNotWritable(
            sentence.format(file=path.name, reason=reason(error, writing=True))
        ) from error
