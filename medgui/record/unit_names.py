"""How people and systems write units, in front of UCUM.

`ALIASES` maps a whole unit, lower-cased and without blanks, to UCUM. `ATOMS` maps one part of a fraction.
Spellings that stand for two units are in `AMBIGUOUS`; only the analyte can tell them apart.
"""

from __future__ import annotations

JIN = "[jin]"
"""斤, 0.5 kg. UCUM has no code for it; this one is medgui's own and never leaves as-written text."""

EGFR = "mL/min/{1.73_m2}"

AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "G/L": ("", "g/L", "10*9/L"),
    "UL": ("", "U/L", "uL"),
    "K": ("", "10*3/uL", "K"),
    "mm": ("mm", "mm[Hg]"),
    "MM": ("mm", "mm[Hg]"),
    "ml/min": ("mL/min", EGFR),
    "mM": ("mmol/L",),
    "uM": ("umol/L",),
    "nM": ("nmol/L",),
}
"""Spelling to what it is without an analyte ("" where it is nothing) and to what an analyte may make of it."""

ALIASES: dict[str, str] = {
    # pressure
    "mmhg": "mm[Hg]", "mm[hg]": "mm[Hg]", "mmofhg": "mm[Hg]", "torr": "mm[Hg]", "毫米汞柱": "mm[Hg]", "kpa": "kPa",
    "cmh2o": "cm[H2O]", "cm[h2o]": "cm[H2O]",
    # mass and length of a body
    "lb": "[lb_av]", "lbs": "[lb_av]", "lb.": "[lb_av]", "lbs.": "[lb_av]", "pound": "[lb_av]",
    "pounds": "[lb_av]", "[lb_av]": "[lb_av]", "[lb_us]": "[lb_av]", "lb_av": "[lb_av]", "磅": "[lb_av]",
    "oz": "[oz_av]", "ounce": "[oz_av]", "ounces": "[oz_av]", "[oz_av]": "[oz_av]", "st": "[stone_av]",
    "stone": "[stone_av]", "[stone_av]": "[stone_av]",
    "kilogram": "kg", "kilograms": "kg", "kilo": "kg", "kilos": "kg", "kgs": "kg", "公斤": "kg", "千克": "kg",
    "gram": "g", "grams": "g", "gm": "g", "gms": "g", "克": "g",
    "斤": JIN, "市斤": JIN, "jin": JIN, "[jin]": JIN, "catty": JIN,
    "in": "[in_i]", "in.": "[in_i]", "inch": "[in_i]", "inches": "[in_i]", "ins": "[in_i]",
    "[in_i]": "[in_i]", "[in_us]": "[in_i]", "in_i": "[in_i]", '"': "[in_i]", "英寸": "[in_i]",
    "ft": "[ft_i]", "ft.": "[ft_i]", "foot": "[ft_i]", "feet": "[ft_i]", "[ft_i]": "[ft_i]",
    "[ft_us]": "[ft_i]", "'": "[ft_i]", "英尺": "[ft_i]",
    "cms": "cm", "centimeter": "cm", "centimeters": "cm", "centimetre": "cm", "centimetres": "cm",
    "厘米": "cm", "公分": "cm", "meter": "m", "meters": "m", "metre": "m", "metres": "m", "mtr": "m", "米": "m",
    "millimeter": "mm", "millimeters": "mm", "毫米": "mm",
    "kg/m2": "kg/m2", "kg/m^2": "kg/m2", "kg/m**2": "kg/m2", "kg/(m2)": "kg/m2", "kg/(m^2)": "kg/m2",
    "kg/sqm": "kg/m2", "kg/sq.m": "kg/m2", "kg/m²": "kg/m2", "kg/m*2": "kg/m2", "kgm2": "kg/m2",
    "kg/m": "kg/m", "公斤/平方米": "kg/m2", "千克/平方米": "kg/m2", "m2": "m2", "m^2": "m2",
    # temperature
    "c": "Cel", "°c": "Cel", "degc": "Cel", "cel": "Cel", "celsius": "Cel", "degcelsius": "Cel",
    "degreescelsius": "Cel", "degreecelsius": "Cel", "ºc": "Cel", "˚c": "Cel", "deg.c": "Cel", "摄氏度": "Cel",
    "[degc]": "Cel", "f": "[degF]", "°f": "[degF]", "degf": "[degF]", "[degf]": "[degF]", "ºf": "[degF]",
    "˚f": "[degF]", "deg.f": "[degF]", "fahrenheit": "[degF]", "degreesfahrenheit": "[degF]",
    "degreefahrenheit": "[degF]", "华氏度": "[degF]", "kelvin": "K",
    # rates and time
    "bpm": "/min", "b.p.m.": "/min", "beats/min": "/min", "beats/minute": "/min", "beatsperminute": "/min",
    "{beats}/min": "/min", "{beats}/minute": "/min", "br/min": "/min", "brpm": "/min", "breaths/min": "/min",
    "breaths/minute": "/min", "breathsperminute": "/min", "{breaths}/min": "/min", "rpm": "/min",
    "1/min": "/min", "/min": "/min", "permin": "/min", "perminute": "/min", "/minute": "/min", "min-1": "/min",
    "次/分": "/min", "次/分钟": "/min", "次/min": "/min", "{h.b.}/min": "/min", "{resp}/min": "/min",
    "year": "a", "years": "a", "yr": "a", "yrs": "a", "y": "a", "yo": "a", "岁": "a", "年": "a",
    "month": "mo", "months": "mo", "mos": "mo", "week": "wk", "weeks": "wk", "day": "d", "days": "d", "天": "d",
    "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "minute": "min", "minutes": "min", "分钟": "min",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "秒": "s", "mm/hr": "mm/h", "mm/1hr": "mm/h",
    "mm/hour": "mm/h", "mm/小时": "mm/h",
    # shares
    "%": "%", "percent": "%", "pct": "%", "％": "%", "%{sat}": "%", "%sat": "%", "vol%": "%", "%vol": "%",
    "%hb": "%", "%{hb}": "%", "ngsp%": "%", "%(ngsp)": "%", "%ngsp": "%", "%ofhgb": "%", "%ofhb": "%",
    "%hgb": "%", "%oftotalhgb": "%", "%totalhgb": "%", "ratio": "1", "{ratio}": "1", "index": "1",
    "{index}": "1", "{inr}": "1", "inr": "1", "1": "1", "{1}": "1", "fraction": "1", "l/l": "L/L", "vol/vol": "1",
    "mmol/molhb": "mmol/mol", "mmol/molhgb": "mmol/mol", "mmol/mol{hb}": "mmol/mol", "mmol/mol": "mmol/mol",
    "[ph]": "[pH]", "ph": "[pH]", "phunits": "[pH]", "{ph}": "[pH]", "score": "{score}", "{score}": "{score}",
    # laboratory spellings without a slash
    "mgdl": "mg/dL", "umoll": "umol/L", "mmoll": "mmol/L", "gdl": "g/dL", "ngml": "ng/mL", "pgml": "pg/mL",
    "iul": "[iU]/L", "meql": "meq/L", "mgl": "mg/L", "ugl": "ug/L", "ugdl": "ug/dL", "miul": "m[iU]/L",
    "pmoll": "pmol/L", "nmoll": "nmol/L", "ngdl": "ng/dL", "ugml": "ug/mL", "kul": "10*3/uL", "mul": "10*6/uL",
    "mg%": "mg/dL", "mgs%": "mg/dL", "g%": "g/dL", "gm%": "g/dL", "gms%": "g/dL", "ug%": "ug/dL",
    "mgperdl": "mg/dL", "mmolperl": "mmol/L",
    # kidney
    "ml/min/1.73m2": EGFR, "ml/min/1.73m^2": EGFR, "ml/min/1.73m**2": EGFR, "ml/min/{1.73_m2}": EGFR,
    "ml/min/{1.73m2}": EGFR, "ml/min/1.73": EGFR, "ml/min/1,73m2": EGFR, "ml/min/1,73m^2": EGFR,
    "ml/min/1.73sqm": EGFR, "ml/min/1.73_m2": EGFR, "ml/min/bsa": EGFR, "ml/min/1.73sq.m": EGFR,
    "ml/min/1.73m*2": EGFR, "ml/min/(1.73m2)": EGFR, "ml/min/{1.73}m2": EGFR, "ml/min/173m2": EGFR,
    "ml/min/1.73/m2": EGFR, "ml/min/1.73m2bsa": EGFR, "ml/min/{1.73.m2}": EGFR, "ml/min/1.73.m2": EGFR,
    "ml/min/m2": "mL/min/m2", "ml/(min.1.73m2)": EGFR, "ml/(min*1.73m2)": EGFR, "ml/(min·1.73m2)": EGFR,
    "ml/min·1.73m2": EGFR, "ml·min-1·1.73m-2": EGFR, "ml/min/1.73平方米": EGFR, "ml/min.1.73m2": EGFR,
    "mgalb/gcreat": "mg/g", "mcgalb/mgcreat": "ug/mg",
    # cells
    "thou/ul": "10*3/uL", "thous/ul": "10*3/uL", "thousand/ul": "10*3/uL",
    "thousands/ul": "10*3/uL", "1000/ul": "10*3/uL",
    "m/ul": "10*6/uL", "m/mm3": "10*6/uL", "mil/ul": "10*6/uL", "mill/ul": "10*6/uL",
    "million/ul": "10*6/uL", "millions/ul": "10*6/uL", "gpt/l": "10*9/L", "tpt/l": "10*12/L", "giga/l": "10*9/L",
    "tera/l": "10*12/L", "lakh/ul": "10*5/uL", "lakhs/ul": "10*5/uL",
    # activity
    "miu/l": "m[iU]/L", "uiu/ml": "u[iU]/mL", "mciu/ml": "u[iU]/mL", "mui/l": "m[iU]/L", "uu/ml": "u[iU]/mL",
    "mu/l": "m[iU]/L", "mcu/ml": "u[iU]/mL", "ukat/l": "ukat/L", "nkat/l": "nkat/L", "miu/ml": "m[iU]/mL",
    "iu/l": "[iU]/L", "ui/l": "[iU]/L", "iu/ml": "[iU]/mL", "units/l": "U/L", "unit/l": "U/L", "units/ml": "U/mL",
    # D-dimer keeps its kind of unit (SAFETY 6)
    "ng/mlfeu": "ng/mL{FEU}", "ng/ml{feu}": "ng/mL{FEU}", "ug/mlfeu": "ug/mL{FEU}", "ug/ml{feu}": "ug/mL{FEU}",
    "mg/lfeu": "mg/L{FEU}", "mg/l{feu}": "mg/L{FEU}", "ug/l{feu}": "ug/L{FEU}", "ug/lfeu": "ug/L{FEU}",
    "ngfeu/ml": "ng/mL{FEU}", "ng{feu}/ml": "ng/mL{FEU}", "ng/mlddu": "ng/mL{DDU}", "ng/ml{ddu}": "ng/mL{DDU}",
    "ug/mlddu": "ug/mL{DDU}", "ug/l{ddu}": "ug/L{DDU}", "mg/l{ddu}": "mg/L{DDU}",
    # everyday doses and food energy
    "mv": "mV", "kcal": "kcal", "pack-years": "{pack_years}", "packyears": "{pack_years}",
}  # fmt: skip

ATOMS: dict[str, str] = {
    "g": "g", "gm": "g", "gms": "g", "gram": "g", "grams": "g", "kg": "kg", "mg": "mg", "mgs": "mg",
    "mcg": "ug", "ug": "ug", "µg": "ug", "μg": "ug", "microgram": "ug", "micrograms": "ug", "mcgm": "ug",
    "ng": "ng", "pg": "pg", "fg": "fg", "milligram": "mg", "milligrams": "mg", "毫克": "mg", "克": "g",
    "微克": "ug", "纳克": "ng",
    "l": "L", "liter": "L", "litre": "L", "ltr": "L", "lt": "L", "dl": "dL", "cl": "cL", "ml": "mL",
    "cc": "mL", "ul": "uL", "mcl": "uL", "µl": "uL", "μl": "uL", "nl": "nL", "pl": "pL", "fl": "fL", "升": "L",
    "毫升": "mL", "分升": "dL", "微升": "uL", "fluoz": "[foz_us]",
    "mm3": "uL", "mm^3": "uL", "cumm": "uL", "cmm": "uL", "cu.mm": "uL", "mm**3": "uL", "mm*3": "uL",
    "mol": "mol", "mole": "mol", "moles": "mol", "mmol": "mmol", "mmole": "mmol", "mmoles": "mmol",
    "umol": "umol", "µmol": "umol", "μmol": "umol", "mcmol": "umol", "micromol": "umol", "nmol": "nmol",
    "pmol": "pmol", "fmol": "fmol", "毫摩尔": "mmol", "微摩尔": "umol", "摩尔": "mol",
    "eq": "eq", "meq": "meq", "ueq": "ueq", "osm": "osm", "mosm": "mosm",
    "u": "U", "iu": "[iU]", "ui": "[iU]", "[iu]": "[iU]", "unit": "U", "units": "U", "miu": "m[iU]",
    "m[iu]": "m[iU]", "u[iu]": "u[iU]", "mu": "mU", "ku": "kU", "k[iu]": "k[iU]", "kiu": "k[iU]",
    "kat": "kat", "ukat": "ukat", "µkat": "ukat", "μkat": "ukat", "nkat": "nkat",
    "m": "m", "cm": "cm", "mm": "mm", "um": "um", "µm": "um", "μm": "um", "nm": "nm", "km": "km", "m2": "m2",
    "m^2": "m2", "mm2": "mm2", "cm2": "cm2",
    "s": "s", "sec": "s", "min": "min", "mn": "min", "minute": "min", "h": "h", "hr": "h", "hour": "h",
    "d": "d", "day": "d", "24h": "(24.h)", "24hr": "(24.h)", "24hrs": "(24.h)", "24.h": "(24.h)", "wk": "wk",
    "week": "wk", "mo": "mo", "month": "mo", "a": "a", "yr": "a", "year": "a", "ms": "ms", "msec": "ms", "mins": "min",
    "小时": "h", "分": "min", "日": "d", "天": "d",
    "k": "10*3", "thou": "10*3", "thousand": "10*3", "thousands": "10*3", "million": "10*6", "mil": "10*6",
    "mill": "10*6", "millions": "10*6", "lakh": "10*5", "lakhs": "10*5",
    "cell": "1", "cells": "1", "{cells}": "1", "copies": "{copies}", "cfu": "{cfu}", "个": "1",
    "kpa": "kPa", "pa": "Pa", "hpa": "hPa", "mmhg": "mm[Hg]", "mm[hg]": "mm[Hg]", "lb": "[lb_av]", "kcal": "kcal",
    "cal": "cal", "mv": "mV", "%": "%", "1": "1", "tablet": "{tablet}", "tab": "{tablet}", "dose": "{dose}",
}  # fmt: skip

SPECIMEN_TAILS = (
    "creatinine", "creat", "crea", "cre", "cr", "{creat}", "{creatinine}", "{cre}", "{cr}", "肌酐",
)  # fmt: skip
"""Words after the unit of a ratio to creatinine ("mg/g creat"); the ratio is in the code of the result."""

PRINTED: dict[str, str] = {
    "mm[Hg]": "mmHg", "cm[Hg]": "cmHg", "cm[H2O]": "cmH2O",
    "[lb_av]": "lb", "[oz_av]": "oz", "[stone_av]": "st", "[in_i]": "in", "[ft_i]": "ft",
    JIN: "斤", "Cel": "°C", "[degF]": "°F", "kg/m2": "kg/m²", "m2": "m²", EGFR: "mL/min/1.73 m²", "1": "",
    "10*3/uL": "10³/µL", "10*6/uL": "10⁶/µL", "10*9/L": "10⁹/L", "10*12/L": "10¹²/L", "a": "y",
    "umol/L": "µmol/L", "ug/L": "µg/L", "ug/dL": "µg/dL", "ug/mL": "µg/mL", "[pH]": "", "[iU]/L": "IU/L",
    "m[iU]/L": "mIU/L", "u[iU]/mL": "µIU/mL", "ukat/L": "µkat/L", "{score}": "", "ng/mL{FEU}": "ng/mL FEU",
    "mg/L{FEU}": "mg/L FEU", "ug/mL{FEU}": "µg/mL FEU", "mo": "months", "wk": "weeks", "d": "days",
    "kU/L": "kU/L", "10*3": "10³", "meq/L": "mEq/L", "{pack_years}": "pack-years", "ug": "µg", "uL": "µL",
}  # fmt: skip
"""UCUM to what a doctor reads (language-neutral but for words of time, which callers translate)."""
