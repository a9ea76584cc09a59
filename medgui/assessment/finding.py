"""A Finding: one result. Screen, PDF and JSON show Findings; none of them knows which engine made one."""

from __future__ import annotations

from enum import StrEnum

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.record.model import Origin, Source


class Status(StrEnum):
    READY = "ready"
    MISSING_INPUT = "missing_input"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    FAILED = "failed"


class Level(StrEnum):
    """How a category or caution looks: shape + word + colour."""

    INFO = "info"
    CAUTION = "caution"
    HIGH = "high"


@frozen
class Interval:
    """`kind` is "input_variation", "model" or "plausible_missing" (SAFETY 19); `words` says it in a sentence."""

    lo: float
    hi: float
    level: float
    kind: str
    words: str = ""


@frozen
class Band:
    """One band of a guideline's scale: from `lo` (inclusive) to `hi` (exclusive), in the output's unit."""

    lo: float
    hi: float
    text: str
    level: Level = Level.INFO


@frozen
class Category:
    """A band's word with the guideline, year and region it belongs to (SAFETY 14)."""

    text: str
    guideline: str
    level: Level = Level.INFO


@frozen
class Output:
    """One output. `value` is None when not applicable (then `reason` says why); probabilities are 0-1.

    `scale` is (lo, hi) of the drawn axis in the output's unit; `bands` only where a guideline gives them for
    this very outcome; `event` is the natural-frequency noun phrase ("have a heart attack, … within 10 years").
    `named`: the number is the place in an order of `bands`, and the band's text is shown in its stead.
    `unit` "1" is a probability or share; points and ratios have "{score}" and `decimals` (0: points). The interval of
    a point score with unanswered items holds its lowest and highest total, and `category` what all of these share.
    """

    name: str
    title: str
    value: float | None
    unit: str
    interval: Interval | None = None
    category: Category | None = None
    bands: tuple[Band, ...] = ()
    bands_source: str = ""
    scale: tuple[float, float] = (0.0, 1.0)
    event: str = ""
    reason: str = ""
    short_title: str = ""
    variant: str = ""
    decimals: int | None = None
    named: bool = False

    @property
    def is_points(self) -> bool:
        """Whether it is the total of a point score."""
        return self.unit == "{score}" and self.decimals == 0 and not self.named

    def word(self, value: float) -> str:
        """What stands for *value* where its band names it; else ""."""
        if not self.named:
            return ""
        return next((band.text for band in self.bands if band.lo <= round(value) < band.hi), "")


@frozen
class InputUsed:
    """An input as used, in the canonical unit, with where it came from. `value` None: missing (see `reason`).

    `needed_for`: the outputs that have no number without it; empty: all, or none.
    """

    name: str
    title: str
    value: float | str | None
    unit: str
    origin: Origin
    source: Source = Source("")
    time: str = ""
    derived_from: tuple[str, ...] = ()
    required: bool = False
    reason: str = ""
    editable: bool = True
    marker: bool = False
    needed_for: tuple[str, ...] = ()


@frozen
class Contribution:
    """What one input adds to the output against the baseline, in the output's unit."""

    input: str
    value: float


@frozen
class Explanation:
    """Shapley values of one output. baseline + sum(contributions) + residual = value (residual ~ 0, checked)."""

    output: str
    method: str
    baseline: float
    baseline_name: str
    unit: str
    contributions: tuple[Contribution, ...]
    residual: float
    error_bound: float | None = None


@frozen
class Caution:
    """`code` is stable for machines, `message` a sentence, `input` the standard name or ""."""

    code: str
    message: str
    input: str = ""
    level: Level = Level.CAUTION


@frozen
class Check:
    """One line of the out-of-scope table: what was checked, this patient, made for, inside or not.

    `source` says where the limits of `made_for` come from; "" where the model's own population sets them.
    """

    name: str
    patient: str
    made_for: str
    inside: bool
    source: str = ""

    @property
    def limits(self) -> str:
        """The limits with their source as a sentence; "" without a source."""
        if not self.source:
            return ""
        parts = {"name": self.name, "range": self.made_for, "source": self.source.rstrip(".。")}
        return _("{name}: accepted {range}. {source}.").format(**parts)


@frozen
class Curve:
    """Result over the plausible values of one missing input (x in its unit, y in the output's unit)."""

    input: str
    unit: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    output: str = ""


@frozen
class SurvivalCurve:
    """Share without the event of `output`, at each of `times` (in `unit`, UCUM); 1 at time 0.

    lo, hi: limits of the model at the same times, or empty.
    """

    output: str
    title: str
    times: tuple[float, ...]
    unit: str
    values: tuple[float, ...]
    lo: tuple[float, ...] = ()
    hi: tuple[float, ...] = ()


Fingerprint = tuple[object, ...]


@frozen
class Finding:
    """One result of one engine. `reason` is the one-line reason (at most 90 signs).

    `group` is "" or "prognosis" (collapsed under Prognosis; in the PDF only when asked, SAFETY 21).
    `evidence` is one of the five grades of SAFETY 20, verbatim English; the screen translates it.
    `fingerprint` holds all that the finding was made from: one of an equal one may be shown again without a new run;
    empty: it may not. `name` is the model's own ("PREVENT 2023").
    `question` is the id of the clinical question (`inference.questions`) or "": findings of one stand together, the
    `preferred` one first. `guideline` names the model, `people` are those it was made from, `notice` stands beside
    every result of it.
    """

    model: str
    version: str
    kind: str
    title: str
    evidence: str
    status: Status
    reason: str
    outputs: tuple[Output, ...] = ()
    inputs: tuple[InputUsed, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    cautions: tuple[Caution, ...] = ()
    checks: tuple[Check, ...] = ()
    curves: tuple[Curve, ...] = ()
    advice: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    group: str = ""
    provider: str = ""
    sha256: str = ""
    milliseconds: float = 0.0
    record_key: tuple[str, str, int] = ("", "", 0)
    fingerprint: Fingerprint = ()
    survival: SurvivalCurve | None = None
    name: str = ""
    question: str = ""
    preferred: bool = False
    guideline: str = ""
    people: str = ""
    notice: str = ""

    def explanation_of(self, output: str) -> Explanation | None:
        return next((e for e in self.explanations if e.output == output), None)


@frozen
class Assessment:
    """All findings of one record at one moment, in the order of the Results page."""

    record_key: tuple[str, str, int]
    as_of: str
    findings: tuple[Finding, ...]
    complete: bool = True
    seconds: float = 0.0
