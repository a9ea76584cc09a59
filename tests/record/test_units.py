import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.record.ucum import parse
from medgui.record.unit_names import ALIASES, ATOMS
from medgui.record.units import UnitError, compatible, convert, normalise, printed
from medgui.record.variables import VARIABLES

EGFR = "mL/min/{1.73_m2}"
SPELLINGS = {
    "mg/DL": "mg/dL", "MG/DL": "mg/dL", "mg/dl": "mg/dL", "mg/100ml": "mg/dL", "UMOLL": "umol/L", "µmol/l": "umol/L",
    "μmol/L": "umol/L", "mcmol/L": "umol/L", "mcg": "ug", "mcg/mL": "ug/mL", "K/uL": "10*3/uL", "K/µL": "10*3/uL",
    "x10^3/uL": "10*3/uL", "10^9/L": "10*9/L", "10⁹/L": "10*9/L", "x10E9/L": "10*9/L", "10*9/L": "10*9/L",
    "×10³/µL": "10*3/uL", "Thousand/uL": "10*3/uL", "x 10(3)/mcL": "10*3/uL", "10^12/L": "10*12/L", "M/uL": "10*6/uL",
    "Million/uL": "10*6/uL", "cells/uL": "/uL", "/mm3": "/uL", "cells/cumm": "/uL", "mmHg": "mm[Hg]",
    "mm Hg": "mm[Hg]", "MMHG": "mm[Hg]", "mm[Hg]": "mm[Hg]", "毫米汞柱": "mm[Hg]", "lb": "[lb_av]", "lbs": "[lb_av]",
    "LBS": "[lb_av]", "pounds": "[lb_av]", "[lb_av]": "[lb_av]", "斤": "[jin]", "市斤": "[jin]", "公斤": "kg",
    "Kg": "kg", "KG": "kg", "kgs": "kg", "kg/m²": "kg/m2", "kg/m^2": "kg/m2", "kg/m2": "kg/m2", "Kg/m2": "kg/m2",
    "mmol/mol": "mmol/mol", "IU/L": "[iU]/L", "U/L": "U/L", "u/l": "U/L", "UI/L": "[iU]/L", "degF": "[degF]",
    "[degF]": "[degF]", "°F": "[degF]", "F": "[degF]", "Cel": "Cel", "°C": "Cel", "℃": "Cel", "C": "Cel",
    "deg C": "Cel", "in": "[in_i]", "inch": "[in_i]", "inches": "[in_i]", "[in_i]": "[in_i]", "%": "%", "％": "%",
    "%{HemoglobinA1C}": "%", "mg/g creat": "mg/g", "mg/g{creat}": "mg/g", "mg/g Cr": "mg/g", "mg/mmol": "mg/mmol",
    "mg/mmol creatinine": "mg/mmol", "ug/mg creat": "ug/mg", "mL/min/1.73 m²": EGFR, "mL/min/1.73m2": EGFR,
    "ml/min/1.73_m2": EGFR, "mL/min/{1.73_m2}": EGFR, "mL/min": "mL/min", "mEq/L": "meq/L", "MEQ/L": "meq/L",
    "mIU/L": "m[iU]/L", "uIU/mL": "u[iU]/mL", "µIU/mL": "u[iU]/mL", "bpm": "/min", "beats/min": "/min",
    "{beats}/min": "/min", "/min": "/min", "次/分": "/min", "breaths/min": "/min", "gm/dl": "g/dL", "G/DL": "g/dL",
    "g/l": "g/L", "FL": "fL", "fl": "fL", "PG": "pg", "years": "a", "岁": "a", "mm/hr": "mm/h", "kPa": "kPa",
    "ng/mL FEU": "ng/mL{FEU}", "ug/mL DDU": "ug/mL{DDU}", "mL": "mL", "ML": "mL", "cc": "mL", "ukat/L": "ukat/L",
    "mg/24h": "mg/(24.h)", "mmol/L": "mmol/L", "mM": "mmol/L", "": None, "foo": None, "12": None, "1.73": None,
    "G/L": None, "{score}": "{score}",
    "mg/dL (calc)": "mg/dL", "% (calc)": "%", "(calc)": None, "mg/dL (see note)": None, "X10E+03/uL": "10*3/uL",
    "10+3/ul": "10*3/uL", "10+9/L": "10*9/L",
    "b/min": "/min", "respirations per minute": "/min", "mgm/dL": "mg/dL", "cu microns": "fL", "Vol.%": "%",
    "THO/UL": "10*3/uL", "mL/min/1.73 qm": EGFR, "/m": "/m",
}  # fmt: skip


@pytest.mark.parametrize(("written", "code"), SPELLINGS.items())
def test_spellings_of_real_files_become_ucum_or_stay_unknown(written: str, code: str | None) -> None:
    assert normalise(written) == code


def test_the_analyte_decides_what_an_ambiguous_spelling_means() -> None:
    assert normalise("mm", "systolic_bp") == "mm[Hg]"
    assert normalise("mm", "st_depression") == "mm"
    assert normalise("G/L", "wbc") == "10*9/L"
    assert normalise("G/L", "haemoglobin") == "g/L"


@pytest.mark.parametrize(
    ("variable", "unit"), [("respiratory_rate", "/min"), ("heart_rate", "/min"), ("weight", "/m")]
)
def test_a_rate_in_each_m_is_each_minute(variable: str, unit: str) -> None:
    assert normalise("/m", variable) == unit


@pytest.mark.parametrize("code", sorted({*ALIASES.values(), *ATOMS.values()}))
def test_every_alias_leads_to_a_unit_that_parses(code: str) -> None:
    parse(code)


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=lambda v: v.name)
def test_every_unit_of_a_variable_converts_to_its_canonical_one_and_back(variable) -> None:
    for unit in variable.units() if variable.kind == "quantity" else ():
        there = convert(7.3, unit, variable.unit, variable.name)
        assert convert(there, variable.unit, unit, variable.name) == pytest.approx(7.3, rel=1e-12)


# Published factors: AMA Manual of Style SI table, NIST SP 811, NGSP/IFCC, KDIGO. Typed here, not computed.
ORACLE = [
    ("glucose", 100, "mg/dL", "mmol/L", 5.55),
    ("total_cholesterol", 200, "mg/dL", "mmol/L", 5.172),
    ("hdl_cholesterol", 1.0, "mmol/L", "mg/dL", 38.67),
    ("triglycerides", 150, "mg/dL", "mmol/L", 1.6935),
    ("creatinine", 1.0, "mg/dL", "umol/L", 88.4),
    ("creatinine", 106, "umol/L", "mg/dL", 1.199),
    ("bilirubin_total", 1.0, "mg/dL", "umol/L", 17.1),
    ("uric_acid", 6.0, "mg/dL", "umol/L", 356.9),
    ("bun", 14, "mg/dL", "mmol/L", 5.0),
    ("urea", 6.0, "mg/dL", "mmol/L", 1.0),
    ("calcium", 10, "mg/dL", "mmol/L", 2.495),
    ("magnesium", 2.0, "mg/dL", "mmol/L", 0.823),
    ("phosphate", 3.1, "mg/dL", "mmol/L", 1.0),
    ("iron", 100, "ug/dL", "umol/L", 17.9),
    ("free_t4", 1.0, "ng/dL", "pmol/L", 12.87),
    ("vitamin_b12", 400, "pg/mL", "pmol/L", 295.1),
    ("folate", 10, "ng/mL", "nmol/L", 22.66),
    ("vitamin_d", 20, "ng/mL", "nmol/L", 49.92),
    ("haemoglobin", 16.114, "g/dL", "mmol/L", 10.0),
    ("haemoglobin", 140, "g/L", "g/dL", 14.0),
    ("albumin", 40, "g/L", "g/dL", 4.0),
    ("hba1c", 6.5, "%", "mmol/mol", 47.54),
    ("hba1c", 53, "mmol/mol", "%", 7.0),
    ("uacr", 3.39, "mg/mmol", "mg/g", 30.0),
    ("uacr", 30, "ug/mg", "mg/g", 30.0),
    ("sodium", 140, "meq/L", "mmol/L", 140),
    ("calcium", 5.0, "meq/L", "mg/dL", 10.02),
    ("magnesium", 2.0, "meq/L", "mmol/L", 1.0),
    ("tsh", 2.5, "u[iU]/mL", "m[iU]/L", 2.5),
    ("alt", 1.0, "ukat/L", "U/L", 60.0),
    ("ast", 40, "[iU]/L", "U/L", 40),
    ("platelets", 250, "10*9/L", "10*3/uL", 250),
    ("wbc", 6500, "/uL", "10*3/uL", 6.5),
    ("rbc", 4.5, "10*12/L", "10*6/uL", 4.5),
    ("haematocrit", 0.42, "L/L", "%", 42),
    ("crp", 0.5, "mg/dL", "mg/L", 5.0),
    ("d_dimer", 500, "ng/mL{FEU}", "mg/L{FEU}", 0.5),
    ("weight", 194, "[lb_av]", "kg", 88.0),
    ("weight", 130, "[jin]", "kg", 65.0),
    ("height", 70, "[in_i]", "cm", 177.8),
    ("temperature", 98.6, "[degF]", "Cel", 37.0),
    ("temperature", 310.15, "K", "Cel", 37.0),
    ("systolic_bp", 16, "kPa", "mm[Hg]", 120.0),
]


@pytest.mark.parametrize(("analyte", "value", "one", "other", "expected"), ORACLE)
def test_conversions_agree_with_published_factors(
    analyte: str, value: float, one: str, other: str, expected: float
) -> None:
    assert convert(value, one, other, analyte) == pytest.approx(expected, rel=2e-3)


def test_creatinine_uses_88_4_exactly() -> None:
    assert convert(88.4, "umol/L", "mg/dL", "creatinine") == 1.0
    assert convert(1.0, "mg/mmol", "mg/g", "uacr") == pytest.approx(8.84, abs=1e-12)


@pytest.mark.parametrize(
    ("analyte", "one", "other"),
    [
        ("", "mg/dL", "mmol/L"),
        ("weight", "kg", "cm"),
        ("lipoprotein_a_mass", "mg/dL", "nmol/L"),
        ("d_dimer", "ng/mL{FEU}", "ng/mL{DDU}"),
        ("", "mL/min", EGFR),
        ("creatinine", "mL/min", EGFR),
        ("hba1c", "mmol/mol", "mg/dL"),
        ("", "foo", "kg"),
        ("crp", "mg/L", "nmol/L"),
    ],
)
def test_what_does_not_measure_the_same_is_refused(analyte: str, one: str, other: str) -> None:
    with pytest.raises(UnitError):
        convert(1.0, one, other, analyte)
    assert not compatible(one, other, analyte)


@given(st.floats(-1e6, 1e6), st.sampled_from(["Cel", "[degF]", "K"]), st.sampled_from(["Cel", "[degF]", "K"]))
def test_temperatures_go_there_and_back(value: float, one: str, other: str) -> None:
    assert convert(convert(value, one, other), other, one) == pytest.approx(value, rel=1e-9, abs=1e-6)


@given(st.floats(2.2, 20))
def test_hba1c_goes_there_and_back(percent: float) -> None:
    assert convert(convert(percent, "%", "mmol/mol", "hba1c"), "mmol/mol", "%", "hba1c") == pytest.approx(
        percent
    )


@given(
    st.sampled_from([v for v in VARIABLES.values() if v.kind == "quantity" and len(v.units()) > 1]),
    st.floats(1e-6, 1e6),
    st.data(),
)
def test_any_value_survives_a_way_round_all_units_of_its_variable(variable, value: float, data) -> None:
    unit = data.draw(st.sampled_from(variable.units()))
    there = convert(value, variable.unit, unit, variable.name)
    assert math.isfinite(there)
    assert convert(there, unit, variable.unit, variable.name) == pytest.approx(value, rel=1e-9)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_a_unit(text: str) -> None:
    code = normalise(text)
    assert code is None or parse(code)


@given(st.text("mgdLumol/%10*^xX µ²{}()[].KUIeq斤", max_size=12))
def test_what_is_read_as_a_unit_is_read_alike_again(text: str) -> None:
    code = normalise(text)
    if code is not None:
        assert parse(normalise(code) or "foo") == parse(code)


def test_units_are_printed_as_a_doctor_reads_them() -> None:
    assert [printed(u) for u in ("mm[Hg]", EGFR, "umol/L", "10*9/L", "[jin]", "kg/m2", "1", "mg/dL")] == [
        "mmHg", "mL/min/1.73 m²", "µmol/L", "10⁹/L", "斤", "kg/m²", "", "mg/dL",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["mg" + "9" * 400, "10*99999999", "1e999999999", "mmol/0", "(" * 500, "m9999999", "0"]
)
def test_a_damaged_unit_is_no_unit_and_takes_no_time(text: str) -> None:
    assert normalise(text) is None
