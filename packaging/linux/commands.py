"""The commands of `python packaging/linux`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python packaging/linux")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, said in (("deb", "the Debian package"), ("portable", "the portable archive")):
        made = commands.add_parser(name, help=f"make {said} of a built program tree")
        made.add_argument("tree", type=Path)
        made.add_argument("out", type=Path)
        made.add_argument("--version", default="")
        made.add_argument(
            "--epoch", type=int, default=int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
        )
        made.add_argument("--level", type=int, default=19)
    checked = commands.add_parser("check", help="hold a package against lintian, AppStream and others")
    checked.add_argument("deb", type=Path)
    page = commands.add_parser("man", help="print the manual page")
    page.add_argument("language", nargs="?", choices=("en", "zh"), default="en")
    options = parser.parse_args()
    if options.command == "check":
        from linux.check import check_all

        return check_all(options.deb)
    if options.command == "man":
        from linux.manpages import man_page

        sys.stdout.write(man_page(options.language, 0))
        return 0
    return _make(options)


def _make(options: argparse.Namespace) -> int:
    from medgui import __version__

    made = {"version": options.version or __version__, "epoch": options.epoch, "level": options.level}
    if options.command == "deb":
        from linux.deb import build_deb as build
    else:
        from linux.portable import build_portable as build
    print(build(options.tree, options.out, **made))
    return 0
