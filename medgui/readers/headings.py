"""Column headings of tables, English and Chinese, for what is no standard input; and unit suffixes of headings."""

from __future__ import annotations

from collections.abc import Mapping

from medgui.record.variables import fold

IDENTITY: Mapping[str, str] = {
    "patient_id": """id, patient id, patientid, pid, mrn, subject, subject id, person id, record number, case,
        病历号, 患者编号, 住院号, 门诊号, 病案号, 编号, 患者id, 登记号""",
    "family_name": "family name, last name, surname, patient last name, 姓",
    "given_name": "given name, first name, forename, patient first name, 名",
    "full_name": "patient name, full name, 姓名, 患者姓名, 病人姓名",
    "birth_date": """birth date, date of birth, dob, birthdate, born, patient dob, birthday,
        出生日期, 出生年月, 出生年月日, 生日""",
    "sex": "sex, gender, patient gender, patient sex, 性别",
    "hispanic": "patient ethnicity, hispanic",
    "race": "patient race, race",
    "time": """date, time, datetime, visit date, date of visit, encounter date, sample date, collection date, collected,
        collected at, specimen collection date, test date, observation date, result date, measured, measured at,
        effective, effective date, 日期, 时间, 采样时间, 采样日期, 检验日期, 检验时间, 检查日期, 就诊日期, 报告日期,
        测量时间""",
    "setting": "setting, patient class, encounter class, visit type, 就诊类型",
}
"""What a row says besides values: target to its headings."""

LONG: Mapping[str, str] = {
    "code": "code, loinc, loinc code, loinc num, test code, test performed code, item code, 代码, 项目代码",
    "test_name": """test, test name, name, analyte, item, parameter, measurement, observation, variable, lab test,
        component, 项目, 检验项目, 项目名称, 检查项目, 指标, 指标名称, 名称""",
    "value": """value, result, test result, result value, observation value, measured value, numeric result,
        结果, 数值, 值, 检验结果, 测定值, 结果值""",
    "unit": "unit, units, uom, result unit, value unit, 单位",
    "reference": """reference range, normal range, ref range, reference, range, 参考范围, 参考值, 参考区间,
        正常值""",
    "specimen": "specimen, specimen type, sample type, 标本, 标本类型, 样本类型",
    "status": "status, result status, test result status, 状态",
    "flag": "flag, abnormal flag, interpretation, 提示, 异常标志",
}
"""Columns of a long table, one result a row."""

UNIT_SUFFIXES: Mapping[str, str] = {
    "kg": "kg", "lb": "lb", "lbs": "lb", "g": "g", "cm": "cm", "m": "m", "in": "in", "inch": "in", "ft": "ft",
    "mmhg": "mmHg", "kpa": "kPa", "bpm": "/min", "pct": "%", "percent": "%", "mgdl": "mg/dL", "mmoll": "mmol/L",
    "umoll": "umol/L", "gdl": "g/dL", "gl": "g/L", "mgl": "mg/L", "ul": "U/L", "iul": "U/L", "mgg": "mg/g",
    "mgmmol": "mg/mmol", "mmolmol": "mmol/mol", "fl": "fL", "ngml": "ng/mL", "years": "a", "yrs": "a", "y": "a",
    "kgm2": "kg/m2", "pmoll": "pmol/L", "nmoll": "nmol/L", "miul": "m[iU]/L",
}  # fmt: skip
"""Endings such as "_mg_dl" of headings such as "chol_mg_dl", without the underscores."""


def by_word(table: Mapping[str, str]) -> dict[str, str]:
    """Headings in the form in which they are compared, to their target."""
    return {fold(word): target for target, words in table.items() for word in (*words.split(","), target)}
