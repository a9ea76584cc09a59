"""The 31 source attributes that a predictive model has to state, in the order of the rule.

Source: 45 CFR 170.315(b)(11)(iv)(B), (1) to (9), as amended by the ONC HTI-1 final rule (89 FR 1192, 9 January
2024). Each key stands under `[attributes]` of a manifest with an English and a Chinese text; none may be empty:
what is not known is said to be not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from medgui.i18n import N_


@dataclass(frozen=True, slots=True)
class Attribute:
    """One source attribute. `title` is an English message for `_`; `clause` its place in paragraph (B)."""

    key: str
    clause: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the nine headings of the rule with its attributes. `title` is an English message for `_`."""

    number: int
    title: str
    attributes: tuple[Attribute, ...]


def _section(number: int, title: str, *attributes: tuple[str, str]) -> Section:
    numerals = ("i", "ii", "iii", "iv", "v")
    rows = (
        Attribute(key, f"({number})({numerals[place]})", words)
        for place, (key, words) in enumerate(attributes)
    )
    return Section(number, title, tuple(rows))


SECTIONS: tuple[Section, ...] = (
    _section(
        1,
        N_("Details and output"),
        ("developer", N_("Developer and contact")),
        ("funding", N_("Funding of the technical implementation")),
        ("output_description", N_("What the output is")),
        ("output_type", N_("Type of output")),
    ),
    _section(
        2,
        N_("Purpose"),
        ("intended_use", N_("Intended use")),
        ("intended_patients", N_("Intended patients")),
        ("intended_users", N_("Intended users")),
        ("decision_role", N_("Role in the decision")),
    ),
    _section(
        3,
        N_("Cautioned uses"),
        ("cautioned_uses", N_("Tasks, situations and people it is not for")),
        ("known_risks", N_("Known risks and limitations")),
    ),
    _section(
        4,
        N_("Development and inputs"),
        ("training_criteria", N_("Inclusion and exclusion in the training data")),
        ("demographic_inputs", N_("Demographic and social variables used as inputs")),
        ("training_representativeness", N_("Who is represented in the training data")),
        ("training_relevance", N_("Relevance of the training data to the intended setting")),
    ),
    _section(
        5,
        N_("Fairness in development"),
        ("fairness_approach", N_("How a fair output was sought")),
        ("bias_reduction", N_("How bias was managed or reduced")),
    ),
    _section(
        6,
        N_("External validation"),
        ("external_data", N_("Data source and setting of external validation")),
        ("external_party", N_("Who did the external validation")),
        ("external_representativeness", N_("Who is represented in the external data")),
        ("external_process", N_("How external validation was done")),
    ),
    _section(
        7,
        N_("Performance"),
        ("internal_validity", N_("Validity in test data from the same source")),
        ("internal_fairness", N_("Fairness in test data from the same source")),
        ("external_validity", N_("Validity in external data")),
        ("external_fairness", N_("Fairness in external data")),
        ("outcome_evaluation", N_("Evaluations of its use on patients' outcomes")),
    ),
    _section(
        8,
        N_("Maintenance"),
        ("validity_monitoring", N_("How and how often validity is monitored")),
        ("local_validity", N_("Validity in local data")),
        ("fairness_monitoring", N_("How and how often fairness is monitored")),
        ("local_fairness", N_("Fairness in local data")),
    ),
    _section(
        9,
        N_("Updates"),
        ("update_process", N_("How and how often it is updated")),
        ("correction_frequency", N_("How often its performance is corrected")),
    ),
)
"""Paragraphs (1) to (9) of the rule in order; a model card shows them as they stand here."""


def all_attributes() -> Iterator[Attribute]:
    """Give the 31 attributes in the order of the rule."""
    for section in SECTIONS:
        yield from section.attributes


ATTRIBUTES: tuple[Attribute, ...] = tuple(all_attributes())
KEYS: tuple[str, ...] = tuple(attribute.key for attribute in ATTRIBUTES)
