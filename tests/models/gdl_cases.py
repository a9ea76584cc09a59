"""Worked cases of the openEHR guideline library: their coded texts as plain values."""

from __future__ import annotations

import json
from datetime import date

from tests.models.reference_rows import csv_rows
from tests.shared_data import data_file

Case = tuple[dict[str, str], dict[str, str], str]


def cases(guideline: str) -> list[Case]:
    """Inputs, expected values and the day of each case of *guideline*, by the words after the code of a key."""
    rows = [row for row in csv_rows(data_file("equations/gdl2_cases.csv")) if row["guideline"] == guideline]
    return [(_plain(row["input_json"]), _plain(row["expected_json"]), row["now"][:10]) for row in rows]


def _plain(text: str) -> dict[str, str]:
    return {key.split("|", 1)[1].strip(): _value(str(value)) for key, value in json.loads(text).items()}


def _value(text: str) -> str:
    """A coded text as its words, a quantity as its number, anything else as it stands."""
    if "local::" in text:
        return text.split("|")[-2].strip()
    return text.split(",")[0].strip()


def yes(text: str) -> float:
    """1.0 for yes and present, 0.0 for no and absent."""
    return {"Yes": 1.0, "Present": 1.0, "No": 0.0, "Absent": 0.0}[text]


def years(birth: str, day: str) -> float:
    """Completed years on *day*; the cases without a day were made in 2019."""
    born, now = date.fromisoformat(birth[:10]), date.fromisoformat(day or "2019-12-31")
    return float(now.year - born.year - ((now.month, now.day) < (born.month, born.day)))
