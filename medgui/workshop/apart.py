"""Training in a process of its own: it takes nothing from the window's, and it ends at once when it is to stop.

A thread can be stopped only between two fits, which are many seconds apart in a large table: a closed window would
stay in memory that long, and so would the place in the pool in which patients are assessed. The process gets the
plan and the choices through its input and answers through its output; it writes no file. It ends when the program
that started it ends.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

import medgui
from medgui.errors import Cancelled, MedguiError, UserError
from medgui.i18n import _, language, set_language
from medgui.workshop.choices import Choices
from medgui.workshop.plan import Plan
from medgui.workshop.training import Cancel, Progress, Trained, train

WAIT_S = 0.1
"""How long an answer is waited for before the wish to stop is looked at again."""
POLITE = 5
"""How much less of the processor it gets than the window (niceness)."""

NO_CONSOLE = 0x0800_0000
"""Windows: without a black window beside ours."""

Message = tuple[str, Any]


def train_apart(plan: Plan, choices: Choices, progress: Progress, cancel: Cancel) -> Trained:
    """Train as `training.train` does, elsewhere. Raises what it raises, and `UserError` where the process dies."""
    if not sys.executable:
        return train(plan, choices, progress, cancel)
    process = _start()
    messages: Queue[Message | None] = Queue()
    work = pickle.dumps((plan, choices, language()))
    send = threading.Thread(target=_send, args=(process, work), daemon=True)
    receive = threading.Thread(target=_receive, args=(process, messages), daemon=True)
    send.start()
    receive.start()
    try:
        return _wait(messages, progress, cancel)
    finally:
        process.kill()
        process.wait()
        send.join()
        receive.join()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not sent cannot be sent any more
                stream.close()  # type: ignore[union-attr]


def _start() -> subprocess.Popen[bytes]:
    root = str(Path(medgui.__file__).resolve().parents[1])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", "medgui.workshop.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        creationflags=NO_CONSOLE if sys.platform == "win32" else 0,
    )


def _send(process: subprocess.Popen[bytes], work: bytes) -> None:
    """Hand the work over; the pipe stays open, and its end tells the process that nobody waits any more."""
    assert process.stdin is not None
    try:
        _write(process.stdin, work)
    except OSError:
        return


def _receive(process: subprocess.Popen[bytes], messages: Queue[Message | None]) -> None:
    assert process.stdout is not None
    try:
        while (content := _read(process.stdout)) is not None:
            messages.put(pickle.loads(content))
    finally:
        messages.put(None)


def _wait(messages: Queue[Message | None], progress: Progress, cancel: Cancel) -> Trained:
    while True:
        if cancel():
            raise Cancelled
        try:
            message = messages.get(timeout=WAIT_S)
        except Empty:
            continue
        if message is None:
            raise UserError(
                _("Training ended without an answer; this computer may not have enough memory for the table.")
            )
        kind, content = message
        if kind == "progress":
            progress(*content)
        elif kind == "made":
            return content  # type: ignore[no-any-return]
        else:
            raise content


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(8, "little") + content)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """One message; None at the end, also in the middle of one."""
    head = stream.read(8)
    size = int.from_bytes(head, "little")
    content = stream.read(size) if len(head) == 8 else b""
    return content if len(head) == 8 and len(content) == size else None


# In the other process


def main() -> None:
    """Answer one piece of work."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    content = _read(sys.stdin.buffer)
    if content is None:
        return
    threading.Thread(target=_end_when_alone, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(POLITE)
    for message in _answer(content, lambda values: _write(answers, pickle.dumps(("progress", values)))):
        _write(answers, pickle.dumps(message))
    answers.close()


def _answer(content: bytes, tell: Any) -> Iterator[Message]:
    plan, choices, lang = pickle.loads(content)
    set_language(lang)
    try:
        yield "made", train(plan, choices, lambda *values: tell(values))
    except MedguiError as error:
        yield "failed", error
    except Exception as error:  # noqa: BLE001 - told where the window tells faults
        yield "failed", RuntimeError(f"{type(error).__name__} while training")


def _end_when_alone() -> None:
    """Stop where the program that waits for the answer has gone: its end of the pipe is closed."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
