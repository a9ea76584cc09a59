"""NHANES III and the later surveys with linked mortality: rows, inputs and training habits that two recipes share.

`nhanes_mortality.csv.gz` of the development data. Names of inputs are the standard ones; a missing value is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnxruntime as ort
import pandas as pd
from numpy.typing import NDArray

from medgui.evaluation.figures import age_bands
from medgui.workshop.data import data_file

FloatArray = NDArray[np.float64]

# standard name: column of the set, unit, days, direction in which risk of death may only move (0: free)
INPUTS: dict[str, tuple[str, str, int, int]] = {
    "age": ("age", "a", 0, 1),
    "sex": ("sex", "1", 0, 0),
    "height": ("height", "cm", 3650, 0),
    "bmi": ("bmi", "kg/m2", 365, 0),
    "waist": ("waist", "cm", 365, 0),
    "systolic_bp": ("sbp", "mm[Hg]", 365, 0),
    "diastolic_bp": ("dbp", "mm[Hg]", 365, 0),
    "albumin": ("albumin", "g/dL", 365, -1),
    "alkaline_phosphatase": ("alp", "U/L", 365, 1),
    "bun": ("bun", "mg/dL", 365, 0),
    "creatinine": ("creat", "mg/dL", 365, 0),
    "glucose": ("glucose", "mg/dL", 365, 0),
    "bilirubin_total": ("ttbl", "mg/dL", 365, 0),
    "uric_acid": ("uap", "mg/dL", 365, 0),
    "crp": ("crp", "mg/L", 365, 1),
    "hdl_cholesterol": ("hdl", "mg/dL", 365, 0),
    "total_cholesterol": ("totchol", "mg/dL", 365, 0),
    "ggt": ("ggt", "U/L", 365, 1),
    "lymphocytes_percent": ("lymph", "%", 365, -1),
    "mcv": ("mcv", "fL", 365, 0),
    "rbc": ("rbc", "10*6/uL", 365, 0),
    "rdw": ("rdw", "%", 365, 1),
    "wbc": ("wbc", "10*3/uL", 365, 1),
    "hba1c": ("hba1c", "%", 365, 1),
}
NAMES = tuple(INPUTS)
AGE, SEX = NAMES.index("age"), NAMES.index("sex")
PANELS = (
    ("height", "bmi", "waist"),
    ("systolic_bp", "diastolic_bp"),
    NAMES[NAMES.index("albumin") : NAMES.index("lymphocytes_percent")],
    NAMES[NAMES.index("lymphocytes_percent") : NAMES.index("hba1c")],
    ("hba1c",),
    ("ggt",),
)
# Rows whose value was cut for being extreme: one of these alone is missing from a measured chemistry panel.
CUT = ("creatinine", "bun", "uric_acid", "albumin")
# Gaps that tell of risk in NHANES III (cut values, people who could not stand): masked more often, each by itself.
TELLING = (("waist",), ("systolic_bp", "diastolic_bp"), ("glucose",), ("rdw",), ("ggt",), ("hba1c",))
CHEMISTRY = tuple(n for n in PANELS[2] if n != "ggt")
LABORATORY = NAMES[NAMES.index("albumin") :]
# What a practice orders together, and how often it has it: the survey measures all or nothing.
ORDERED: tuple[tuple[tuple[str, ...], float], ...] = (
    (("systolic_bp", "diastolic_bp"), 0.9),
    (("height",), 0.8),
    (("bmi",), 0.85),
    (("waist",), 0.25),
    (("creatinine",), 0.7),
    (("hdl_cholesterol", "total_cholesterol"), 0.6),
    (("glucose",), 0.6),
    (("hba1c",), 0.4),
    (("bun",), 0.4),
    (("albumin", "alkaline_phosphatase", "bilirubin_total"), 0.4),
    (("ggt",), 0.3),
    (("uric_acid",), 0.25),
    (("crp",), 0.2),
    (("lymphocytes_percent", "mcv", "rbc", "rdw", "wbc"), 0.4),
)
FEW = (
    *("age", "sex", "height", "bmi", "systolic_bp", "diastolic_bp"),
    *("creatinine", "glucose", "hdl_cholesterol", "total_cholesterol", "hba1c"),
)
"""What an ordinary visit knows."""
TOP_CODE = 85.0  # NHANES 1999-2004 writes 85 for "85 and over"; NHANES III is brought to the same code
CRP_LIMIT = 2.1  # mg/L, detection limit of the assay of NHANES III


def rows() -> pd.DataFrame:
    """All rows of the set. Raises `DataAbsent`."""
    return pd.read_csv(data_file("tabular/nhanes_mortality.csv.gz"), low_memory=False)


def third(frame: pd.DataFrame) -> pd.Series:
    """True for the people of NHANES III."""
    return frame.survey.eq("NHANES III")


def dead_by(frame: pd.DataFrame, months: int) -> pd.Series:
    """True for those who died, of whatever, within `months` of the interview."""
    return (frame.dead == 1) & (frame.permth_int <= months)


def known_by(frame: pd.DataFrame, months: int) -> pd.Series:
    """True for those followed up `months` or dead within them."""
    return dead_by(frame, months) | (frame.permth_int >= months)


def features(frame: pd.DataFrame) -> FloatArray:
    """The inputs [N, F] as the running program feeds them: float32 values, CRP at least at its detection limit."""
    columns = {name: frame[spec[0]] for name, spec in INPUTS.items() if name not in ("sex", "crp")}
    columns["sex"] = (frame.sex == "M").astype(float)
    columns["crp"] = (frame.crp * 10).clip(lower=CRP_LIMIT)
    x = np.column_stack([columns[name].to_numpy(dtype=np.float64) for name in NAMES])
    return x.astype(np.float32).astype(np.float64)


def extreme_was_cut(x: FloatArray) -> NDArray[np.bool_]:
    """Rows that lack one of `CUT` while most of their chemistry panel was measured (value beyond 5 SD, set missing)."""
    place = [NAMES.index(name) for name in CHEMISTRY]
    measured = (~np.isnan(x[:, place])).sum(axis=1) >= 5
    lacking = np.isnan(x[:, [NAMES.index(name) for name in CUT]]).any(axis=1)
    return np.asarray(measured & lacking)


def with_laboratory(x: FloatArray) -> NDArray[np.bool_]:
    """Rows with at least one laboratory value: the people whom the survey examined."""
    return np.asarray(~np.isnan(x[:, [NAMES.index(name) for name in LABORATORY]]).all(axis=1))


def top_coded(x: FloatArray) -> FloatArray:
    """A copy whose ages from 85 on are 85."""
    x = x.copy()
    x[:, AGE] = np.minimum(x[:, AGE], TOP_CODE)
    return x


def masked(x: FloatArray, random: np.random.Generator) -> FloatArray:
    """A copy in which values and whole panels are missing at random, so that a gap says nothing by itself."""
    hide = random.random(x.shape) < 0.2 * random.random((len(x), 1))
    for panel in PANELS:
        hide[np.ix_(random.random(len(x)) < 0.05, [NAMES.index(name) for name in panel])] = True
    for alone in TELLING:
        hide[np.ix_(random.random(len(x)) < 0.4, [NAMES.index(name) for name in alone])] = True
    hide[:, [AGE, SEX]] = False
    return np.where(hide, np.nan, x)


def as_in_a_practice(x: FloatArray, random: np.random.Generator) -> FloatArray:
    """A copy in which each group of values that is ordered together is there as often as `ORDERED` says.

    For people whom the survey examined: one of them without most values is an ordinary patient, not one of the
    survey's unexamined, who died more often.
    """
    hide = np.zeros(x.shape, dtype=bool)
    for names, share in ORDERED:
        hide[np.ix_(random.random(len(x)) >= share, [NAMES.index(name) for name in names])] = True
    return np.where(hide, np.nan, x)


def training_rows(
    x: FloatArray, label: FloatArray, weight: float, random: np.random.Generator, again: float = 1.0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rows, labels and weights to train on: the people, masked copies, the examined as a practice knows them.

    The masked copy of a person weighs *weight* of the two together, the third copy *again* times as much as both.
    """
    examined = with_laboratory(x)
    rows = np.vstack([x, masked(x, random), as_in_a_practice(x[examined], random)])
    labels = np.concatenate([label, label, label[examined]])
    weights = np.repeat([1 - weight, weight, again], [len(x), len(x), int(examined.sum())])
    return rows, labels, weights


def as_few_know(x: FloatArray) -> FloatArray:
    """A copy that holds age, sex, height, body mass index, pressures, cholesterols, glucose, HbA1c and creatinine."""
    known = [NAMES.index(name) for name in FEW]
    return np.where(np.isin(np.arange(x.shape[1]), known), x, np.nan)


def background(x: FloatArray, p: FloatArray, size: int) -> FloatArray:
    """Complete rows [size, F], drawn so that their mean risk and age are nearest to those of all complete rows."""
    complete = np.flatnonzero(~np.isnan(x).any(axis=1))
    random = np.random.default_rng(40)

    def distance(chosen: NDArray[np.intp]) -> float:
        return float(
            abs(p[chosen].mean() - p[complete].mean()) * 100
            + abs(x[chosen, AGE].mean() - x[complete, AGE].mean())
        )

    return x[min((random.choice(complete, size, replace=False) for _draw in range(500)), key=distance)]


def run(model: bytes, x: FloatArray) -> FloatArray:
    """Probability [N] of the ONNX graph."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    feed = {name: x[:, i : i + 1].astype(np.float32) for i, name in enumerate(NAMES)}
    return np.asarray(session.run(None, feed)[0], dtype=np.float64).reshape(-1)


def golden(x: FloatArray) -> FloatArray:
    """Rows [48, F] for the proof of an execution provider: people of NHANES III, some values taken away."""
    found = x[np.random.default_rng(9).choice(len(x), 48, replace=False)]
    found[:8, 2:] = np.nan
    return found


def input_tables(x: FloatArray) -> list[dict[str, Any]]:
    """[[inputs]] of the manifest; seen: the range in training; accepted: half the smallest to 1.25 of the largest."""
    tables: list[dict[str, Any]] = []
    for place, (name, (_column, unit, days, _direction)) in enumerate(INPUTS.items()):
        table: dict[str, Any] = {"name": name, "unit": unit, "required": name in ("age", "sex")}
        table["missing"] = "refuse" if table["required"] else "branch"
        lo, hi = float(np.nanmin(x[:, place])), float(np.nanmax(x[:, place]))
        if name == "sex":
            table["categories"] = {"female": 0, "male": 1}
        elif name == "age":
            table |= {"accepted": [18, 110], "accepted_source": "Adults", "seen": [lo, TOP_CODE]}
        else:
            source = "Half the smallest to 1.25 times the largest value seen in training"
            table |= {"accepted": [two_digits(0.5 * lo), two_digits(1.25 * hi)], "accepted_source": source}
            table |= {"seen": [round(lo, 2), round(hi, 2)], "max_age_days": days}
            q = np.nanquantile(x[:, place], [0.05, 0.95])
            table["plausible"] = [two_digits(float(q[0])), two_digits(float(q[1]))]
        if name == "crp":
            table |= {"accepted": [0, table["accepted"][1]], "below": [CRP_LIMIT, "below_detection_limit"]}
        if name == "bilirubin_total":
            table["accepted"] = [0, table["accepted"][1]]
        tables.append(table)
    return tables


def two_digits(value: float) -> float:
    """Rounded to two significant digits."""
    return float(f"{value:.2g}")


def groups(frame: pd.DataFrame) -> Mapping[str, list[str]]:
    """Labels of the groups that figures are given for."""
    sex = frame.sex.map({"M": "male", "F": "female"}).tolist()
    bands = age_bands(frame.age.to_numpy(dtype=np.float64), (20, 40, 50, 60, 70, 80, 86))
    return {"sex": sex, "age": bands, "ethnicity": frame.ethnicity.tolist()}


LINK = (
    *("bmi", "waist", "albumin", "alp", "bun", "uap", "rbc", "mcv", "rdw", "wbc", "lymph"),
    *("hdl", "totchol", "ttbl", "glucose"),
)


def with_second_file(frame: pd.DataFrame) -> pd.DataFrame:
    """The people of 1999-2010 who are in `nhanes_cardiometabolic.csv.gz` too, with columns of that file.

    `frame` has neither survey weights nor histories nor a key. Both files took their laboratory values from the same
    source: a row is the same person where year, sex and all values of `LINK` are equal to the last digit, at least five
    of them are known, and no other row has them. Adds `survey_weight` (of the examination), `known_ascvd` and
    `known_heart_failure` (Yes, No or NaN); `place` is the row's number in `frame`.
    """
    other = pd.read_csv(data_file("tabular/nhanes_cardiometabolic.csv.gz"), low_memory=False)
    other = other.assign(
        year=other.svy_year.str[:4].astype(float), sex=other.demo_gender.map({"Men": "M", "Women": "F"})
    )
    key = ["year", "sex", *LINK]
    mine = _alone(frame.assign(place=np.arange(len(frame)), year=frame.year.astype(float)), key)
    names = {
        "svy_weight_mec": "survey_weight",
        "cc_cvd_ascvd": "known_ascvd",
        "cc_cvd_hf": "known_heart_failure",
    }
    theirs = _alone(other, key)[["_key", *names]].rename(columns=names)
    return mine.merge(theirs, on="_key").sort_values("place").drop(columns="_key").reset_index(drop=True)


def _alone(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The rows with five values of `LINK` that no other row shares; `_key` holds them."""
    text = pd.Series(["|".join(map(str, row)) for row in frame[key].to_numpy(dtype=object)], frame.index)
    frame = frame.assign(_key=text)
    return frame[(frame[list(LINK)].notna().sum(axis=1) >= 5) & ~text.duplicated(keep=False)]
