"""CKD-EPI 2021 creatinine equation (Inker et al., N Engl J Med 2021;385:1737-1749) as an ONNX graph.

eGFR = 142 x min(Scr/kappa, 1)^alpha x max(Scr/kappa, 1)^-1.200 x 0.9938^age x 1.012 (female)
kappa 0.7 / 0.9, alpha -0.241 / -0.302 (female / male); Scr in mg/dL, result in mL/min/{1.73_m2}.
Run: python models/ckd_epi_2021/recipe.py
"""

from collections.abc import Mapping
from itertools import product
from pathlib import Path

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number, write_equation

INPUTS = ("age", "sex", "creatinine")


def graph(x: Mapping[str, Var]) -> dict[str, Var]:
    """sex: 0 female, 1 male."""
    male = op.greater_or_equal(x["sex"], number(0.5))
    kappa = op.where(male, number(0.9), number(0.7))
    alpha = op.where(male, number(-0.302), number(-0.241))
    ratio = op.div(x["creatinine"], kappa)
    low = op.pow(op.min([ratio, number(1.0)]), alpha)
    high = op.pow(op.max([ratio, number(1.0)]), number(-1.2))
    age = op.pow(number(0.9938), x["age"])
    constant = op.where(male, number(142.0), number(142.0 * 1.012))
    known = op.add(x["sex"], number(0.0))
    egfr = op.mul(op.mul(op.mul(constant, low), high), age)
    return {"egfr": op.where(op.isnan(known), known, egfr)}


def main() -> None:
    golden = np.array(
        list(product((18, 40, 55, 70, 90), (0, 1), (0.4, 0.7, 0.9, 1.4, 6.0))), dtype=np.float64
    )
    reference = np.array([[50.0, 0.0, 0.7], [50.0, 1.0, 0.9]])
    write_equation(Path(__file__).parent, INPUTS, graph, golden, reference)


if __name__ == "__main__":
    main()
