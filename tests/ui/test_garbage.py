"""The collector never runs on a worker: there it would destroy widgets."""

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from medgui.ui.garbage import Garbage
from medgui.ui.tasks import Tasks


class Cycle(QObject):
    """An object that only the collector can free."""

    freed_on: list[int] = []

    def __init__(self) -> None:
        super().__init__()
        self.me = self
        self.destroyed.connect(lambda: Cycle.freed_on.append(threading.get_ident()))


def test_a_worker_that_allocates_frees_no_qt_object(qtbot: QtBot) -> None:
    tasks = Tasks()
    assert not gc.isenabled()
    alive: list[int] = []
    Cycle()
    done: list[int] = []
    tasks.job(lambda _t: alive.extend(len([[] for _ in range(50)]) for _ in range(2000))).on_done(
        lambda _r: done.append(1)
    ).run()
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    gc.collect()
    assert set(Cycle.freed_on) <= {threading.get_ident()}
    tasks.close()


def test_the_window_collects_by_itself(qtbot: QtBot) -> None:
    collector = Garbage()
    before = gc.get_stats()[0]["collections"]
    kept = [[] for _ in range(gc.get_threshold()[0] + 100)]
    collector.collect()
    assert gc.get_stats()[0]["collections"] > before
    assert kept
