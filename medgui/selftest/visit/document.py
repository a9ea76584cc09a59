"""What a visit writes down: plain data without times and names of the machine, the same wherever it is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from medgui import i18n
from medgui.assessment.finding import Assessment, Finding
from medgui.assessment.to_json import assessment_json, finding_json
from medgui.record.model import Record
from medgui.selftest.report import text_of

SCHEMA = "medgui.visit/1"
NOW = "(now)"
"""What stands in the place of the moment at which a file was read or a report was made."""


def assessment(record: Record, found: Assessment) -> dict[str, Any]:
    """`medgui.assessment/1` without the moment of reading."""
    told = assessment_json(record, found)
    told["record"].pop("read_at", None)
    return told


def finding(found: Finding) -> dict[str, Any]:
    """One finding as in `medgui.assessment/1`."""
    return finding_json(found)


def pdf_text(pdf: bytes, lang: str, began: datetime, ended: datetime) -> list[str]:
    """The text of each page, lines joined, with `NOW` for every minute between *began* and *ended*."""
    minutes = int((ended - began).total_seconds() // 60) + 2
    with i18n.using_language(lang):
        moments = {i18n.format_datetime(began + timedelta(minutes=n)) for n in range(minutes)}
    joint = "" if lang == "zh" else " "
    return [_without(joint.join(page.split()), moments, joint) for page in text_of(pdf)]


def _without(text: str, moments: Iterable[str], joint: str) -> str:
    for moment in moments:
        text = text.replace(joint.join(moment.split()), NOW)
    return text
