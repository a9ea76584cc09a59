"""Figures and groups of an evaluation table in words, for the card, the command line and the report alike."""

from __future__ import annotations

from medgui.i18n import N_, _, format_percent

METRICS = {
    "auroc": N_("AUROC"),
    "c_statistic": N_("C statistic"),
    "c_index": N_("C-index (order of times)"),
    "time_auc": N_("AUROC at the horizon"),
    "auroc_ipcw": N_("AUROC, weighted for censoring"),
    "auroc_weighted": N_("AUROC, survey-weighted"),
    "brier": N_("Brier score"),
    "brier_prevalence": N_("Brier score of the plain share"),
    "brier_weighted": N_("Brier score, survey-weighted"),
    "brier_ipcw": N_("Brier score, weighted for censoring"),
    "calibration_slope": N_("Calibration slope"),
    "calibration_intercept": N_("Calibration intercept"),
    "calibration_in_the_large": N_("Calibration in the large"),
    "calibration_in_the_large_weighted": N_("Calibration in the large, survey-weighted"),
    "calibration_in_the_large_ipcw": N_("Calibration in the large, weighted for censoring"),
    "calibration_gap": N_("Largest gap in calibration between groups"),
    "equal_opportunity_difference": N_("Largest gap in sensitivity between groups"),
    "cox_slope": N_("Calibration slope (Cox)"),
    "ece": N_("Expected calibration error"),
    "median_bias": N_("Median error"),
    "p30": N_("Within 30 % of measured"),
    "accuracy": N_("Accuracy"),
    "precision": N_("Precision"),
    "recall": N_("Recall"),
    "f1": N_("F1 score"),
    "sensitivity": N_("Sensitivity"),
    "specificity": N_("Specificity"),
    "ppv": N_("Positive predictive value"),
    "npv": N_("Negative predictive value"),
    "net_benefit": N_("Net benefit"),
    "net_benefit_treat_all": N_("Net benefit of treating all"),
    "average_precision": N_("Average precision"),
    "auprc": N_("Area under precision and recall"),
    "observed_rate": N_("Observed share"),
    "auroc_age_sex": N_("AUROC of age and sex alone"),
    "auroc_phenoage": N_("AUROC of PhenoAge"),
    "auroc_conventional_factors": N_("AUROC of age, sex, pressure and cholesterol"),
    "auroc_minus_conventional_factors": N_("AUROC more than age, sex, pressure and cholesterol"),
    "auroc_minus_age_sex": N_("AUROC more than age and sex alone"),
    "auroc_minus_phenoage": N_("AUROC more than PhenoAge"),
    "auroc_plain": N_("AUROC of a fit without tuning"),
    "auroc_minus_plain": N_("AUROC more than a fit without tuning"),
    "brier_plain": N_("Brier score of a fit without tuning"),
    "brier_minus_plain": N_("Brier score less that of a fit without tuning"),
    "auroc_birads": N_("AUROC of BI-RADS alone"),
    "auroc_minus_birads": N_("AUROC more than BI-RADS alone"),
    "auroc_age": N_("AUROC of age alone"),
    "auroc_minus_age": N_("AUROC more than age alone"),
    "auroc_ada": N_("AUROC of the ADA points that the data have"),
    "auroc_minus_ada": N_("AUROC more than the ADA points that the data have"),
    "aalen_johansen": N_("Observed share (Aalen and Johansen)"),
    "log_loss": N_("Log loss"),
    "uno_c": N_("C-index (Uno)"),
}
"""Metrics of evaluation and comparison tables; a part after "@" is a threshold."""

IDEAL = {
    "brier": N_("lower is better"),
    "brier_weighted": N_("lower is better"),
    "brier_ipcw": N_("lower is better"),
    "brier_prevalence": N_("for comparison"),
    "log_loss": N_("lower is better"),
    "calibration_slope": N_("ideal 1.00"),
    "cox_slope": N_("ideal 1.00"),
    "calibration_intercept": N_("ideal 0.00"),
    "calibration_in_the_large": N_("ideal 0.00"),
    "calibration_in_the_large_weighted": N_("ideal 0.00"),
    "calibration_in_the_large_ipcw": N_("ideal 0.00"),
    "calibration_gap": N_("ideal 0.00"),
    "equal_opportunity_difference": N_("ideal 0.00"),
    "net_benefit": N_("above 0 and above treating all"),
    "net_benefit_treat_all": N_("for comparison"),
    "auroc_age_sex": N_("for comparison"),
    "auroc_plain": N_("for comparison"),
    "auroc_birads": N_("for comparison"),
    "auroc_age": N_("for comparison"),
    "auroc_ada": N_("for comparison"),
    "brier_plain": N_("for comparison"),
    "brier_minus_plain": N_("below 0 is better"),
    "auroc_phenoage": N_("for comparison"),
}

KEYS = {
    "sex": N_("Sex"),
    "age": N_("Age"),
    "ethnicity": N_("Ethnicity"),
    "site": N_("Site"),
    "density": N_("Breast density"),
    "birads": N_("BI-RADS"),
    "risk": N_("Predicted risk, tenths"),
    "cohort": N_("Cohort"),
}

VALUES = {
    "female": N_("Women"),
    "male": N_("Men"),
    "NH White": N_("Non-Hispanic White"),
    "NH Black": N_("Non-Hispanic Black"),
    "NH Asian": N_("Non-Hispanic Asian"),
    "Hispanic": N_("Hispanic"),
    "White": N_("White"),
    "Black": N_("Black"),
    "Asian": N_("Asian"),
    "Mexican American": N_("Mexican American"),
    "Other": N_("Other ethnicities"),
    "other": N_("Other ethnicities"),
    "Hungary": N_("Hungary"),
    "VA": N_("Long Beach VA"),
    "Long Beach VA": N_("Long Beach VA"),
    "Switzerland": N_("Switzerland"),
    "Cleveland": N_("Cleveland"),
    "known, 20-69 years": N_("Known cardiovascular disease, under 70 y"),
    "known, 70-85 years": N_("Known cardiovascular disease, 70 y and over"),
    "none known, 20-69 years": N_("No known cardiovascular disease, under 70 y"),
    "none known, 70-85 years": N_("No known cardiovascular disease, 70 y and over"),
    "unknown": N_("Not stated"),
}

_LOGITS = (
    *(
        "calibration_slope",
        "calibration_intercept",
        "calibration_in_the_large",
        "calibration_gap",
        "cox_slope",
    ),
    *("calibration_in_the_large_weighted", "calibration_in_the_large_ipcw"),
)


def metric_words(metric: str) -> str:
    """Return the name of a metric; an unknown one stands as the manifest writes it."""
    name, _at, threshold = metric.partition("@")
    words = _(METRICS[name]) if name in METRICS else _compared(name)
    share = _share(threshold)
    if share is None:
        return words
    return _("{figure} at {threshold}").format(
        figure=words, threshold=format_percent(share, 0 if round(100 * share, 6).is_integer() else None)
    )


def _compared(name: str) -> str:
    """Name a figure that holds another score beside the model ("auroc_scored", "auroc_minus_scored")."""
    for start, words in (("auroc_minus_", N_("AUROC more than {score}")), ("auroc_", N_("AUROC of {score}"))):
        if name.startswith(start):
            return _(words).format(score=name.removeprefix(start).replace("_", " "))
    return name.replace("_", " ")


def _share(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < 1 else None


def ideal_words(metric: str) -> str:
    """Return what is ideal of a metric, "" where more is better."""
    name = metric.partition("@")[0]
    return _(IDEAL[name]) if name in IDEAL else ""


def decimals(metric: str) -> int:
    """Return how many decimals a metric is written with."""
    name = metric.partition("@")[0]
    return 2 if name in _LOGITS else 1 if name == "median_bias" else 3


def is_whole(group: str) -> bool:
    """Whether a line is about all people together."""
    return group.strip().casefold() in ("", "all", "overall")


def dimension(group: str) -> str:
    """Return what a group divides by: "sex" of "sex: female"."""
    return group.partition(":")[0].strip() if ":" in group else ""


def group_words(group: str) -> str:
    """Say a group in words: "sex: female" is "Women", "age: 20-49" is "20-49 y", "sex" is "Sex"."""
    if is_whole(group):
        return _("All")
    key, _colon, value = group.partition(":")
    key, value = key.strip(), value.strip()
    if not value:
        named = VALUES.get(group) or KEYS.get(group)
        return _(named) if named else group
    if value in VALUES:
        return _(VALUES[value])
    if key == "age":
        return _("{span} y").format(span=value.replace("-", "\u2013"))
    if key in KEYS:
        return _("{name} {value}").format(name=_(KEYS[key]), value=value)
    return group
