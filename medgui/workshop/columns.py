"""What each column of a clinic's table is for: proposed from its name and cells, to be confirmed by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.spellings import YES_NO, fact_meanings
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.table_cells import day
from medgui.readers.table_mapping import heading_parts, heading_target
from medgui.record.units import UnitError, convert, normalise
from medgui.record.variables import VARIABLES, Variable, fold, is_standard
from medgui.workshop.table import Table

FloatArray = NDArray[np.float64]
Role = Literal["label", "input", "id", "group", "leave_out"]
Kind = Literal["number", "yes_no", "category", "date", "text", "constant", "empty", "identifier"]

MOST_CATEGORIES = 12
_GROUPS = frozenset(
    fold(name)
    for name in (
        "ethnicity", "race", "race ethnicity", "民族", "种族", "族裔",
        "site", "centre", "center", "hospital", "clinic", "cohort", "中心", "医院", "院区",
    )
)  # fmt: skip
_IDENTIFIERS = re.compile(
    r"(?:^|_| )(?:id|seqn|mrn|uuid|number|nr|no)$|^(?:id|seqn)(?:_| )|sampleid", re.IGNORECASE
)
_PERSONAL = re.compile(
    r"身份证|证件|护照|电话|手机|住址|地址|邮箱|医保[卡号]|社保|病案号|住院号|门诊号|检查号|标本号|流水号|编号|序号|姓名"
    r"|(?:^|[_ ])(?:phone|telephone|mobile|e-?mail|address|passport|ssn|postcode|zip)(?:$|[_ ])",
    re.IGNORECASE,
)
_CHINESE_ID = re.compile(r"[1-9]\d{16}[\dXx]")
_LONG_NUMBER = 8
"""Digits from which whole numbers that are all different are numbers of people and no measurement."""
_WEIGHTS = re.compile(
    r"(?:sample|sampling|survey|case|inverse|propensity)[_ ]?w(?:eigh)?ts?$|^weights$|^wt(?:mec|int|saf)\w*$|抽样权重"
    r"|^权重$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[_ ][A-Za-z]$")
"""Behind an input of the clinic's own, one letter is rather a part of its name than a unit ("group_g")."""
_RESERVED = frozenset(("status", "cautions"))
"""Columns that `score` appends: no input can have such a name."""
_MOSTLY = 0.8
"""Share of numbers among the known cells from which words in a column count as mistakes."""
_YES_WORDS = ("positive", "pos", "+", "是", "有", "阳性", "y", "t", "1", "yes", "true")
_NO_WORDS = ("negative", "neg", "否", "无", "阴性", "n", "f", "0", "no", "false")


@frozen
class Column:
    """One column as proposed.

    input: name of the model input that it would be ("age", or the clinic's own "mean_radius"); standard: it is one of
    `record.variables`. unit: UCUM. codes: what each text means, {"Women": 0}; empty for numbers. categories: the names
    of the codes, {"female": 0}; empty for numbers and yes/no. why: a sentence that says why it has its role.
    """

    name: str
    role: Role
    kind: Kind
    input: str
    title: Mapping[str, str]
    unit: str
    known: int
    distinct: int
    standard: bool = False
    codes: Mapping[str, float] = field(default_factory=dict)
    categories: Mapping[str, float] = field(default_factory=dict)
    why: str = ""


@frozen
class Note:
    """What a person should know of a column ("" for the table); `blocks`: training refuses until it is settled."""

    code: str
    column: str
    message: str
    blocks: bool = False


def propose(table: Table, name: str, label: str) -> tuple[Column, list[Note]]:
    """The proposal for column *name*, and what to say of it."""
    texts, place = table.texts(name)
    known = int((place >= 0).sum())
    target = heading_target(name, "wide")
    variable = VARIABLES.get(target) if is_standard(target) else None  # the same beside whatever own model
    own, unit = heading_parts(name)
    if variable is None and _LETTER.search(name.strip()):
        own, unit = name, ""
    start = Column(name, "leave_out", "empty", _slug(own), _title(own), "1", known, len(texts))
    if name == label:
        return _with(start, role="label", kind="category", why=_("This is what the model learns.")), []
    if name in table.unnamed:
        why = _("It has no heading.")
        message = _("Column “{name}” is left out: {why}").format(name=name, why=why)
        return _with(start, kind="text", why=why), [Note("no_heading", name, message)]
    if len(texts) <= 1:
        kind: Kind = "constant" if texts else "empty"
        why = _("It says the same of everybody.") if texts else _("It is empty.")
        note = Note(kind, name, _("Column “{name}” is left out: {why}").format(name=name, why=why))
        return _with(start, kind=kind, why=why), [note]
    identity = _identity(table, start, target, texts)
    if identity is not None:
        return identity, []
    values, strange = table.numbers(name)
    if not strange:
        if _WEIGHTS.search(name.strip()):
            why = _("It seems to hold sampling weights, which are no input.")
            message = _("Column “{name}” is left out: {why}").format(name=name, why=why)
            return _with(start, kind="number", why=why), [Note("weights", name, message)]
        return _number(start, values, variable, unit)
    if len(strange) < (1 - _MOSTLY) * known:
        row, text = strange[0]
        sentence = _(
            "Column “{name}” holds “{text}” in row {row}, where a number belongs: correct it or leave it out."
        )
        message = sentence.format(name=name, text=text[:40], row=row)
        found, notes = _number(start, values, variable, unit)
        return found, [*notes, Note("words_in_numbers", name, message, blocks=True)]
    return _words(start, texts, variable, table.rows)


def _identity(table: Table, start: Column, target: str, texts: Sequence[str]) -> Column | None:
    """A column that says who somebody is or when something was; None for any other."""
    name = start.name
    if target == "patient_id" or _IDENTIFIERS.search(name.strip()):
        many = len(texts) > 0.5 * start.known
        role: Role = "id" if target == "patient_id" or many else "leave_out"
        if role == "id":
            return _with(start, role=role, kind="identifier", why=_("It names the people."))
    if target in ("family_name", "given_name", "full_name"):
        return _with(start, kind="identifier", why=_("It names the people."))
    if _PERSONAL.search(name.strip()) or _is_numbering(texts, start.known):
        return _with(start, kind="identifier", why=_("It names the people."))
    if target in ("birth_date", "time") or all(day(text) and not _plain(text) for text in texts[:50]):
        return _with(start, kind="date", why=_("A date is no input; an age or a duration may be one."))
    running = start.known == table.rows == len(texts) and name == table.names[0]
    if running and all(text.isdigit() for text in texts):
        numbers = np.array([int(text) for text in texts])
        if (np.diff(numbers) == 1).all():
            return _with(start, role="id", kind="identifier", why=_("It numbers the rows."))
    return None


def _is_numbering(texts: Sequence[str], known: int) -> bool:
    """Whether the cells are numbers of people: Chinese identity cards, or long whole numbers that hardly repeat."""
    if all(_CHINESE_ID.fullmatch(text) for text in texts):
        return True
    long = all(text.isdigit() and len(text) >= _LONG_NUMBER for text in texts)
    return long and len(texts) > 0.9 * known


def _plain(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d+(?:\.\d+)?", text))


def _number(
    start: Column, values: FloatArray, variable: Variable | None, unit: str
) -> tuple[Column, list[Note]]:
    found = np.unique(values[~np.isnan(values)])
    group = fold(start.name) in _GROUPS
    binary = len(found) == 2 and set(found.tolist()) == {0.0, 1.0}
    if variable is not None and variable.name == "sex":
        message = _(
            "Column “{name}” holds numbers, and which one is a woman is not stated: it becomes an input of its own."
        )
        codes = {f"{code:.15g}": code for code in found.tolist()}
        title = {"en": "Sex, as coded in the training table", "zh": "性别（训练表编码）"}
        own = _with(start, role="input", kind="category", input="sex_code", title=title)
        own = _with(own, codes=codes, categories=codes)
        return own, [Note("sex_codes", start.name, message.format(name=start.name))]
    if variable is not None and variable.kind == "category":
        return _standard_codes(start, found, variable, group), []
    if binary:
        yes_no = {"0": 0.0, "1": 1.0}
        if variable is not None and variable.kind == "boolean":
            return _standard(start, variable, kind="yes_no", codes=yes_no), []
        return _with(start, role="group" if group else "input", kind="yes_no", codes=yes_no), []
    if group and len(found) <= MOST_CATEGORIES:
        codes = {f"{code:.15g}": code for code in found.tolist()}
        return _with(start, role="group", kind="category", codes=codes, categories=codes), []
    if variable is not None and variable.kind == "quantity":
        return _quantity(start, values, variable, unit)
    return _with(start, role="input", kind="number", unit=normalise(unit) or "1"), []


def _standard_codes(start: Column, found: FloatArray, variable: Variable, group: bool) -> Column:
    texts = {f"{code:.15g}": code for code in found.tolist()}
    known = set(texts) <= set(variable.categories)
    if group or variable.name == "ethnicity":
        return _with(start, role="group", kind="category", codes=texts, categories=texts)
    if known:
        return _standard(start, variable, kind="category", codes=texts, categories=texts)
    return _with(start, role="input", kind="number")


def _quantity(start: Column, values: FloatArray, variable: Variable, unit: str) -> tuple[Column, list[Note]]:
    """A standard number. Where its values cannot be in the unit that it should have, another one is proposed."""
    stated = normalise(unit, variable.name) if unit else None
    if stated is not None and not _measures(stated, variable):
        sentence = _("“{unit}” in column “{name}” is no unit of {title}: it becomes an input of its own.")
        message = sentence.format(name=start.name, unit=unit, title=variable.title["en"])
        own = _with(start, role="input", kind="number", input=f"own_{start.input}"[:63], unit=stated)
        return own, [Note("unit_unknown", start.name, message)]
    likely = stated or _likely_unit(values, variable)
    found = _standard(start, variable, kind="number", unit=likely or variable.unit)
    if likely is None:
        sentence = _(
            "The values of column “{name}” are impossible in every known unit of {title}: it "
            "becomes an input of its own."
        )
        own = _with(start, role="input", kind="number", input=f"own_{start.input}"[:63])
        return own, [
            Note("unit_unknown", start.name, sentence.format(name=start.name, title=variable.title["en"]))
        ]
    if stated is None and likely != variable.unit:
        sentence = _("The values of column “{name}” look like {unit}: confirm the unit.")
        return found, [
            Note("unit_unsure", start.name, sentence.format(name=start.name, unit=likely), blocks=True)
        ]
    return found, _impossible(start.name, values, likely, variable)


def _measures(unit: str, variable: Variable) -> bool:
    try:
        convert(1.0, unit, variable.unit, variable.name)
    except UnitError:
        return False
    return True


def _impossible(name: str, values: FloatArray, unit: str, variable: Variable) -> list[Note]:
    """A note that blocks on the first value that no person can have."""
    strange = np.flatnonzero(outside(values, unit, variable))
    if not len(strange):
        return []
    sentence = _(
        "Column “{name}” holds {value} in row {row}, which no person can have ({n} such values): correct it or leave "
        "it out."
    )
    first = int(strange[0])
    message = sentence.format(name=name, value=f"{values[first]:.15g}", row=first + 2, n=len(strange))
    return [Note("impossible", name, message, blocks=True)]


def outside(values: FloatArray, unit: str, variable: Variable) -> NDArray[np.bool_]:
    """Which values [N] in *unit* no person can have; none where the limits are not known in that unit."""
    if variable.possible is None:
        return np.zeros(len(values), dtype=bool)
    try:
        ends = sorted(convert(limit, variable.unit, unit, variable.name) for limit in variable.possible)
    except UnitError:
        return np.zeros(len(values), dtype=bool)
    return np.asarray((values < ends[0]) | (values > ends[1]))


def _likely_unit(values: FloatArray, variable: Variable) -> str | None:
    known = values[~np.isnan(values)]
    middle = float(np.median(known))
    possible = None
    for unit in variable.units():
        try:
            there = [convert(value, unit, variable.unit, variable.name) for value in (middle, *_ends(known))]
        except UnitError:
            continue
        lo, hi = variable.possible or (-np.inf, np.inf)
        usual = variable.usual or (lo, hi)
        if lo <= there[1] and there[2] <= hi:
            if usual[0] <= there[0] <= usual[1]:
                return unit
            possible = possible or unit
    return possible


def _ends(known: FloatArray) -> tuple[float, float]:
    return float(np.quantile(known, 0.02)), float(np.quantile(known, 0.98))


def _words(
    start: Column, texts: Sequence[str], variable: Variable | None, rows: int
) -> tuple[Column, list[Note]]:
    if len(texts) > max(2, min(MOST_CATEGORIES, start.known // 5)):
        kind: Kind = "identifier" if len(texts) > 0.9 * start.known else "text"
        why = _("Its words differ from person to person.")
        message = _("Column “{name}” is left out: {why}").format(name=start.name, why=why)
        return _with(start, kind=kind, why=why), [Note("free_text", start.name, message)]
    meant = (
        _meanings(texts, fact_meanings("sex")) if variable is not None and variable.name == "sex" else None
    )
    if variable is not None and meant is not None:
        names = {"female": 0.0, "male": 1.0}
        return _standard(start, variable, kind="category", codes=meant, categories=names), []
    yes_no = yes_no_codes(texts)
    if yes_no is not None:
        if variable is not None and variable.kind == "boolean":
            return _standard(start, variable, kind="yes_no", codes=yes_no), []
        return _with(start, role="input", kind="yes_no", codes=yes_no), []
    codes = {text: float(place) for place, text in enumerate(sorted(texts))}
    role: Role = "group" if fold(start.name) in _GROUPS else "input"
    if variable is not None and variable.kind == "category" and role == "input":
        own = {text.casefold(): text for text in variable.categories}
        if all(text.casefold() in own for text in texts):
            names = {own[text.casefold()]: code for text, code in codes.items()}
            return _standard(start, variable, kind="category", codes=codes, categories=names), []
    clash = _("Its words are not those of the standard input.") if variable is not None else ""
    return _with(start, role=role, kind="category", codes=codes, categories=codes, why=clash), []


def yes_no_codes(texts: Sequence[str]) -> dict[str, float] | None:
    """What two words for yes and no mean; None where they are other words."""
    known = {**dict.fromkeys(_YES_WORDS, 1.0), **dict.fromkeys(_NO_WORDS, 0.0), **YES_NO}
    found = _meanings(texts, known)
    return found if found is not None and set(found.values()) == {0.0, 1.0} else None


def _meanings(texts: Sequence[str], known: Mapping[str, float]) -> dict[str, float] | None:
    found = {text: known[text.strip().casefold()] for text in texts if text.strip().casefold() in known}
    return found if len(found) == len(texts) else None


def _standard(start: Column, variable: Variable, **changes: object) -> Column:
    shown = {"unit": variable.unit or "1", **changes}
    return _with(start, role="input", input=variable.name, title=variable.title, standard=True, **shown)


def _with(column: Column, **changes: object) -> Column:
    from dataclasses import replace

    return replace(column, **changes)  # type: ignore[arg-type]


def _title(name: str) -> dict[str, str]:
    shown = name.strip().replace("_", " ")
    return {"en": shown, "zh": shown}


def _slug(name: str) -> str:
    found = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
    found = found if found and not found[0].isdigit() else f"input_{found}".rstrip("_")
    found = f"own_{found}" if found in _RESERVED else found
    return found[:50]
