"""The clinical questions that models answer: several scores of one question stand together on the Results page."""

from __future__ import annotations

from collections.abc import Mapping

from medgui.i18n import N_, _

QUESTIONS: Mapping[str, str] = {
    "cvd_10y": N_("Cardiovascular risk, 10 years"),
    "cad_present": N_("Is it coronary disease?"),
    "acute_coronary": N_("Acute chest pain"),
    "stroke_in_af": N_("Stroke risk in atrial fibrillation"),
    "bleeding_on_anticoagulant": N_("Bleeding risk on an anticoagulant"),
    "stroke_after_tia": N_("Stroke after a transient attack"),
    "heart_failure_outlook": N_("Outlook in heart failure"),
    "familial_hypercholesterolaemia": N_("Is it familial hypercholesterolaemia?"),
    "kidney_function": N_("Kidney function"),
    "kidney_stage": N_("Stage of kidney disease"),
    "kidney_failure": N_("Risk of kidney failure"),
    "liver_fibrosis": N_("Advanced liver fibrosis"),
    "liver_failure": N_("Severity of liver disease"),
    "liver_injury": N_("Kind of liver injury or ascites"),
    "fatty_liver": N_("Is it fatty liver?"),
    "diabetes_risk": N_("Risk of diabetes"),
    "breast_cancer_outcome": N_("Outcome of breast cancer"),
    "breast_cancer_risk": N_("Risk of breast cancer"),
    "lung_cancer_risk": N_("Risk of lung cancer"),
    "cancer_outcome": N_("Outlook of a cancer"),
    "thrombosis_in_cancer": N_("Thrombosis during chemotherapy"),
    "deterioration": N_("Acute deterioration and sepsis"),
    "pneumonia": N_("Severity of pneumonia"),
    "pulmonary_embolism": N_("Is it pulmonary embolism?"),
    "pulmonary_embolism_outcome": N_("Severity of pulmonary embolism"),
    "deep_vein_thrombosis": N_("Is it deep vein thrombosis?"),
    "heparin_thrombocytopenia": N_("Is it heparin-induced thrombocytopenia?"),
    "gi_bleeding": N_("Gastrointestinal bleeding"),
    "thrombosis_in_hospital": N_("Thrombosis in hospital"),
    "surgery": N_("Risk of surgery"),
    "comorbidity": N_("Burden of disease"),
    "readmission": N_("Readmission after a hospital stay"),
    "critical_illness": N_("Critical illness"),
    "coagulation": N_("Disseminated coagulation"),
    "pancreatitis": N_("Severity of pancreatitis"),
    "syncope": N_("Syncope"),
    "infection": N_("Acute infection"),
    "lung_disease": N_("Severity of lung disease"),
    "rheumatic_disease": N_("Activity of rheumatic disease"),
    "metabolism": N_("Metabolism and electrolytes"),
    "body_size": N_("Body size and doses"),
    "circulation": N_("Circulation and ECG"),
    "fracture": N_("Fracture"),
    "newborn": N_("Newborn"),
}
"""Id to its heading. A manifest names one of these, or none."""


def question_title(question: str) -> str:
    """The heading of a question in the language of the reader; "" for none."""
    return _(QUESTIONS[question]) if question in QUESTIONS else ""
