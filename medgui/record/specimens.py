"""Which specimens an analyte's name excludes: serum and plasma share a standard input, urine and others do not."""

from __future__ import annotations

NOT_SERUM = (
    "urine",
    "urinalysis",
    "capillar",
    "csf",
    "cerebrospinal",
    "pleural",
    "ascit",
    "saliva",
    "dialysate",
    "sweat",
    "尿",
    "毛细",
    "末梢",
    "脑脊液",
    "唾液",
)
_SERUM_ONLY = frozenset({
    "glucose", "creatinine", "albumin", "bun", "uric_acid", "total_cholesterol", "hdl_cholesterol", "ldl_cholesterol",
    "triglycerides", "bilirubin_total", "crp", "cystatin_c",
})  # fmt: skip


_URINE = ("urine", "urinalysis", "尿")
_NOT_URINE = frozenset({
    "sodium", "potassium", "chloride", "calcium", "magnesium", "phosphate", "urea", "total_protein", "alt", "ast",
    "haemoglobin", "wbc", "rbc", "platelets", "hba1c", "bilirubin_direct", "lactate", "bicarbonate",
})  # fmt: skip
"""Measured in capillary blood too, and in urine something else."""


def excluded(variable: str, specimen: str) -> bool:
    """Whether *specimen* in words is one that the standard input *variable* does not mean (SAFETY 6)."""
    low = specimen.lower()
    if variable in _NOT_URINE:
        return any(word in low for word in _URINE)
    return variable in _SERUM_ONLY and any(word in low for word in NOT_SERUM)
