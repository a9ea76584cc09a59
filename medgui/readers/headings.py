"""Column headings of tables, English and Chinese, for what is no standard input; and unit suffixes of headings."""

from __future__ import annotations

from collections.abc import Mapping

from medgui.record.variables import fold

IDENTITY: Mapping[str, str] = {
    "patient_id": """id, patient id, patientid, pid, mrn, subject, subject id, person id, record number, case,
        patient number, medical record number, patientennummer, patienten id, fallnummer,
        病历号, 病歷號, 患者编号, 住院号, 门诊号, 病案号, 编号, 患者id, 登记号, 就诊卡号""",
    "family_name": "family name, last name, surname, patient last name, nachname, familienname, 姓",
    "given_name": "given name, first name, forename, patient first name, vorname, 名",
    "full_name": "patient name, full name, patient, name des patienten, 姓名, 患者姓名, 病人姓名",
    "birth_date": """birth date, date of birth, dob, birthdate, born, patient dob, birthday, geburtsdatum, geb, geboren,
        出生日期, 出生年月, 出生年月日, 生日""",
    "sex": "sex, gender, patient gender, patient sex, geschlecht, 性别, 性別",
    "hispanic": "patient ethnicity, hispanic",
    "race": "patient race, race",
    "time": """date, time, datetime, visit date, date of visit, encounter date, sample date, collection date, collected,
        collected at, specimen collection date, test date, observation date, result date, test result date, measured,
        measured at, effective, effective date, order test date, order date, report date, datum, entnahmedatum,
        abnahmedatum, befunddatum, uhrzeit, 日期, 时间, 采样时间, 采样日期,
        采集时间, 採檢日期, 檢驗日期, 检验日期, 检验时间, 检查日期, 就诊日期,        报告日期, 报告时间, 测量时间""",
    "setting": "setting, patient class, encounter class, visit type, 就诊类型",
}
"""What a row says besides values: target to its headings."""

CLINICAL: Mapping[str, str] = {
    "diagnosis": """diagnosis, diagnoses, problem, problems, problem list, medical history, past medical history,
        comorbidities, conditions, diagnose, diagnosen, 诊断, 主要诊断, 疾病诊断, 临床诊断, 出院诊断,
        入院诊断, 既往史, 病史, 合并症""",
    "medication": """medication, medications, drug, drugs, current medications, medicine, medikament, medikamente,
        medikation, 用药, 药物, 药品, 用药史, 当前用药, 药物治疗, 药品名称""",
    "allergy": """allergy, allergies, drug allergy, drug allergies, allergie, allergien, 过敏, 过敏史, 药物过敏,
        药物过敏史""",
}
"""Columns that list problems, drugs or allergies in words."""

LONG: Mapping[str, str] = {
    "code": """code, loinc, loinc code, loinc num, test code, test performed code, item code, concept code,
        代码, 项目代码, 编码, 项目编码""",
    "code_system": """code system, codesystem, coding system, system, vocabulary, terminology, code type,
        编码系统, 代码系统""",
    "category": "category, type, record type, resource type, domain, entry type, kategorie, 类别, 类型, 分类",
    "test_name": """test, test name, name, analyte, item, parameter, measurement, observation, variable, lab test,
        component, description, display, analyse, untersuchung, messwert, bezeichnung, 项目, 检验项目, 檢驗項目,
        项目名称, 检查项目, 指标, 指标名称, 名称""",
    "value": """value, result, test result, result value, observation value, measured value, numeric result, wert,
        ergebnis, messergebnis, 结果, 結果, 数值, 值, 检验结果, 测定值, 结果值, 测定结果""",
    "unit": "unit, units, uom, result unit, value unit, einheit, 单位, 單位",
    "reference": """reference range, normal range, ref range, reference, range, referenzbereich, normbereich,
        normalbereich, 参考范围, 参考值, 參考值, 参考区间, 正常值, 正常参考值""",
    "specimen": "specimen, specimen type, sample type, material, probenmaterial, 标本, 标本类型, 样本类型, 样本",
    "status": "status, result status, test result status, 状态",
    "flag": "flag, abnormal flag, interpretation, bewertung, 提示, 异常标志, 标志",
}
"""Columns of a long table, one result a row."""

PRESSURES = "blood pressure, bp, blood pressure mmhg, rr, blutdruck, 血压"
"""Headings and test names of pairs such as "160/96"."""

SUMMARIES = frozenset({
    "total", "totals", "sum", "mean", "average", "avg", "median", "sd", "stdev", "std", "count", "n", "max", "min",
    "maximum", "minimum", "summe", "mittelwert", "gesamt", "合计", "总计", "小计", "平均", "平均值", "均值", "中位数",
    "标准差", "最大值", "最小值", "例数",
})  # fmt: skip
"""First cells of rows that sum a table up."""

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
