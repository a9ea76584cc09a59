"""The grammar of `medgui update`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from medgui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from medgui.cli.parser import Parser

    Commands = argparse._SubParsersAction[Parser]


def add_update(commands: Commands, command: Callable[[Commands, str, str], Parser]) -> None:
    """Add the command to *commands* by way of *command*."""
    parser = command(
        commands,
        "update",
        _("Install a signed update from a file, take the last one back, or list what was done."),
    )
    parser.add_argument("file", nargs="?", metavar="FILE.medgui-update", help=_("the update file"))
    parser.add_argument(
        "--check", action="store_true", help=_("only say what it is and whether it may be installed")
    )
    parser.add_argument("--yes", action="store_true", help=_("install without asking"))
    parser.add_argument(
        "--rollback",
        nargs="?",
        const="last",
        choices=("last", "models", "program"),
        help=_("go back to before the last update (of the models, or of the program)"),
    )
    parser.add_argument(
        "--list", action="store_true", help=_("list what was installed here, by whom and when")
    )
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of messages"))
    parser.add_argument("--json", action="store_true", help=_("write JSON for programs"))
