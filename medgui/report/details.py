"""After the results: inputs with their place in the file, notes, model cards in short, versions and hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from medgui import __version__
from medgui.assessment import words as names
from medgui.assessment.finding import Check, Finding, InputUsed, Status
from medgui.assessment.shown import shown
from medgui.charts.display import Role
from medgui.i18n import (
    _,
    format_count,
    format_list,
    format_number,
    format_range,
    language,
    localised,
    ngettext,
)
from medgui.inference.manifest import EvaluationRow, Manifest
from medgui.record.model import Answer, Observation, Origin, Unread
from medgui.record.patient_words import moment, partial_date
from medgui.report import words
from medgui.report.content import Content
from medgui.report.draw import Pen
from medgui.report.flow import (
    BODY,
    CAPTION,
    MARGIN,
    SECTION,
    SMALL,
    WIDTH,
    Block,
    heading,
    paragraph,
    space,
    tied,
)
from medgui.report.table import Cell, Column, Style, table

MOST_UNREAD = 6
"""Entries that were not understood are listed up to this many, the rest counted: the Record page has them all."""


def inputs_table(content: Content) -> list[Block]:
    """Every input used by a printed number once: value, place in the file, date."""
    rows = []
    seen: set[tuple[str, str, str]] = set()
    for finding in content.numbered:
        for used in finding.inputs:
            key = (used.name, str(used.value), used.time)
            if used.value is None or used.origin is Origin.IMPUTED or key in seen:
                continue
            seen.add(key)
            rows.append(
                [
                    Cell(used.title),
                    Cell(content.show(used), bold=True),
                    Cell(_place(content, used), role="muted"),
                    Cell(partial_date(used.time), role="muted"),
                ]
            )
    if not rows:
        return []
    columns = [
        Column(_("Input"), 168),
        Column(_("Value"), 138),
        Column(_("Where it was read"), 300),
        Column(_("Date"), 92, right=True),
    ]
    return [heading(_("Inputs used")), *table(columns, rows, Style(size=SMALL, pad=3.2))]


def _place(content: Content, used: InputUsed) -> str:
    """Where a value came from, in words; the text as written where the place alone would not say it."""
    place = re.sub(r"\b(line) (\d)", "\\1\u00a0\\2", used.source.location or used.source.section)
    if used.origin is Origin.DERIVED:
        parents = format_list([names.title(name) for name in used.derived_from])
        if parents and place:
            return _("derived ({inputs}); {place}").format(inputs=parents, place=place)
        return _("derived ({inputs})").format(inputs=parents) if parents else place or _("derived")
    if used.origin is Origin.ASSUMED_ABSENT:
        day = partial_date(content.record.document_date)
        return _("none listed (list of {date})").format(date=day) if day else _("none listed")
    if used.origin is Origin.CLINIC:
        return names.of_clinic(used.source)
    if used.origin is Origin.ENTERED:
        return _("entered by the user")
    return place


def notes(content: Content) -> list[Block]:
    """Numbered: answers and corrections, missing inputs, what was not calculated and why, what was not read."""
    texts = list(_notes(content))
    if not texts:
        return []
    width = 8.0 + 6.2 * len(str(len(texts)))
    blocks = [
        paragraph(text, SMALL, indent=width + 4, lead=f"{number}.")
        for number, text in enumerate(texts, start=1)
    ]
    return [heading(_("Notes")), *blocks]


def _notes(content: Content) -> Iterator[str]:
    for answer in content.record.answers:
        yield _answer(content, answer)
    yield from _missing(content)
    for finding in content.numbered:
        if finding.status is Status.MISSING_INPUT:
            yield _("{title}: {reason}").format(title=finding.title, reason=finding.reason)
    for finding in content.without_number:
        yield _not_calculated(finding)
    yield from _unread(content.record.unread)


def _answer(content: Content, answer: Answer) -> str:
    """A correction: what the file says, what was used instead, when it was said."""
    question = next((q for q in content.record.questions if q.id == answer.question), None)
    observation = _observation(content, question.observation) if question is not None else None
    title = names.title(answer.variable) if answer.variable else (question.message if question else "")
    words_ = {"title": title, "time": moment(answer.time), "note": answer.note}
    if answer.left_out or answer.value is None:
        text = _("{title}: left out, {time}.").format(**words_)
    else:
        value = float(answer.value) if isinstance(answer.value, bool) else answer.value
        words_["value"] = str(shown(answer.variable, value, answer.unit, content.units))
        if observation is not None:
            words_["written"] = f"{observation.value_as_written} {observation.unit_as_written}".strip()
            text = _("{title}: the file says {written}. Read as {value}; confirmed {time}.").format(**words_)
        else:
            text = _("{title}: {value}, entered {time}.").format(**words_)
    return f"{text} {answer.note}" if answer.note else text


def _observation(content: Content, identity: str) -> Observation | None:
    return next((o for o in content.record.observations if identity and o.id == identity), None)


def _missing(content: Content) -> Iterator[str]:
    """Inputs without a value in findings that have a number, each with the findings it belongs to."""
    found: dict[tuple[str, str], list[str]] = {}
    for finding in content.numbered:
        for used in finding.inputs:
            if used.value is None or used.origin is Origin.IMPUTED:
                titles = found.setdefault((used.title, used.reason), [])
                if finding.title not in titles:
                    titles.append(finding.title)
    for (title, reason), titles in found.items():
        parts = {"input": title, "reason": reason.rstrip(".。"), "findings": format_list(titles)}
        if reason:
            yield _("{input}: no value. {reason} ({findings}).").format(**parts)
        else:
            yield _("{input}: no value ({findings}).").format(**parts)


def _not_calculated(finding: Finding) -> str:
    """Why a finding has no number; all that is outside where the one-line reason cannot hold it."""
    parts = {"title": finding.title, "reason": finding.reason.rstrip(".。")}
    if finding.status in (Status.REFUSED, Status.FAILED):
        return _("{title}: not run. {reason}.").format(**parts)
    outside = [check for check in finding.checks if not check.inside]
    limits = [check.limits for check in outside if check.limits]
    sentence = _outside(finding, outside, parts)
    return ("" if language() == "zh" else " ").join([sentence, *limits])


def _outside(finding: Finding, outside: Sequence[Check], parts: Mapping[str, str]) -> str:
    if len(outside) < 2 and not finding.reason.endswith("…"):
        return _("{title}: not calculated. {reason}.").format(**parts)
    lines = [
        _("{name} {patient} (made for {made_for})").format(
            name=c.name, patient=c.patient, made_for=c.made_for
        )
        for c in outside
    ]
    return _("{title}: not calculated. {reason}. Outside: {checks}.").format(
        **parts, checks=format_list(lines)
    )


def _unread(entries: Sequence[Unread]) -> Iterator[str]:
    if not entries:
        return
    sentence = ngettext(
        "{n} entry of the file was not understood and is not used:",
        "{n} entries of the file were not understood and are not used:",
        len(entries),
    )
    places = [
        _("{place} ({reason})").format(place=e.location, reason=e.reason) for e in entries[:MOST_UNREAD]
    ]
    more = len(entries) - MOST_UNREAD
    if more > 0:
        places.append(ngettext("{n} more", "{n} more", more).format(n=more))
    yield f"{sentence.format(n=len(entries))} {format_list(places)}"


def signature() -> list[Block]:
    """A line to sign on."""

    def paint(pen: Pen, y: float) -> None:
        base = y + 40
        pen.text(MARGIN, base - 4, _("Reviewed by"), BODY)
        pen.text(MARGIN + WIDTH * 0.72, base - 4, _("Date"), BODY)
        pen.line(MARGIN + 84, base, MARGIN + WIDTH * 0.69, base, "text", 0.8)
        pen.line(MARGIN + WIDTH * 0.72 + 40, base, MARGIN + WIDTH, base, "text", 0.8)

    return [Block(48, paint)]


def model_cards(content: Content) -> list[Block]:
    """For each model with a number: what it estimates, not for whom, how good, basis."""
    cards: list[Block] = []
    for finding in content.numbered:
        manifest = content.manifest(finding)
        if manifest is not None or finding.basis:
            cards += _card(finding, manifest)
    if not cards:
        return []
    return [heading(_("Basis and model cards in short")), *cards]


def _card(finding: Finding, manifest: Manifest | None) -> list[Block]:
    name = localised(manifest.name) if manifest is not None else finding.title
    title = _("{name}, version {version}. {evidence}").format(
        name=name, version=finding.version, evidence=words.evidence(finding.evidence)
    )
    blocks = [heading(title, SECTION, 10)]
    lines = list(_card_lines(finding, manifest))
    blocks += [paragraph(text, SMALL, role) for text, role in lines]
    return tied(blocks)


def _card_lines(finding: Finding, manifest: Manifest | None) -> Iterator[tuple[str, Role]]:
    if manifest is not None:
        yield localised(manifest.summary), "text"
        if manifest.not_for:
            yield _("Not for: {text}").format(text=localised(manifest.not_for)), "text"
        figures_ = _evaluation(manifest.evaluation)
        if figures_:
            yield figures_, "text"
    cited = [manifest.citation] if manifest is not None and manifest.citation else list(finding.basis)
    for text in cited:
        yield _("Basis: {text}").format(text=text), "muted"


_METRICS = {"auroc": "AUROC", "c_statistic": "C", "brier": "Brier"}


def _evaluation(rows: Sequence[EvaluationRow]) -> str:
    """How well it ranks and fits: up to four figures of whole groups with their intervals."""
    whole = [r for r in rows if r.group in ("all", "") or r.group.startswith("sex:")]
    shown_rows = [r for r in whole if r.group in ("all", "")] or whole
    parts = []
    for row in shown_rows[:4]:
        metric = _METRICS.get(row.metric, row.metric.replace("_", " "))
        value = format_number(row.value, 3)
        if row.lo is not None and row.hi is not None:
            value = f"{value} ({format_range(format_number(row.lo, 3), format_number(row.hi, 3))})"
        who = "" if row.group in ("all", "") else f", {names.answer('sex', row.group.removeprefix('sex: '))}"
        size = f", n {format_count(row.n)}" if row.n else ""
        parts.append(f"{metric} {value}{who}{size}")
    if not parts:
        return ""
    return _("Evaluation: {dataset}. {figures}.").format(
        dataset=shown_rows[0].dataset, figures="; ".join(parts)
    )


def versions(content: Content) -> list[Block]:
    """Program, file and models with their hashes: what it takes to repeat the result."""
    record = content.record
    lines = [
        _("medgui {version}, calculated on this computer without a network.").format(version=__version__)
    ]
    if content.catalogue is not None and content.catalogue.development:
        lines.append(_("Development build: models signed by the development key."))
    if len(record.parts) > 1:
        lines += [
            _("{file}: sha256 {hash}").format(file=part.name, hash=part.sha256) for part in record.parts
        ]
    elif record.sha256:
        lines.append(_("Patient file: sha256 {hash}").format(hash=record.sha256))
    lines += [
        _("{model} {version}: sha256 {hash}").format(model=f.model, version=f.version, hash=f.sha256)
        for f in content.findings
        if f.sha256
    ]
    blocks = [paragraph(line, CAPTION, "muted", below=1) for line in lines]
    return [heading(_("Versions")), *blocks, space(6)]


def purpose() -> list[Block]:
    """What the report is and is not."""
    text = _(
        "Decision support, not a diagnosis. Estimates describe groups of similar people; they support and do not "
        "replace the judgement of the clinician. A difference from the reference person is not the effect of a "
        "treatment. Values that are missing or in question were not used."
    )
    return [heading(_("What this report is")), paragraph(text, SMALL)]
