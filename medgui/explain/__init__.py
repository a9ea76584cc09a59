"""Why a model says what it says: Shapley values of a bundle's output in the unit of that output.

    explain(bundle, x, outputs=None) -> tuple[Explained, ...]      one patient
    explain_rows(bundle, x, output) -> ExplainedRows               many rows, for files

`x` is a row of `Batch.x`: the values as the model used them, in manifest order, NaN = missing.
"""

from medgui.explain.api import ExplainedRows, explain, explain_rows, prepare
from medgui.explain.explained import SUM_TOLERANCE, Explained

__all__ = ["SUM_TOLERANCE", "Explained", "ExplainedRows", "explain", "explain_rows", "prepare"]
