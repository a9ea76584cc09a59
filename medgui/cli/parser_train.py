"""The grammar of `medgui train`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from medgui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from medgui.cli.parser import Parser

    Commands = argparse._SubParsersAction[Parser]


def add_train(commands: Commands, command: Callable[[Commands, str, str], Parser]) -> None:
    """Add the command to *commands* by way of *command*."""
    parser = command(
        commands, "train", _("Train a model of your own from a table, and sign it with the clinic’s key.")
    )
    column = _("COLUMN")
    parser.add_argument("file", nargs="?", metavar="DATA.csv", help=_("one row a person"))
    parser.add_argument("--target", metavar=column, help=_("the outcome; without it the last column"))
    parser.add_argument(
        "-o", "--output", metavar="DIR", help=_("folder of models that the new one is added to")
    )
    parser.add_argument(
        "--install",
        action="store_true",
        help=_("add it to the models of this computer, for the Results page"),
    )
    parser.add_argument("--inspect", action="store_true", help=_("only show what each column seems to hold"))
    parser.add_argument(
        "--details", metavar="FILE.toml", help=_("the words that only a person knows (see --template)")
    )
    parser.add_argument("--template", metavar="FILE.toml", help=_("only write such a file, to be filled in"))
    for name, said in (
        ("title", _("title of the model")),
        ("title-zh", _("its title in Chinese")),
        ("intended-use", _("what it is for")),
        ("not-for", _("what it is not for")),
        ("population", _("whom the data are of")),
        ("data-licence", _("who allowed the data to be used")),
        ("developer", _("who made it")),
    ):
        parser.add_argument(f"--{name}", metavar=_("TEXT"), help=said)
    parser.add_argument("--id", metavar="ID", help=_("id of the model; without it made from the title"))
    parser.add_argument(
        "--positive", metavar=_("VALUE"), help=_("the value of the outcome that is the event")
    )
    for name, said in (
        ("exclude", _("leave this column out; may be repeated")),
        ("keep", _("this column is known before the outcome although it tells it; may be repeated")),
        ("group", _("divide people by this column in the evaluation; may be repeated")),
    ):
        parser.add_argument(f"--{name}", action="append", default=[], metavar=column, help=said)
    parser.add_argument("--person", metavar=column, help=_("the column that names the person of each row"))
    parser.add_argument(
        "--unit",
        action="append",
        default=[],
        metavar=_("COLUMN=UNIT"),
        help=_("unit of a column; may be repeated"),
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=_("start of the random numbers"))
    parser.add_argument("--quick", action="store_true", help=_("fewer folds and refits, for a first look"))
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of messages"))
    parser.add_argument("--json", action="store_true", help=_("write JSON for programs"))
