"""The grammar of the command line. Nothing heavy is imported here: `--help` answers at once."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import NoReturn

from medgui import __version__
from medgui.cli.parser_about import add_about
from medgui.cli.parser_selftest import add_selftest
from medgui.cli.parser_train import add_train
from medgui.cli.parser_update import add_update
from medgui.i18n import LANGUAGES, N_, _

_ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("argument %(argument_name)s: %(message)s"),
)
"""What the standard library's parser says itself; it asks `argparse._` for the words, which are ours."""

COMMANDS = (
    "read",
    "assess",
    "score",
    "validate",
    "train",
    "report",
    "export",
    "models",
    "update",
    "about",
    "selftest",
)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage block, and leaves with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Print the fault and where help is."""
        sentence = _("{program}: {fault}. Help: {program} --help")
        sys.stderr.write(sentence.format(program=self.prog, fault=message) + "\n")
        raise SystemExit(2)


def build_parser() -> Parser:
    """Return the parser of `medgui COMMAND …`; each command names the module whose `run` does it."""
    _teach_argparse()
    parser = Parser(
        prog="medgui",
        description=_("Offline clinical decision support: decision support, not a diagnosis."),
        epilog=_("Without a command, medgui opens the window, on FILE… where given."),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"medgui {__version__}")
    commands = parser.add_subparsers(metavar=_("COMMAND"), required=True, parser_class=Parser)
    _add_read(commands)
    _add_assess(commands)
    _add_score(commands)
    _add_validate(commands)
    add_train(commands, _command)
    _add_report(commands)
    _add_export(commands)
    _add_models(commands)
    add_update(commands, _command)
    add_about(commands, _command)
    add_selftest(commands, _command)
    return parser


def build_window_parser() -> Parser:
    """Return the parser of `medgui [FILE…]`."""
    _teach_argparse()
    parser = Parser(prog="medgui", allow_abbrev=False)
    _add_files(parser, "*")
    _add_person(parser)
    parser.set_defaults(module="medgui.cli.window")
    return parser


def _add_read(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(
        commands, "read", _("Show what a patient file says: values, units, sources, questions.")
    )
    _add_files(parser, "+")
    _add_person(parser)
    _add_json(parser)


def _add_assess(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(
        commands, "assess", _("Run the models that apply to a patient and explain the results.")
    )
    _add_files(parser, "+")
    parser.add_argument(
        "--model", action="append", default=[], metavar="ID", help=_("run this model only; may be repeated")
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar=_("NAME=VALUE"),
        dest="values",
        help=_("use this value, in the unit of the standard input list; an empty value leaves the input out"),
    )
    _add_person(parser)
    _add_json(parser)


def _add_score(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(commands, "score", _("Run one model over a CSV with one row a person."))
    parser.add_argument("model", metavar=_("MODEL"))
    parser.add_argument("file", metavar="IN.csv")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.csv")
    parser.add_argument(
        "--explain", action="store_true", help=_("append what each input adds to each output")
    )
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of messages"))


def _add_validate(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(
        commands,
        "validate",
        _("Judge a model by what happened to your own patients; recalibrate it on request."),
    )
    parser.add_argument("model", metavar=_("MODEL"))
    parser.add_argument("file", metavar="COHORT.csv", help=_("one row a person, columns as for “score”"))
    parser.add_argument(
        "--label",
        metavar=_("COLUMN"),
        help=_("column of the outcome, 0/1 or yes/no; without it the output's name, else the last column"),
    )
    parser.add_argument(
        "--output", metavar=_("NAME"), dest="output_name", help=_("which output, where there are several")
    )
    parser.add_argument(
        "--time", metavar=_("COLUMN"), help=_("time of follow-up, where it differs between people")
    )
    parser.add_argument(
        "--event",
        metavar=_("COLUMN"),
        help=_("how follow-up ended: 0 free of it, 1 the outcome, 2 another end"),
    )
    parser.add_argument(
        "--time-unit", choices=("d", "wk", "mo", "a"), help=_("days, weeks, months or years of --time")
    )
    parser.add_argument("--weight", metavar=_("COLUMN"), help=_("weight of each person, as of a survey"))
    parser.add_argument(
        "--group",
        action="append",
        default=[],
        metavar=_("COLUMN"),
        help=_(
            "also divide people by this column; may be repeated (sex, age and ethnicity are divided by anyway)"
        ),
    )
    parser.add_argument(
        "--threshold",
        action="append",
        default=[],
        type=_share,
        metavar=_("SHARE"),
        help=_("judge decisions at this probability, 0 to 1; may be repeated"),
    )
    parser.add_argument(
        "--recalibrate",
        action="store_true",
        help=_("make a new signed version of the model that fits these patients; the old one is kept"),
    )
    parser.add_argument(
        "-o", dest="output", metavar="OUT", help=_("also write the result to a file (.json or text)")
    )
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of messages"))
    _add_json(parser)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(_("a probability lies between 0 and 1"))
    return value


def _add_report(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(commands, "report", _("Write the PDF report of a patient."))
    _add_files(parser, "+")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.pdf")
    parser.add_argument(
        "--prognosis",
        action="store_true",
        help=_("print the risk of death too, which is left out unless asked"),
    )
    _add_person(parser)


def _add_export(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(commands, "export", _("Write the cleaned record as FHIR R4 or CSV."))
    _add_files(parser, "+")
    parser.add_argument("-o", "--output", required=True, metavar="OUT")
    parser.add_argument(
        "--as",
        dest="form",
        choices=("fhir", "csv"),
        help=_("the form; without it CSV where OUT ends in .csv, else FHIR"),
    )
    parser.add_argument(
        "--deidentify",
        action="store_true",
        help=_("leave out what identifies the patient, and shift all dates"),
    )
    _add_person(parser)


def _add_models(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(commands, "models", _("List the models, show one, or verify all of them."))
    parser.add_argument("action", nargs="?", choices=("list", "show", "verify"), default="list")
    parser.add_argument("model", nargs="?", metavar="ID")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of messages"))
    _add_json(parser)


def _command(commands: argparse._SubParsersAction[Parser], name: str, summary: str) -> Parser:
    parser = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    parser.set_defaults(module=f"medgui.cli.{name}")
    return parser


def _add_files(parser: Parser, number: str) -> None:
    parser.add_argument(
        "file",
        nargs=number,
        metavar=_("FILE"),
        help=_("patient file, several files of one person, or a folder of them"),
    )
    same = parser.add_mutually_exclusive_group()
    same.add_argument(
        "--same-person",
        action="store_true",
        default=None,
        help=_("files whose name changed, or that say too little, are about the same person"),
    )
    same.add_argument(
        "--another-person",
        action="store_false",
        dest="same_person",
        help=_("such files are about another person: leave them out"),
    )


def _add_person(parser: Parser) -> None:
    parser.add_argument(
        "--as-of", type=_date, metavar=_("DATE"), help=_("assess as on this day (YYYY-MM-DD; default today)")
    )
    parser.add_argument("--patient", metavar="ID", help=_("which patient, where there are several"))
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of text and report"))


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help=_("write JSON for programs"))


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(_("a date is written as 2026-11-03")) from None


def _teach_argparse() -> None:
    """Let the standard library's parser speak the language in force; it has no other way to be told."""
    argparse.__dict__["_"] = _
