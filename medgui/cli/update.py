"""`medgui update`: look at an update file, install it, take the last one back, list what was done."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.cli.main import INTERRUPTED
from medgui.cli.output import table, write_json, write_lines
from medgui.cli.progress import Bar
from medgui.errors import UpdateRefused, UserError
from medgui.i18n import _, localised

if TYPE_CHECKING:
    from medgui.updates.desk import Change, Done, Offer

SCHEMA = "medgui.updated/1"


def run(options: argparse.Namespace) -> int:
    """Do one of the four; exit code 4 where the update is refused, 130 where the user answers no."""
    if sum(map(bool, (options.file, options.rollback, options.list))) != 1:
        raise UserError(_("Name an update file, or --rollback, or --list."))
    if options.list:
        return _list(as_json=options.json)
    if options.rollback:
        return _roll_back(options)
    return _file(options)


def _file(options: argparse.Namespace) -> int:
    from medgui.updates import desk

    offer = desk.look_at(Path(options.file))
    try:
        if options.check or offer.refused:
            _show(offer, options.json)
            if offer.refused:
                raise UpdateRefused(offer.refused)
            return 0
        if not options.yes:
            write_lines(_offer_lines(offer))
            if not _agreed(_("Install it?")):
                return INTERRUPTED
        elif not options.json:
            write_lines(_offer_lines(offer))
        bar = Bar()
        try:
            done = desk.install(offer, progress=lambda share: bar.update(share, 1.0, ""))
        finally:
            bar.close()
        _tell(done, options.json)
        return 0
    finally:
        offer.close()


def _roll_back(options: argparse.Namespace) -> int:
    from medgui.updates import desk

    kind = None if options.rollback == "last" else options.rollback
    if kind is None:
        kind = next(iter(desk.can_take_back()), None)
    if not options.yes and kind is not None:
        words = {
            "models": _("Go back to the models of before the last update?"),
            "program": _("Go back to the program of before the last update?"),
        }
        if not _agreed(words[kind]):
            return INTERRUPTED
    _tell(desk.take_back(kind), options.json)
    return 0


def _agreed(question: str) -> bool:
    """Ask; where nobody can answer, `--yes` has to be said."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UserError(_("Nobody is there to answer: add --yes to install."))
    sys.stderr.write(f"{question} {_('[y/N]')} ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def _show(offer: Offer, as_json: bool) -> None:
    if as_json:
        write_json({"schema": SCHEMA, "offer": _as_json(offer)})
    else:
        write_lines(_offer_lines(offer))


def _as_json(offer: Offer) -> dict[str, Any]:
    update = offer.update
    return {
        "kind": update.kind,
        "title": offer.title,
        "version": update.version,
        "created": update.created,
        "size": update.size,
        "signer": {
            "kind": offer.received.key.kind,
            "key": offer.received.key.id,
            "words": offer.signer,
        },
        "sha256": offer.received.sha256,
        "versions": _versions(offer.changes),
        "changes": list(offer.words),
        "notes": list(offer.notes),
        "refused": offer.refused or None,
    }


def _versions(changes: tuple[Change, ...]) -> list[dict[str, str | None]]:
    return [{"id": each.id, "before": each.before or None, "after": each.after or None} for each in changes]


def _offer_lines(offer: Offer) -> Iterator[str]:
    update = offer.update
    yield offer.title
    rows = [
        [_("Signed by"), offer.signer],
        [_("Made on"), update.created],
        [_("Size"), _("{mb} MB").format(mb=f"{update.size / 1e6:.1f}")],
        *([each.id, change_words(each)] for each in offer.changes),
    ]
    yield from table(rows)
    yield ""
    yield _("What changes")
    yield from (f"  - {line}" for line in offer.words)
    yield from (f"  ! {line}" for line in offer.notes)


def change_words(change: Change) -> str:
    """Say two versions."""
    if not change.before:
        return _("{version} (new)").format(version=change.after)
    if not change.after:
        return _("{version} (goes)").format(version=change.before)
    return _("{before} to {after}").format(before=change.before, after=change.after)


def _tell(done: Done, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "schema": SCHEMA,
                "done": {"kind": done.kind, "effect": done.effect, "versions": _versions(done.changes)},
            }
        )
        return
    effects = {
        "now": _("In force now; models that are open elsewhere change when medgui is opened again."),
        "restart": _("It takes effect when medgui is opened again."),
    }
    lines = [f"{each.id}: {change_words(each)}" for each in done.changes]
    write_lines([*lines, done.words or effects[done.effect]])


def _list(*, as_json: bool) -> int:
    from medgui.updates import desk

    entries = desk.done_so_far()
    back = desk.can_take_back()
    if as_json:
        named = ("when", "who", "what", "kind", "version", "before", "signer", "sha256", "reason")
        listed = [{name: getattr(entry, name) for name in named} for entry in entries]
        write_json({"schema": SCHEMA, "history": listed, "can_take_back": list(back)})
        return 0
    words = {"installed": _("installed"), "rolled_back": _("taken back"), "failed": _("failed")}
    rows = [
        [
            entry.when[:16].replace("T", " "),
            entry.who,
            words.get(entry.what, entry.what),
            localised(entry.title) if entry.title else "",
            entry.version + (f" ({entry.reason})" if entry.reason else ""),
        ]
        for entry in entries
    ]
    write_lines([*table(rows, indent=0), *([] if rows else [_("No update was installed here.")])])
    if back:
        write_lines([_("The last one can be taken back: medgui update --rollback")])
    return 0
