"""Findings and a record built by hand: the invented patient of the design's pictures, in both languages.

The figures of PREVENT are those of the published example's kind (an invented woman of 50); they illustrate and
are asserted nowhere as clinical truth.
"""

from dataclasses import replace

from medgui.assessment.finding import (
    Assessment,
    Band,
    Category,
    Caution,
    Check,
    Contribution,
    Curve,
    Explanation,
    Finding,
    InputUsed,
    Interval,
    Level,
    Output,
    Status,
    SurvivalCurve,
)
from medgui.record.model import (
    Allergy,
    Answer,
    Identifier,
    Observation,
    Origin,
    Patient,
    Question,
    Record,
    Source,
    Suggestion,
)

FILE = "marlow_helen.json"
PUBLISHED = "published equation, externally validated"


def _t(lang: str, en: str, zh: str) -> str:
    return zh if lang == "zh" else en


def ascvd_bands(lang: str = "en") -> tuple[Band, ...]:
    return (
        Band(0.0, 0.03, _t(lang, "Low", "低危")),
        Band(0.03, 0.05, _t(lang, "Borderline", "临界")),
        Band(0.05, 0.10, _t(lang, "Intermediate", "中危"), Level.CAUTION),
        Band(0.10, 1.01, _t(lang, "High", "高危"), Level.HIGH),
    )


def outputs(lang: str = "en") -> tuple[Output, ...]:
    event = _t(
        lang,
        "have a heart attack, stroke or heart failure within 10 years",
        "会在 10 年内发生心肌梗死、脑卒中或心力衰竭",
    )
    words = _t(
        lang,
        "Usual variation of blood pressure, lipids and creatinine between visits (90 of 100 repeats)",
        "血压、血脂和肌酐在两次就诊间的常见波动（100 次重复中的 90 次）",
    )
    guideline = "2026 ACC/AHA"
    return (
        Output(
            "cvd_10y",
            _t(lang, "10-year cardiovascular disease", "10 年心血管病风险"),
            0.1472,
            "1",
            Interval(0.113, 0.187, 0.9, "input_variation", words),
            scale=(0.0, 0.3),
            event=event,
            short_title=_t(lang, "Total CVD", "总心血管病"),
            variant=_t(lang, "base equation", "基础方程"),
        ),
        Output(
            "ascvd_10y",
            _t(lang, "10-year heart attack or stroke (ASCVD)", "10 年动脉粥样硬化性心血管病风险"),
            0.0921,
            "1",
            Interval(0.069, 0.121, 0.9, "input_variation", words),
            Category(_t(lang, "Intermediate", "中危"), guideline, Level.CAUTION),
            ascvd_bands(lang),
            _t(lang, "2026 ACC/AHA dyslipidemia guideline", "2026 ACC/AHA 血脂异常指南"),
            (0.0, 0.3),
            _t(lang, "have a heart attack or stroke within 10 years", "会在 10 年内发生心肌梗死或脑卒中"),
            short_title="ASCVD",
        ),
        Output(
            "cvd_30y",
            _t(lang, "30-year cardiovascular disease", "30 年心血管病风险"),
            None,
            "1",
            scale=(0.0, 0.8),
            reason=_t(lang, "30-year figures are meant for 30 to 59 years", "30 年风险仅适用于 30 至 59 岁"),
        ),
    )


def inputs(lang: str = "en") -> tuple[InputUsed, ...]:
    lab = _t(lang, "laboratory, entry 14", "检验，第 14 条")

    def file_value(
        name: str, en: str, zh: str, value: float | str, unit: str, place: str, time: str
    ) -> InputUsed:
        return InputUsed(
            name, _t(lang, en, zh), value, unit, Origin.FILE, Source(FILE, place), time, required=True
        )

    return (
        InputUsed("age", _t(lang, "Age", "年龄"), 50.0, "a", Origin.DERIVED, Source(FILE, "Patient/1"),
                  derived_from=("birth_date",)),
        file_value("sex", "Sex", "性别", "female", "1", "Patient/1", ""),
        file_value("systolic_bp", "Systolic pressure", "收缩压", 160.0, "mm[Hg]",
                   "entry[3] Observation/bp-1, line 120", "2026-11-21"),
        replace(file_value("bp_treatment", "BP treatment", "降压治疗", 1.0, "1", "amlodipine 5 mg", ""), marker=True),
        file_value("diabetes", "Diabetes", "糖尿病", 1.0, "1", "Condition/dm", "2017"),
        file_value("total_cholesterol", "Total cholesterol", "总胆固醇", 200.0, "mg/dL", lab, "2026-11-03"),
        file_value("hdl_cholesterol", "HDL cholesterol", "HDL 胆固醇", 45.0, "mg/dL", lab, "2026-11-03"),
        InputUsed("egfr", "eGFR", 90.1, "mL/min/{1.73_m2}", Origin.DERIVED, Source(FILE, lab), "2026-11-03",
                  ("creatinine",)),
        replace(file_value("statin", "Statin", "他汀", 0.0, "1", "", ""), marker=True,
                origin=Origin.ASSUMED_ABSENT),
        file_value("current_smoker", "Smoking", "吸烟", 0.0, "1", "social history", "2026-05-12"),
        InputUsed("hba1c", "HbA1c", None, "%", Origin.IMPUTED, reason=_t(lang, "not in the file", "文件中没有")),
    )  # fmt: skip


CONTRIBUTIONS = {
    "diabetes": 0.0582,
    "systolic_bp": 0.0403,
    "bp_treatment": 0.0137,
    "hdl_cholesterol": 0.0128,
    "current_smoker": -0.0071,
    "total_cholesterol": 0.0013,
    "egfr": 0.0006,
    "hba1c": 0.0002,
    "statin": 0.0,
}


def explanation(lang: str = "en", output: str = "cvd_10y", value: float = 0.1472) -> Explanation:
    parts = tuple(Contribution(name, v * value / 0.1472) for name, v in CONTRIBUTIONS.items())
    return Explanation(
        output,
        "enumeration",
        value - sum(c.value for c in parts),
        _t(lang, "Woman of 50 at the equation's reference values", "各项均为方程参照值的 50 岁女性"),
        "1",
        parts,
        0.0,
    )


def prevent(lang: str = "en") -> Finding:
    return Finding(
        "prevent", "1.0.0", "risk", _t(lang, "10-year cardiovascular disease", "10 年心血管病风险"), PUBLISHED,
        Status.READY, _t(lang, "PREVENT 2023, base. Diabetes and systolic pressure add most",
                         "PREVENT 2023 基础方程。糖尿病和收缩压影响最大"),
        outputs(lang), inputs(lang),
        (explanation(lang), explanation(lang, "ascvd_10y", 0.0921)),
        (Caution("seen_range", _t(lang, "Derived in US adults.", "基于美国成人推导。")),),
        basis=("Khan SS, et al. Circulation 2024;149:430-449",), provider="CPUExecutionProvider",
        sha256="9f2c41d7" * 8,
    )  # fmt: skip


def missing(lang: str = "en") -> Finding:
    return Finding(
        "kfre", "1.0.0", "risk", _t(lang, "Kidney failure within 5 years", "5 年内肾衰竭"), PUBLISHED,
        Status.MISSING_INPUT, _t(lang, "Needs one answer: urine ACR", "需补充一项：尿 ACR"),
        (Output("kf_5y", _t(lang, "Kidney failure within 5 years", "5 年内肾衰竭"), None, "1",
                Interval(0.006, 0.096, 1.0, "plausible_missing", "ACR 5–3,000 mg/g"),
                scale=(0.0, 0.2), reason=_t(lang, "urine ACR is not in the file", "文件中没有尿 ACR")),),
        (InputUsed("uacr", _t(lang, "Urine ACR", "尿 ACR"), None, "mg/g", Origin.IMPUTED, required=True,
                   reason=_t(lang, "not in the file", "文件中没有")),),
        curves=(Curve("uacr", "mg/g", (5.0, 30.0, 100.0, 300.0, 1000.0, 3000.0),
                      (0.006, 0.013, 0.022, 0.035, 0.059, 0.096)),),
        sha256="aa12bb34" * 8,
    )  # fmt: skip


def out_of_scope(lang: str = "en") -> Finding:
    return Finding(
        "cad", "1.0.0", "diagnosis", _t(lang, "Coronary disease, demonstration", "冠心病（演示）"), "demonstration",
        Status.OUT_OF_SCOPE, _t(lang, "Age 82 y; the model is for 28 to 77 y", "82 岁；该模型适用于 28 至 77 岁"),
        checks=(
            Check(_t(lang, "Age", "年龄"), _t(lang, "82 y", "82 岁"), _t(lang, "28 to 77 y", "28 至 77 岁"), False),
        ),
        advice=(_t(lang, "No shipped model fits.", "没有适用的模型。"),),
        sha256="cc12bb34" * 8,
    )  # fmt: skip


def refused(lang: str = "en") -> Finding:
    return Finding(
        "breast_mass", "1.0.0", "diagnosis", _t(lang, "Breast mass, malignant", "乳腺肿块恶性"),
        "trained, internally validated", Status.REFUSED,
        _t(lang, "File changed since it was signed: model.onnx", "文件在签名后被改动：model.onnx"),
    )  # fmt: skip


def death(lang: str = "en") -> Finding:
    title = _t(lang, "10-year death, any cause", "10 年全因死亡")
    return Finding(
        "mortality_10y", "1.2.0", "risk", title, "trained, externally validated", Status.READY,
        _t(lang, "Close to other women of 50", "与其他 50 岁女性接近"),
        (Output("death_10y", title, 0.0421, "1", Interval(0.029, 0.060, 0.9, "model"), scale=(0.0, 0.3),
                event=_t(lang, "die within 10 years", "会在 10 年内死亡")),),
        group="prognosis", sha256="dd12bb34" * 8,
    )  # fmt: skip


def survival(lang: str = "en") -> SurvivalCurve:
    times = tuple(step / 2 for step in range(1, 15))
    values, lo, hi = (tuple(float(base**time) for time in times) for base in (0.88, 0.84, 0.91))
    return SurvivalCurve("death_10y", _t(lang, "Alive", "生存"), times, "a", values, lo, hi)


def egfr(lang: str = "en") -> Finding:
    title = _t(lang, "Estimated glomerular filtration rate", "估算肾小球滤过率")
    return Finding(
        "ckd_epi_2021", "1.0.0", "score", title, PUBLISHED, Status.READY, "CKD-EPI 2021",
        (Output("egfr", title, 90.1, "mL/min/{1.73_m2}", Interval(80.0, 98.0, 0.9, "input_variation"),
                scale=(0.0, 140.0), short_title="eGFR"),),
        sha256="ee12bb34" * 8,
    )  # fmt: skip


def assessment(lang: str = "en", *more: Finding) -> Assessment:
    found = (prevent(lang), egfr(lang), *more, death(lang), missing(lang), out_of_scope(lang), refused(lang))
    return Assessment(record(lang).key, "2026-11-21", found)


def record(lang: str = "en", *, family: str = "", given: str = "", is_test: bool = False) -> Record:
    patient = Patient(
        "p1", family or _t(lang, "Marlow", "林"), given or _t(lang, "Helen", "慧敏"), "1976-03-14", "female",
        "female", "Patient.gender", (Identifier("urn:mrn", "4471-0928", "MR"),), is_test=is_test,
    )  # fmt: skip
    source = Source(FILE, "entry[7] Observation/weight", "194 kg", 240)
    weight = Observation("w", "29463-7", "http://loinc.org", _t(lang, "Weight", "体重"), 194.0, "kg", "194", "kg",
                         "2026-11-21", source, "weight")  # fmt: skip
    questions = (
        Question("q1", "unit_mismatch", _t(lang, "194 kg? 194 lb = 88.0 kg", "194 kg？若为 194 lb，即 88.0 kg"), "w",
                 "weight", (Suggestion("88.0 kg", 88.0, "kg"),), source=source),
        Question("q2", "history_not_stated",
                 _t(lang, "Was there ever a heart attack or stroke?", "是否发生过心肌梗死或脑卒中？"),
                 variable="prior_ascvd"),
    )  # fmt: skip
    allergy = Allergy(
        "a1", (), _t(lang, "Penicillin", "青霉素"), "", "active", "confirmed", False, "", source
    )
    return Record(
        patient, FILE, "FHIR R4", "2026-11-21T09:42:00", "2026-11-21", "2026-11-21", (weight,),
        allergies=(allergy,), questions=questions,
        answers=(Answer("weight", 88.0, "kg", "2026-11-21T09:44:00", "q1"),), sha256="ab" * 32,
    )  # fmt: skip
