"""Entry of the command line: chooses the language, parses, runs, and turns every error into one sentence."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module

from medgui import i18n
from medgui.cli.parser import COMMANDS, build_parser, build_window_parser
from medgui.errors import MedguiError
from medgui.i18n import _

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 done, 2 usage, 3-7 as in docs/command_line.md."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _fill_closed_streams()
    if sys.platform == "win32":
        arguments = _on_windows(arguments)
    logging.getLogger("medgui").addHandler(logging.NullHandler())
    _speak(arguments)
    try:
        return _run(arguments)
    except MedguiError as error:
        _debug()
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What reads our output has gone: nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:  # noqa: BLE001 - the last line before the user, who never sees a traceback
        _debug()
        sentence = _("medgui stopped because of a fault of its own ({kind}). MEDGUI_DEBUG=1 shows where.")
        say(sentence.format(kind=type(error).__name__))
        return MedguiError.exit_code


def say(sentence: str) -> None:
    """Write one line to the error stream, whatever letters it can show."""
    stream = sys.stderr
    line = " ".join(sentence.split("\n")) + "\n"
    try:
        stream.write(line)
    except UnicodeEncodeError:
        stream.write(line.encode("ascii", "backslashreplace").decode())
    if sys.platform == "win32":
        from medgui import system

        if system.unheard():
            system.tell(line)


def _on_windows(arguments: list[str]) -> list[str]:
    """Do what other systems do by themselves: expand patterns; tell an installer that the program is in use."""
    from medgui import system

    if getattr(sys, "frozen", False):
        system.announce()
    return system.expand(arguments)


def _fill_closed_streams() -> None:
    """Open what was closed: a file of ours under one of the numbers 0 to 2 would get what libraries print."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gives the lowest free number
    if sys.stderr is None:  # as where a desktop starts a program without a terminal
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it lives as long as the process


def _run(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if arguments and (arguments[0] in COMMANDS or arguments[0] in ("-h", "--help", "--version")):
        options = build_parser().parse_args(arguments)
    else:
        options = build_window_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = import_module(options.module).run
    return command(options)


def _speak(arguments: list[str]) -> None:
    """Choose the language before the parser is built, so that `--help` speaks it too."""
    chosen = ""
    for i, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            chosen = argument.partition("=")[2]
        elif argument == "--lang" and i + 1 < len(arguments):
            chosen = arguments[i + 1]
    if chosen not in i18n.LANGUAGES:
        from medgui.settings import Settings

        chosen = i18n.preferred_language(Settings.load().language)
    i18n.set_language(chosen)


def _debug() -> None:
    if os.environ.get("MEDGUI_DEBUG") == "1":
        traceback.print_exc()
