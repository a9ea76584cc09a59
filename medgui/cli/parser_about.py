"""The grammar of `medgui about`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from medgui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from medgui.cli.parser import Parser

    Commands = argparse._SubParsersAction[Parser]


def add_about(commands: Commands, command: Callable[[Commands, str, str], Parser]) -> None:
    """Add the command to *commands* by way of *command*."""
    parser = command(
        commands, "about", _("Say which build this is, what it is made of, and under which licences.")
    )
    parser.add_argument("part", nargs="?", metavar=_("PART"), help=_("show the licence texts of this part"))
    parser.add_argument("--licences", action="store_true", help=_("show the licence texts of all parts"))
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of messages"))
    parser.add_argument("--json", action="store_true", help=_("write JSON for programs"))
