import threading

import pytest
from pytestqt.qtbot import QtBot

from medgui.errors import Cancelled, UserError
from medgui.ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Tasks:
    return Tasks()


def test_a_result_arrives_on_the_thread_of_the_window(qtbot: QtBot, tasks: Tasks) -> None:
    got: list[tuple[int, bool]] = []
    main = threading.current_thread()
    tasks.job(lambda _token: 7).on_done(
        lambda value: got.append((value, threading.current_thread() is main))
    ).run()
    qtbot.waitUntil(lambda: got == [(7, True)])


def test_nothing_is_delivered_once_the_condition_no_longer_holds(qtbot: QtBot, tasks: Tasks) -> None:
    got: list[int] = []
    done: list[bool] = []
    tasks.job(lambda _token: 1).on_done(got.append).while_true(lambda: False).run()
    tasks.job(lambda _token: 2).on_done(lambda _value: done.append(True)).run("storage")
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(20)
    assert got == []


def test_a_cancelled_job_is_told_and_delivers_nothing(qtbot: QtBot, tasks: Tasks) -> None:
    started, told = threading.Event(), threading.Event()
    got: list[object] = []

    def work(token: object) -> str:
        started.set()
        while not token.is_cancelled():  # type: ignore[attr-defined]
            threading.Event().wait(0.001)
        told.set()
        return "late"

    token = tasks.job(work).on_done(got.append).run()
    assert started.wait(5)
    token.cancel()
    assert told.wait(5)
    qtbot.wait(20)
    assert got == []


def test_an_error_without_a_handler_is_not_lost(qtbot: QtBot, tasks: Tasks) -> None:
    caught: list[Exception] = []
    tasks.unhandled = caught.append

    def work(_token: object) -> None:
        raise UserError("no")

    tasks.job(work).run()
    qtbot.waitUntil(lambda: len(caught) == 1)
    assert isinstance(caught[0], UserError)


def test_stopping_is_no_error(qtbot: QtBot, tasks: Tasks) -> None:
    caught: list[Exception] = []
    done: list[bool] = []
    tasks.unhandled = caught.append

    def work(_token: object) -> None:
        raise Cancelled("stopped")

    tasks.job(work).run("storage")
    tasks.job(lambda _token: None).on_done(lambda _value: done.append(True)).run("storage")
    qtbot.waitUntil(lambda: bool(done))
    assert caught == []


def test_progress_arrives_in_order(qtbot: QtBot, tasks: Tasks) -> None:
    steps: list[int] = []

    def work(token: object) -> None:
        for number in range(3):
            token.report(number)  # type: ignore[attr-defined]

    tasks.job(work).with_progress(steps.append).run()
    qtbot.waitUntil(lambda: steps == [0, 1, 2])


def test_storage_runs_one_job_after_the_other(qtbot: QtBot, tasks: Tasks) -> None:
    order: list[int] = []
    done: list[int] = []
    for number in range(5):
        job = tasks.job(lambda _token, number=number: order.append(number))
        job.on_done(lambda _value: done.append(1)).run("storage")
    qtbot.waitUntil(lambda: len(done) == 5)
    assert order == [0, 1, 2, 3, 4]


def test_nothing_is_delivered_that_was_made_while_the_program_was_replaced(
    qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medgui import replaced

    changed = threading.Event()
    monkeypatch.setattr(replaced, "replaced", changed.is_set)
    got: list[object] = []
    errors: list[Exception] = []
    tasks.job(lambda _token: changed.set()).on_done(got.append).on_error(errors.append).run()
    qtbot.waitUntil(lambda: bool(errors))
    tasks.job(got.append).on_error(errors.append).run()
    qtbot.waitUntil(lambda: len(errors) == 2)
    assert got == []
    assert all(isinstance(error, replaced.ProgramReplaced) for error in errors)
