"""Every published equation against the rows of independent implementations, through `medgui score`."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from medgui.paths import models_dir
from tests.models.reference_rows import Reference, allowed_error, names, references, scored
from tests.shared_data import find_data_dir

DATA = find_data_dir()
EQUATIONS = DATA / "equations" if DATA else None
REFUSED_RIGHTLY: dict[tuple[str, str], dict[str, int]] = {
    ("prevent", "prevent.csv"): {"output_not_applicable": 78},  # 30 years from the age of 60
    # Values that no living person has, drawn at random by the source (NAMES.csv says so of each column).
    ("qrisk3", "clincalc.csv"): {"above_accepted:systolic_bp_sd": 28},
    ("sofa", "clincalc.csv"): {"below_accepted:pao2_fio2": 13},
    ("curb65", "clincalc.csv"): {"contradictory_inputs": 7},
    ("score2_ckd", "score2_ckd.csv"): {"above_accepted:egfr": 27},  # offered below 90 only
    ("abcd2", "clincalc.csv"): {"contradictory_inputs": 7},
    ("glasgow_blatchford", "clincalc.csv"): {"below_accepted:haemoglobin": 17},
    ("apache2", "clincalc.csv"): {"below_accepted:mean_arterial_pressure": 17},
}
"""Model and file to caution code and count: numbers that the manifest refuses although the source gives them."""

OTHERWISE: dict[tuple[str, str], int] = {
    ("charlson", "clincalc.csv"): 2,  # a decade counts from 50, 60, 70 and 80 years on (Charlson 1994)
}
"""Model and file: rows in which the source is the one in error (the card says why)."""


STOPS_AT = {"framingham_bmi": 0.3}
"""The source shows no more than this; the bundle shows the number as it is, never clipped."""


def found() -> list[Reference]:
    """The references of the models that are there; without the development data none, and pytest says so."""
    if EQUATIONS is None:
        return []
    return [each for each in references(EQUATIONS) if (models_dir() / each.model).is_dir()]


def told(reference: Reference) -> str:
    return (
        f"{reference.model}-{reference.file.removesuffix('.csv')}{reference.group and '-' + reference.group}"
    )


@pytest.mark.skipif(
    EQUATIONS is None, reason="the development data is absent (set MEDGUI_DATA to its folder)"
)
def test_every_equation_of_the_list_is_there() -> None:
    assert EQUATIONS is not None
    listed = {row["model"] for row in names(EQUATIONS)}
    assert listed <= {path.parent.name for path in models_dir().glob("*/manifest.toml")}


@pytest.mark.parametrize("reference", found(), ids=told)
def test_a_model_gives_what_independent_programs_give(reference: Reference, tmp_path: Path) -> None:
    place = reference.model, reference.file
    rows = scored(reference, tmp_path)
    allowed = allowed_error(reference.model)
    most = STOPS_AT.get(reference.model, math.inf)
    wrong, refused = [], dict.fromkeys(REFUSED_RIGHTLY.get(place, {}), 0)
    for name, wanted in reference.outputs.items():
        for number, (row, want) in enumerate(zip(rows, wanted, strict=True), start=1):
            if want is None:
                continue
            if not row[name]:
                codes = [code for code in refused if code in row["cautions"]]
                if codes:
                    refused[codes[0]] += 1
                else:
                    wrong.append(f"row {number} {name}: {want}, none: {row['status']} {row['cautions']}")
            elif not math.isclose(min(float(row[name]), most), want, rel_tol=0, abs_tol=allowed):
                wrong.append(f"row {number} {name}: {want}, got {row[name]}")
    assert refused == REFUSED_RIGHTLY.get(place, {})
    assert len(wrong) == OTHERWISE.get(place, 0), "\n".join(wrong[:20])
