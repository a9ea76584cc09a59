"""How long a C-CDA document of 1 MB takes from the opening to the screen, in a program that is warm.

    python -m tests.benchmarks.warm_document [--rounds N]

One process with the window of medgui, without a screen: a demo patient is opened first, then the document again and
again. A time runs from the moment the file is asked for until its record (its results) stand painted in the window.
Budget: 0.3 s to the record.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Figure, show

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

MEGABYTE = 1_000_000
AROUND = (
    '<templateId root="2.16.840.1.113883.10.20.22.4.2"/><templateId root="2.16.840.1.113883.10.20.22.4.2" '
    'extension="2015-08-01"/><id root="7d5a02b0-67a4-11db-bd13-0800200c9a66"/><text><reference value="#result{n}"/>'
    '</text><interpretationCode code="N" codeSystem="2.16.840.1.113883.5.83" displayName="Normal"/>'
    '<author><templateId root="2.16.840.1.113883.10.20.22.4.119"/><time value="20260101083000-0500"/><assignedAuthor>'
    '<id root="2.16.840.1.113883.4.6" extension="1234567893"/><code code="207QA0505X" displayName="Adult Medicine" '
    'codeSystem="2.16.840.1.113883.6.101" codeSystemName="Healthcare Provider Taxonomy"/></assignedAuthor></author>'
    '<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="LOW" unit="UNIT"/><high value="HIGH" '
    'unit="UNIT"/></value></observationRange></referenceRange>'
)
"""What certified programs write around each value; their documents hold about one value a kilobyte."""
TESTS = (
    ("2093-3", 180.0, "mg/dL"), ("2085-9", 50.0, "mg/dL"), ("2160-0", 0.9, "mg/dL"), ("2345-7", 95.0, "mg/dL"),
    ("2951-2", 140.0, "mmol/L"), ("2823-3", 4.2, "mmol/L"), ("718-7", 13.5, "g/dL"), ("4548-4", 5.6, "%"),
    ("1742-6", 24.0, "U/L"), ("1920-8", 26.0, "U/L"),
)  # fmt: skip
"""LOINC codes with an ordinary value and its unit."""


def document(size: int = MEGABYTE) -> str:
    """A document of about *size* characters: batteries of results through the years, problems, drugs, allergies."""
    from tests.readers.build_ccda import (
        allergy,
        choice,
        coded,
        document,
        drug,
        observation,
        organizer,
        problem,
        quantity,
        section,
    )

    def battery(number: int) -> str:
        day = f"{2010 + number % 16}{1 + number % 12:02d}{1 + number % 28:02d}0830-0500"
        values = (
            observation(
                code,
                quantity(f"{usual * (1 + number % 7 / 100):.4g}", unit),
                time=day,
                more=AROUND.replace("LOW", f"{0.8 * usual:.3g}")
                .replace("HIGH", f"{1.2 * usual:.3g}")
                .replace("UNIT", unit),
            )
            for code, usual, unit in TESTS
        )
        return organizer(*values)

    def whole(batteries: int) -> str:
        count = max(batteries // 8, 4)
        rows = "".join(
            f"<tr><td>Result {n}</td><td>{n % 90}</td><td>mg/dL</td></tr>" for n in range(10 * batteries)
        )
        return document(
            section("results", *map(battery, range(batteries)), text=f"<table><tbody>{rows}</tbody></table>"),
            section(
                "problems", *(problem(choice(f"{10_000_000 + n}", f"Problem {n}")) for n in range(count))
            ),
            section("medications", *(drug(f"{197_000 + n}", f"Drug {n}") for n in range(count))),
            section("allergies", allergy(coded("code", "7980", name="Penicillin G"))),
        )

    small = len(whole(8))
    return whole(round(8 * size / small))


def _until(application: QApplication, done: Callable[[], bool], limit: float = 30.0) -> None:
    """Run the window until *done*. It sleeps between events, as at a doctor's desk: the reader has the machine."""
    from PySide6.QtCore import QEventLoop, QTimer

    overdue = QTimer()
    overdue.start(round(1000 * limit))
    start = time.perf_counter()
    while not done():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() - start > limit:
            raise SystemExit("the window did not get that far")


def figures(rounds: int = 7) -> tuple[list[Figure], list[str]]:
    """Seconds to the record and to the results, painted."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["MEDGUI_HOME"] = home
        return _measured(Path(home), rounds)


def _measured(folder: Path, rounds: int) -> tuple[list[Figure], list[str]]:
    from medgui.app import make_application, make_services
    from medgui.settings import Settings
    from medgui.ui.visit import Opening
    from medgui.ui.window import MainWindow
    from tests.benchmarks.visit import DEMO

    text = document()
    path = folder / "document.xml"
    path.write_text(text, encoding="utf-8")
    settings = Settings.load()
    application = make_application(settings)
    window = MainWindow(make_services(settings), "record")
    window.resize(1280, 800)
    window.show()
    visit = window.shell.visit
    records, results = [], []
    for turn in range(rounds + 2):
        file = DEMO if turn == 0 else path
        gc.collect()
        start = time.perf_counter()
        before = visit.record
        visit.open(Opening(file))
        _until(application, lambda before=before: visit.record is not None and visit.record is not before)
        window.repaint()
        record = time.perf_counter() - start
        _until(application, lambda: visit.assessment is not None)
        window.repaint()
        if turn > 1:
            records.append(record)
            results.append(time.perf_counter() - start)
    count = len(visit.record.observations) if visit.record else 0
    window.close()
    lines = [f"a C-CDA document of {len(text.encode()) / MEGABYTE:.2f} MB with {count} values"]
    return [
        Figure(
            "1 MB document to its record painted, warm", min(records), 0.3, " s", statistics.median(records)
        ),
        Figure(
            "1 MB document to its results painted, warm", min(results), 0.6, " s", statistics.median(results)
        ),
    ], lines


def main() -> int:
    """Print the figures; 1 where a budget is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    return show(*figures(parser.parse_args().rounds))


if __name__ == "__main__":
    sys.exit(main())
