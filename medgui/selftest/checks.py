"""Every check in order, each on its own feet: one that breaks is a fault of its subject, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from medgui import installed
from medgui.i18n import _
from medgui.selftest.computer import check_computer, check_folders
from medgui.selftest.fonts import check_fonts
from medgui.selftest.libraries import check_libraries
from medgui.selftest.models import check_answers, check_kernel, check_signatures
from medgui.selftest.network import check_network, watching
from medgui.selftest.outcome import TITLES, Check, Selftest, Surroundings, right, wrong
from medgui.selftest.program import (
    check_build,
    check_clock,
    check_languages,
    check_tables,
    check_workshop,
)
from medgui.selftest.report import check_report
from medgui.selftest.screen import check_screen

Ask = Callable[[Surroundings], Check]
Visit = Callable[[], Mapping[str, Any]]
Progress = Callable[[int, int], None]

CHECKS: Mapping[str, Ask] = {
    "build": check_build,
    "libraries": check_libraries,
    "clock": check_clock,
    "signatures": check_signatures,
    "answers": check_answers,
    "tables": check_tables,
    "screen": check_screen,  # makes the application, which fonts need
    "fonts": check_fonts,
    "languages": check_languages,
    "kernel": check_kernel,
    "report": check_report,
    "folders": check_folders,
    "workshop": check_workshop,
    "computer": check_computer,
}


def run(
    *, quick: bool = False, visit: Visit | None = None, progress: Progress = lambda _done, _all: None
) -> Selftest:
    """Do every check, then *visit* where it is asked for, and last look whether the network was touched."""
    build = installed.build()
    around = Surroundings(build, _catalogue(), quick)
    found: list[Check] = []
    seen_by_doctor: Mapping[str, Any] = {}
    total = len(CHECKS) + (visit is not None) + 1
    with watching() as seen:
        for name, ask in CHECKS.items():
            progress(len(found), total)
            found.append(_guarded(name, partial(ask, around)))
        if visit is not None:
            progress(len(found), total)
            done: list[Mapping[str, Any]] = []
            found.append(_guarded("visit", lambda: _visited(visit, done)))
            seen_by_doctor = done[0] if done else {}
        found.append(_guarded("network", lambda: check_network(seen)))
    progress(total, total)
    order = list(TITLES)
    found.sort(key=lambda check: order.index(check.name))
    return Selftest(build, tuple(found), seen_by_doctor)


def _guarded(name: str, ask: Callable[[], Check]) -> Check:
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - a self-test reports what breaks, it does not break
        sentence = _("The check itself stopped ({kind}: {reason}).")
        return wrong(name, sentence.format(kind=type(error).__name__, reason=str(error).partition("\n")[0]))


def _visited(visit: Visit, done: list[Mapping[str, Any]]) -> Check:
    told = visit()
    done.append(told)
    patients = told["patients"]
    sentence = _("{n} patients opened, results, reasons, what-if and PDF as a doctor would.")
    return right("visit", sentence.format(n=len(patients)), patients=len(patients))


def _catalogue() -> Callable[[], Any]:
    @cache
    def load() -> Any:
        from medgui.inference.catalogue import Catalogue
        from medgui.settings import Settings

        return Catalogue.load(requested=Settings.load().execution_provider)

    return load
