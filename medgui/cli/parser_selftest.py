"""The grammar of `medgui selftest`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from medgui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from medgui.cli.parser import Parser

    Commands = argparse._SubParsersAction[Parser]


def add_selftest(commands: Commands, command: Callable[[Commands, str, str], Parser]) -> None:
    """Add the command to *commands* by way of *command*."""
    parser = command(commands, "selftest", _("Test this installation, and print the result on one page."))
    parser.add_argument("--quick", action="store_true", help=_("leave out what takes more than a moment"))
    parser.add_argument(
        "--visit",
        action="store_true",
        help=_("also open the window and go through a whole visit with every demonstration patient"),
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT", help=_("write the page to a file (.txt, .pdf or .json) instead")
    )
    parser.add_argument("--json", action="store_true", help=_("write JSON for programs"))
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of messages"))
