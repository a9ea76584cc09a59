"""`medgui train`: a clinic's own model from a table, signed with the clinic's key."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.cli.output import table, write_json, write_lines
from medgui.cli.progress import Bar
from medgui.cli.score import output_file, require_readable
from medgui.errors import OutputNotWritable, UserError
from medgui.files import reason
from medgui.i18n import _, format_list, format_number, localised

if TYPE_CHECKING:
    from medgui.workshop.choices import Choices, Words
    from medgui.workshop.columns import Role
    from medgui.workshop.plan import Plan
    from medgui.workshop.training import Trained

SCHEMA = "medgui.trained/1"


def run(options: argparse.Namespace) -> int:
    """Train, write and sign; nothing is left behind where it is refused, interrupted or fails."""
    from medgui.workshop.training import require_extra, train

    if options.template:
        return _template(options.template)
    if not options.file:
        raise UserError(_("Name the table to learn from."))
    require_extra()
    path = Path(options.file)
    require_readable(path)
    from medgui.workshop.plan import inspect_table

    plan = inspect_table(path, options.target or "", positive=options.positive or "", roles=_roles(options))
    if options.inspect:
        return _show_plan(plan, options.json)
    choices = _choices(plan, options)
    _require_place(options, choices)
    bar = Bar()
    try:
        trained = train(plan, choices, bar.update)
    finally:
        bar.close()
    told = _install(trained, options)
    if options.json:
        write_json(_as_json(trained, told))
    else:
        write_lines(_lines(trained, told))
    return 0


def _template(name: str) -> int:
    from medgui.workshop.choices import template

    with output_file(name) as stream:
        stream.write(template().encode("utf-8"))
    return 0


def _roles(options: argparse.Namespace) -> list[tuple[str, Role]]:
    roles: list[tuple[str, Role]] = [(name, "leave_out") for name in options.exclude]
    roles += [(name, "group") for name in options.group]
    if options.person:
        roles.append((options.person, "id"))
    return roles


def _choices(plan: Plan, options: argparse.Namespace) -> Choices:
    from medgui.workshop.choices import default_choices, require

    choices = default_choices(plan, _words(options))
    if options.id:
        choices = replace(choices, id=options.id)
    choices = replace(choices, seed=options.seed, effort="quick" if options.quick else "full")
    for text in options.unit:
        name, equals, unit = (part.strip() for part in text.rpartition("="))
        _require_column(plan, name)
        if not equals or not unit:
            raise UserError(_("--unit {text}: write COLUMN=UNIT.").format(text=text))
        choices = choices.with_unit(name, _ucum(unit, plan.column(name).input, text))
    for name in options.keep:
        _require_column(plan, name)
        choices = choices.with_kept(name)
    require(plan, choices)
    return choices


def _ucum(unit: str, variable: str, text: str) -> str:
    from medgui.record.units import normalise

    found = normalise(unit, variable)
    if found is None:
        raise UserError(_("--unit {text}: the unit is not understood.").format(text=text))
    return found


def _require_column(plan: Plan, name: str) -> None:
    if name not in plan.table.names:
        raise UserError(_("The table has no column “{name}”.").format(name=name))


def _words(options: argparse.Namespace) -> Words:
    from medgui.workshop.choices import REQUIRED, read_details, words_of

    given = {key: getattr(options, key) for key in (*REQUIRED, "title_zh") if getattr(options, key)}
    if options.details:
        return read_details(Path(options.details), given)
    return words_of({}, "", given)


def _require_place(options: argparse.Namespace, choices: Choices) -> None:
    """Say before training what would stand in the way of writing."""
    with _temporary():
        pass
    from medgui.paths import own_models_dir
    from medgui.workshop.install import require_free

    if not options.output and not options.install:
        raise UserError(_("Say where the model goes: -o DIR, or --install."))
    if options.output:
        folder = Path(options.output)
        if folder.exists() and not folder.is_dir():
            raise UserError(_("{file} is no folder.").format(file=folder.name))
        require_free(choices.id, folder)
    if options.install:
        require_free(choices.id, own_models_dir())


def _install(trained: Trained, options: argparse.Namespace) -> dict[str, str]:
    """Write the bundle in a temporary folder, then put it signed into its places."""
    from medgui.workshop.bundle import write_bundle
    from medgui.workshop.install import install

    told: dict[str, str] = {}
    with _temporary() as folder:
        bundle = write_bundle(trained, folder / trained.choices.id)
        if options.output:
            found = install(bundle, models=Path(options.output))
            told |= {"folder": str(found.folder), "key": found.key}
        if options.install:
            found = install(bundle)
            told |= {"installed": str(found.folder), "key": found.key}
    return told


@contextmanager
def _temporary() -> Iterator[Path]:
    """A folder that is gone at the end. `OutputNotWritable` where this computer has no place for one."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="medgui-"))
    except OSError as error:
        sentence = _("No temporary file can be written: {reason}.")
        raise OutputNotWritable(sentence.format(reason=reason(error, writing=True))) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _show_plan(plan: Plan, as_json: bool) -> int:
    if as_json:
        write_json(
            {
                "schema": "medgui.table/1",
                "file": plan.table.file,
                "rows": plan.table.rows,
                "label": plan.label,
                "positive": plan.positive,
                "columns": [
                    {"name": c.name, "role": c.role, "kind": c.kind, "input": c.input, "unit": c.unit, "why": c.why}
                    for c in plan.columns
                ],
                "notes": _notes(plan),
            }
        )  # fmt: skip
        return 0
    roles = {
        "label": _("outcome"),
        "input": _("input"),
        "id": _("names the person"),
        "group": _("group of people"),
        "leave_out": _("left out"),
    }
    rows = [[c.name, roles[c.role], c.input if c.role == "input" else "", c.why] for c in plan.columns]
    write_lines([*table(rows), *(f"! {note.message}" for note in plan.notes)])
    return 0


def _notes(plan: Plan) -> list[dict[str, Any]]:
    return [
        {"code": n.code, "column": n.column, "message": n.message, "blocks": n.blocks} for n in plan.notes
    ]


def _lines(trained: Trained, told: dict[str, str]) -> list[str]:
    words = trained.choices.words
    compared = [
        [
            localised(score.candidate.title),
            f"{format_number(score.mean(trained.comparison.metric), 3)} ± "
            f"{format_number(score.error(trained.comparison.metric), 3)}",
            _("chosen") if score is trained.comparison.chosen else "",
        ]
        for score in trained.comparison.scores
    ]
    lines = [
        localised(words.text("title")),
        _("{n} rows, {events} with the event; AUROC of the kinds of models, cross-validated:").format(
            n=len(trained.data.y), events=int(trained.data.y.sum())
        ),
        *table(compared),
    ]
    figures = [[metric, _limits(trained, metric)] for metric in ("auroc", "brier", "calibration_slope")]
    lines += [_("The finished model, cross-validated, with confidence intervals:"), *table(figures)]
    lines += [f"! {note.message}" for note in trained.plan.notes if not note.blocks]
    for key in ("folder", "installed"):
        if key in told:
            sentence = _(
                "The model “{model}” was written to {folder} and signed with the clinic’s key {key}."
            )
            lines.append(sentence.format(model=trained.choices.id, folder=told[key], key=told["key"]))
    return lines


def _limits(trained: Trained, metric: str) -> str:
    try:
        e = trained.figure(metric)
    except StopIteration:
        return _("not known")
    limits = format_list([format_number(e.lo, 3), format_number(e.hi, 3)])
    return f"{format_number(e.value, 3)} ({limits})"


def _as_json(trained: Trained, told: dict[str, str]) -> dict[str, Any]:
    comparison = trained.comparison
    return {
        "schema": SCHEMA,
        "model": trained.choices.id,
        "version": trained.choices.version,
        "evidence": trained.grade,
        **told,
        "rows": len(trained.data.y),
        "events": int(trained.data.y.sum()),
        "inputs": [column.input for column in trained.choices.inputs()],
        "chosen": comparison.chosen.candidate.id,
        "settings": dict(trained.settings),
        "comparison": [
            {
                "candidate": score.candidate.id,
                "metric": comparison.metric,
                "value": score.mean(comparison.metric),
                "se": score.error(comparison.metric),
            }
            for score in comparison.scores
        ],
        "figures": {
            row.metric: {"value": row.estimate.value, **_finite(row.estimate.lo, row.estimate.hi)}
            for row in trained.rows
            if row.group == "all"
        },
        "largest_difference": trained.difference,
        "notes": _notes(trained.plan),
    }


def _finite(lo: float, hi: float) -> dict[str, float]:
    return {"lo": lo, "hi": hi} if abs(lo) < float("inf") and abs(hi) < float("inf") else {}
