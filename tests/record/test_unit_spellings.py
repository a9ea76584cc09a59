"""What electronic records and laboratories write for a unit, and what each becomes."""

import pytest

from medgui.record.ucum import parse
from medgui.record.units import convert, normalise, says_nothing

VITAL_SIGNS = {
    "mm[Hg]": "mm[Hg]|mmHg|mm Hg|MM HG|mmhg|mm(Hg)|mm/Hg|MM[HG]|mm of Hg|millimeters of mercury|毫米汞柱|mm\\[Hg\\]",
    "kg": "kg|KG|Kg|kgs|kilogram|kilograms|公斤|千克|kg^^ISO",
    "[lb_av]": "lb|lbs|LB|Lbs|lbs.|lb(s)|[lb_av]|[LB_AV]|[lb_us]|lb_av|pounds|磅",
    "[oz_av]": "oz|[oz_av]|ounces|oz.",
    "[jin]": "斤|市斤",
    "cm": "cm|CM|cms|centimeters|厘米",
    "m": "meters|米",
    "[in_i]": "in|IN|in.|inch|inches|inch(es)|[in_i]|[in_us]|in_us|in_i|″|英寸",
    "[ft_i]": "ft|feet|[ft_i]|[ft_us]|英尺",
    "kg/m2": "kg/m2|kg/m^2|kg/m²|KG/M2|kg/(m2)|kg/(m^2)|kg/m*2|kg/m{2}|kg/sq.m|kg/sq m|公斤/平方米",
    "[degF]": "F|f|°F|ºF|˚F|degF|[degF]|[DEGF]|deg F|Deg F|degrees F|Fahrenheit|℉|华氏度",
    "Cel": "Cel|CEL|cel|C|°C|℃|degC|deg C|degrees C|Celsius|Celcius|Centigrade|摄氏度",
    "/min": (
        "/min|/MIN|1/min|min-1|bpm|BPM|{bpm}|{beats}/min|{Beats}/min|beats/min|beats/minute|beats per minute|"
        "per minute|{breaths}/min|breaths/min|Breaths/Minute|breaths per minute|br/min|resp/min|/min{resp}|"
        "beats/min^^ISO|Schläge/min|batt/min|次/分|次/分钟"
    ),
    "%": "%|％|percent|PERCENT|% sat|%{Oxygen}|% O2|%{vol}|{percentile}|%ile",
    "m2": "m2|m^2|m²|M2|sq m",
    "L/min": "L/min|l/min|LPM|lpm|L/m",
}
BLOOD = {
    "mg/dL": "mg/dL|MG/DL|mg/dl|Mg/dL|mgs/dl|mg/100 mL|mg%|mg／dL|ｍｇ／ｄＬ|MGDL",
    "g/dL": "g/dL|gm/dL|G/DL|GM/DL|gms/dl|g/100mL|g%|gr/dL",
    "g/L": "g/L|gm/L|g/l|克/升|g/升|GL",
    "mmol/L": "mmol/L|MMOL/L|mMol/L|mmole/L|mmol/l|mM|毫摩尔/升|mmol／L|MMOLL",
    "umol/L": "umol/L|UMOL/L|mcmol/L|µmol/L|μmol/l|UMOLL|微摩尔/升|umol/升|umol.L-1",
    "nmol/L": "nmol/L|NMOL/L|nM|NMOLL",
    "meq/L": "mEq/L|MEQ/L|meq/L|mEq/l|mval/l",
    "U/L": "U/L|u/l|Units/L|units/liter|E/l|单位/升",
    "[iU]/L": "IU/L|[IU]/L|[iU]/L|IntlUnit/L|UI/L|IE/l|国际单位/升",
    "u[iU]/mL": "uIU/mL|UIU/ML|mcIU/mL|µIU/mL|u[IU]/mL|u[iU]/mL|microIU/mL|uU/mL",
    "m[iU]/L": "mIU/L|m[IU]/L|m[iU]/L|mU/L|mInt_unit/L",
    "m[iU]/mL": "mIU/mL|m[iU]/mL|milliunits/mL",
    "[iU]/mL": "IU/mL|[IU]/mL|[iU]/mL",
    "ng/mL": "ng/mL|NG/ML|ng/ml",
    "ng/dL": "ng/dL|NG/DL",
    "pg/mL": "pg/mL|PG/ML",
    "ug/dL": "ug/dL|UG/DL|mcg/dL|MCG/DL|µg/dL|μg/dL",
    "ug/L": "ug/L|mcg/L|μg/L",
    "10*3/uL": (
        "K/uL|K/UL|K/mcL|K/µL|K/mm3|K/cumm|10*3/uL|10^3/uL|10e3/uL|10E3/uL|x10E3/uL|X10E3/UL|x10(3)/uL|X10(3)/UL|"
        "x10^3/uL|10 3/uL|10x3/uL|10\\S\\3/uL|x1000/uL|1000/mcL|thou/uL|Thousand/uL|THOUS/MCL|Thou/mm3|10*3/mm3|"
        "Tsd/µl|Tsd./µl"
    ),
    "10*6/uL": "M/uL|M/mcL|M/mm3|10*6/uL|x10E6/uL|X10(6)/UL|10^6/uL|Million/uL|MILL/MCL|Mil/uL|Mio/µl|Mio./µl",
    "10*9/L": "10*9/L|10^9/L|10⁹/L|×10⁹/L|x10(9)/L|10E9/L|*10^9/L|GIGA/L|giga.l-1|Gpt/l",
    "10*12/L": "10*12/L|10^12/L|x10^12/L|T/L|tera.l-1|Tpt/l",
    "/uL": "/uL|/mm3|/cumm|cells/uL|{cells}/uL|CELLS/UL|#/uL|{#}/uL|个/µL",
    "/L": "个/L",
    "fL": "fL|FL|fl|um3|µm3|femtoliters",
    "pg": "pg|PG|pg/cell|pg/{cell}",
    "/[HPF]": "/hpf|/HPF|/[HPF]|{#}/[HPF]|{cells}/[HPF]|#/hpf|cells/hpf|个/HP",
    "/[LPF]": "/LPF|/lpf|/[LPF]|{#}/[LPF]|个/LP",
    "/(100.{WBC})": "/100{WBC}|/100 WBC|/100{WBCs}|{NRBC}/100{WBC}|per 100 WBC",
    "mL/min/{1.73_m2}": (
        "mL/min/{1.73_m2}|mL/min/1.73|mL/min/1.73m2|mL/min/1.73 m2|mL/min/1.73 m²|ml/min/1.73 sq m|"
        "mL/min/[1.73_m2]|mL/min/1.73_m2|ml/min/1,73 m2|mL/min/1.73 square meters"
    ),
    "mL/min": "mL/min|ml/min|ML/MIN|MLMIN",
    "s": "s|sec|SEC|secs|seconds|second(s)|Sek.|秒",
    "mm/h": "mm/h|mm/hr|MM/HR|mm/hour|mm/1 h",
    "1": "1|ratio|{ratio}|{Ratio}|{INR}|INR|Index|{index_val}|unity",
    "[pH]": "[pH]|[ph]|pH|PH|pH units|{pH}",
    "mg/g": "mg/g|mg/g{creat}|mg/g creat|mg/gCr|mg/g{Cre}",
    "ug/mg": "mcg/mg|ug/mg{creat}|mcg/mg creat",
    "mg/mmol": "mg/mmol|mg/mmol{creat}|mg/mmol creatinine",
    "mg/(24.h)": "mg/24h|mg/24 h|mg/24hr|mg/(24.h)",
    "mosm/kg": "mOsm/kg|mosm/kg{H2O}|MOSM/KG",
    "[arb'U]/mL": "AU/mL|AU/ml|[arb'U]/mL",
    "{copies}/mL": "copies/mL|COPIES/ML|cp/mL|[copies]/mL",
    "{log_copies}/mL": "Log copies/mL|{Log_copies}/mL",
    "{titer}": "titer|{titer}|{Titer}",
    "{s_co_ratio}": "S/CO|{s_co_ratio}|{S_CO_ratio}",
    "ug/mL{FEU}": "ug/mL{FEU}|mcg/mL FEU|ug{FEU}/mL|FEU ug/mL|ug/mL (FEU)",
    "ug/mL{DDU}": "ug/mL{DDU}|mcg/mL DDU",
    "{score}": "{score}|Score|/10",
}
DOSES = {
    "{tablet}": "tablet|tablet(s)|Tablets|TABS|tab|{tbl}|{tablet}|Tbl|片|C48542",
    "{capsule}": "capsule|capsule(s)|caps|cap|{capsule}",
    "{puff}": "puff|puffs|{puff}|inhalation|inhalations|Hub",
    "[drp]": "drop|drops|gtt|[drp]|Tropfen|滴",
    "{patch}": "patch|{patch}",
    "mL": "mL|ML|ml|mls|cc|毫升",
    "mg": "mg|MG|Mg|mgs|毫克",
    "ug": "mcg|MCG|ug|µg|μg|微克",
    "g": "g|gm|GM|gram|grams|克",
    "U": "unit|unit(s)|units|UNITS|UNT|U",
    "[iU]": "IU|[IU]|[iU]",
    "mg/(5.mL)": "mg/5mL|mg/5 mL",
    "[tsp_us]": "teaspoon|tsp|[tsp_us]",
    "h": "h|hr|hour|hours|Stunden",
    "d": "d|day|days|Day|jours|天",
    "wk": "wk|week|weeks|周",
    "mo": "mo|month|months|月",
    "a": "a|yr|year|years|岁",
    "min": "min|minute|minutes|分钟",
}
LISTED = [
    (spelling, unit)
    for table in (VITAL_SIGNS, BLOOD, DOSES)
    for unit, spellings in table.items()
    for spelling in spellings.split("|")
]


@pytest.mark.parametrize(("spelling", "unit"), LISTED)
def test_a_unit_is_usable_in_the_spellings_of_real_records(spelling: str, unit: str) -> None:
    found = normalise(spelling)
    assert found is not None
    assert (parse(found).factor, parse(found).dimensions) == (parse(unit).factor, parse(unit).dimensions)
    assert found == unit


@pytest.mark.parametrize(
    "spelling", ["G/L", "G/l", "M", "MU", "MIU", "livres", "st", "n/a", "none", "unknown", "PRN", "Q8H"]
)
def test_what_may_mean_two_things_or_nothing_is_not_guessed(spelling: str) -> None:
    assert normalise(spelling) is None


def test_the_kind_of_a_d_dimer_unit_is_never_lost() -> None:
    for spelling in ("ug/mL{DDU}", "ng/mL (DDU)", "mcg/mL DDU"):
        assert normalise(spelling, "d_dimer") in ("ug/mL{DDU}", "ng/mL{DDU}")


def test_a_count_in_the_abbreviation_of_millions_is_not_a_length() -> None:
    assert convert(4.5, normalise("M/mcL") or "", "10*12/L") == 4.5


@pytest.mark.parametrize("written", ["", " ", "{beats}", "N/A", "null"])
def test_a_unit_that_says_nothing_counts_as_missing(written: str) -> None:
    assert says_nothing(written)


@pytest.mark.parametrize("written", ["%", "kg", "foo", "ratio", "1", "{lb}", "{bpm}", "{percentile}"])
def test_a_unit_that_says_something_does_not_count_as_missing(written: str) -> None:
    assert not says_nothing(written)


@pytest.mark.parametrize(
    ("spelling", "unit"),
    [
        ("MILLIMOL/L", "mmol/L"), ("téra/l", "10*12/L"),
        ("mUI/mL", "m[iU]/mL"), ("µUI/mL", "u[iU]/mL"), ("mm/1.Std", "mm/h"), ("Vol.-%", "%"),
        ("mg/g·Cr", "mg/g"), ("mg/24小时", "mg/(24.h)"), ("mOsm/kg H2O", "mosm/kg"), ("Points", "{score}"),
    ],
)  # fmt: skip
def test_messages_of_laboratories_in_many_countries_are_read(spelling: str, unit: str) -> None:
    assert normalise(spelling) == unit
