"""The answer of the record to "what is this person's X?": one `Value` for each standard input name."""

from __future__ import annotations

from enum import StrEnum

from medgui.frozen import frozen
from medgui.record.model import Origin, Source


class Gap(StrEnum):
    """Why there is no usable value."""

    NONE = ""
    MISSING = "missing"
    QUESTIONED = "questioned"
    TOO_OLD = "too_old"
    ACUTE = "acute"
    CENSORED = "censored"
    NOT_STATED = "not_stated"
    LEFT_OUT = "left_out"
    CONFLICT = "conflict"


@frozen
class Value:
    """A standard input of one person.

    `value` is a float in the variable's canonical unit, a category text ("female"), or None with `gap` set.
    Booleans are 0.0/1.0. `derived_from` names parents ("weight", "height") when `origin` is DERIVED.
    `cautions` are (code, sentence) pairs; `source` is the first and `sources` all places it rests on.
    """

    name: str
    value: float | str | None
    unit: str = ""
    gap: Gap = Gap.NONE
    origin: Origin = Origin.FILE
    source: Source = Source("")
    sources: tuple[Source, ...] = ()
    time: str = ""
    derived_from: tuple[str, ...] = ()
    value_as_written: str = ""
    unit_as_written: str = ""
    cautions: tuple[tuple[str, str], ...] = ()
    observation: str = ""

    @property
    def known(self) -> bool:
        return self.value is not None
