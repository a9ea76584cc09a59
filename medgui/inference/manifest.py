"""The manifest of a bundle as typed data (docs/architecture.md, "Bundle"). Parsing lives in `manifest_io`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal

from medgui.frozen import frozen

SCHEMA = 1
PLACES = ("country", "region", "region_asia_pacific")
"""Inputs that say where: a score with one of them is calibrated to the place by its authors."""
GROUP = "ethnicity"
"""An input of which no value refuses anybody (SAFETY 18): one that a model does not know counts as not stated."""

Kind = Literal["diagnosis", "risk", "score", "image"]
Missing = Literal["refuse", "branch", "background", "graph"]
Text = Mapping[str, str]


@frozen
class InputSpec:
    """One input of the graph. Numbers are in `unit` (UCUM); categories are listed with their codes.

    accepted / seen: closed intervals in `unit`. Outside `accepted`: out_of_scope. Outside `seen`: caution.
    outputs: names of the outputs that need it (empty: all). `missing`: what happens without it –
    "refuse" (status missing_input), "branch" (NaN goes to the trees' missing branch), "background"
    (mean over the reference rows' values of that input), "graph" (NaN goes in and the equation has a term for it).
    categories: text -> number fed to the graph, e.g. {"female": 0, "male": 1}; empty for plain numbers.
    below: (limit, caution code): smaller values are read as the limit. plausible: range used for the result's
    range while missing. variation: visit-to-visit ("sd", x) in unit or ("cv", x) as a fraction, with source.
    from_: "ckd_epi_2021.egfr" when another bundle supplies it if the record has no value of its own.
    marker: a treatment flag, "on treatment; does not cause the risk", or a group that only moves the finished number
    to that group's rate (SAFETY 23).
    title: what the input is called, where `name` is no standard input of `record.variables` (a model made in the
    clinic). columns: other names of its column that `score` and `validate` take where the file has no `name`.
    spellings: other texts of a category in such a column, {"Women": "female"}; of a yes/no {"Former": "no"}.
    beyond: why the model stops at its accepted bounds, said beside them where a value lies outside.
    sexes: in whom it counts (empty: both); nobody else is asked for it, and the graph has no term for theirs.
    """

    name: str
    unit: str
    required: bool
    missing: Missing
    accepted: tuple[float, float] | None = None
    accepted_source: str = ""
    seen: tuple[float, float] | None = None
    max_age_days: int | None = None
    spread_with: tuple[str, ...] = ()
    max_spread_days: int | None = None
    categories: Mapping[str, float] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    plausible: tuple[float, float] | None = None
    variation: tuple[str, float] | None = None
    variation_source: str = ""
    below: tuple[float, str] | None = None
    from_: str = ""
    marker: bool = False
    assume_absent: bool = False
    title: Text = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    beyond: Text = field(default_factory=dict)
    sexes: tuple[str, ...] = ()


@frozen
class Exclusion:
    """A condition that puts the model (or `outputs`) out of scope, or only raises a caution.

    `input` is a standard name; the rule holds when its value equals `value`. `unknown` is the caution code when
    the answer is not stated ("history_not_stated") or "" to say nothing. effect: "out_of_scope" or "caution".
    """

    input: str
    value: float
    reason: Text
    effect: Literal["out_of_scope", "caution"] = "out_of_scope"
    code: str = ""
    unknown: str = ""
    unknown_message: Text = field(default_factory=dict)
    outputs: tuple[str, ...] = ()


@frozen
class Indication:
    """When a score is meant (SAFETY 15): at least one of the facts `any` (standard names) is yes.

    Where all of them are "no" the model is out of scope as `not_indicated`; where none is "yes" and one is not stated
    a number comes with the caution `indication_not_stated`. Nobody is shown the score unasked without a "yes".
    """

    any: tuple[str, ...]
    reason: Text


@frozen
class Order:
    """Two inputs of which `smaller` is never above `larger`: where it is, they contradict each other (refused).

    needs: `smaller` above 0 says nothing without `larger`, which is then missing. Both are numbers in one unit, or a
    yes/no (1) and a count. excludes: instead, a yes to `smaller` leaves nothing above 0 for `larger` (a smoker has no
    years since quitting), and with needs a no to it makes `larger` needed.
    """

    smaller: str
    larger: str
    reason: Text
    needs: bool = False
    excludes: bool = False


@frozen
class BandSpec:
    """A guideline's band of one output, from `lo` inclusive to `hi` exclusive.

    age: years, from the first inclusive to the second exclusive, where the guideline's limits go by age.
    """

    lo: float
    hi: float
    text: Text
    level: Literal["info", "caution", "high"]
    age: tuple[float, float] | None = None


@frozen
class OutputSpec:
    """One output. `age` bounds its own eligibility (closed interval, years) or None.

    decimals: how many a plain number is shown with (0: points); None: as its unit asks.

    event: natural-frequency phrase that follows "Of 100 … like this, about N". scale: drawn axis.
    difference: what a treatment adds to a probability, above -1 and below 1: 0 and less are answers, no faults.
    named: the number is the place in an order of bands (stage 4 is "G3b"): the band's text is shown in its stead.
    holds: closed interval of answers that can be true (LDL is not negative); any other says that the formula does
    not hold for these values together: no number, with `holds_reason` as its reason.
    """

    name: str
    unit: str
    title: Text
    short_title: Text
    event: Text
    scale: tuple[float, float]
    age: tuple[float, float] | None = None
    age_reason: Text = field(default_factory=dict)
    bands: tuple[BandSpec, ...] = ()
    bands_source: Text = field(default_factory=dict)
    calibration: str = ""
    decimals: int | None = None
    difference: bool = False
    named: bool = False
    holds: tuple[float, float] | None = None
    holds_reason: Text = field(default_factory=dict)

    @property
    def is_share(self) -> bool:
        """Whether it is a probability or a share, 0 to 1, shown in per cent; points and ratios state `decimals`."""
        return self.unit == "1" and self.decimals is None

    @property
    def is_points(self) -> bool:
        """Whether it is the total of a point score: a whole number without a unit."""
        return self.unit == "1" and self.decimals == 0


@frozen
class ExplanationSpec:
    """method: "enumeration" (one reference person) or "tree_shap" (background rows)."""

    method: Literal["enumeration", "tree_shap", "none"]
    baseline_name: Text
    reference: Mapping[str, float | str]


@frozen
class IntervalSpec:
    """kind "input_variation": simulate `variation` of the inputs (seeded). "model": tables in reference.npz. "none"."""

    kind: Literal["input_variation", "model", "none"]
    level: float
    words: Text


@frozen
class EvaluationRow:
    """One line of the evaluation table: a figure in one group of one data set, with n, events and 95 % CI."""

    dataset: str
    group: str
    metric: str
    value: float
    lo: float | None
    hi: float | None
    n: int
    events: int
    predicted: float | None = None
    observed: float | None = None


@frozen
class ComparisonRow:
    """One kind of model that was tried on the training data: its cross-validated `metric` with standard error `se`.

    `chosen` marks the one that ships: the simplest within one standard error of the best. `note` says what is special.
    """

    candidate: Text
    metric: str
    value: float
    se: float
    chosen: bool = False
    note: Text = field(default_factory=dict)


@frozen
class Survival:
    """A survival curve: graph output `output` [N, T], the share without the event at each of `times` [T] in `unit`.

    It is no output of the manifest's list: it is drawn for one patient and never scored over a table.
    """

    output: str
    times: tuple[float, ...]
    unit: str
    title: Text


@frozen
class Lineage:
    """Where a bundle that a clinic made comes from.

    made: "trained" or "recalibrated". From `model`, `version` and `sha256` of its graph (recalibrated) or "" . `data`
    names the cohort in words, `date` the day (ISO). A recalibrated bundle stands in for `model` on the Results page.
    """

    made: Literal["trained", "recalibrated"]
    data: str
    date: str
    model: str = ""
    version: str = ""
    sha256: str = ""


@frozen
class Variant:
    """A named variant of an equation, chosen by which inputs are present (first whose `needs` all are known)."""

    name: str
    title: Text
    needs: tuple[str, ...]


@frozen
class Manifest:
    """All that a bundle says of itself. Texts are {"en": …, "zh": …}.

    needs_any: standard names of which a record must know one for the model to be shown. answered_by: those whose value
    is the answer that a screen estimates; where a record has one the screen is not shown (rows of `score` are).
    most_imputed: how many of the inputs that can be imputed may be missing; more: no number. None: all of them.
    question: the clinical question that the model answers (`inference.questions`); models of one stand together.
    regions: clinic regions (settings) whose guideline names the model; guideline says which one, with its year.
    acute: an acute score, run on request: it takes inpatient and emergency values of one encounter (SAFETY 9, 10).
    inpatient: it takes inpatient and emergency values too, each as old as its input allows: a formula of one sample, or
    a severity that is judged in hospital.
    notice: a sentence that has to stand beside every result.
    """

    id: str
    version: str
    kind: Kind
    evidence: str
    title: Text
    name: Text
    summary: Text
    intended_use: Text
    not_for: Text
    indication: Text
    inputs: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    explanation: ExplanationSpec
    interval: IntervalSpec
    age: tuple[float, float] | None
    sexes: tuple[str, ...]
    exclusions: tuple[Exclusion, ...]
    attributes: Mapping[str, Text]
    evaluation: Sequence[EvaluationRow]
    licence: str
    data_licence: str
    citation: str
    hashes: Mapping[str, str]
    group: str = ""
    on_request: bool = False
    needs_any: tuple[str, ...] = ()
    most_imputed: int | None = None
    answered_by: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    golden_tolerance: float = 1e-5
    float64: bool = False
    comparison: tuple[ComparisonRow, ...] = ()
    survival: Survival | None = None
    lineage: Lineage | None = None
    question: str = ""
    regions: tuple[str, ...] = ()
    guideline: Text = field(default_factory=dict)
    acute: bool = False
    inpatient: bool = False
    notice: Text = field(default_factory=dict)
    indications: tuple[Indication, ...] = ()
    orders: tuple[Order, ...] = ()

    @property
    def for_place(self) -> bool:
        """Whether its authors calibrated it to the place that the patient lives in."""
        return any(spec.name in PLACES for spec in self.inputs)

    @property
    def conditions_fix_category(self) -> bool:
        """Whether a condition can fix the category (SAFETY 13): a score of a first event that has bands."""
        first_event = any(rule.input == "prior_ascvd" for rule in self.exclusions)
        return first_event and any(spec.bands for spec in self.outputs)

    def input(self, name: str) -> InputSpec:
        return next(i for i in self.inputs if i.name == name)

    def output(self, name: str) -> OutputSpec:
        return next(o for o in self.outputs if o.name == name)
