"""Published equations and point scores as bundles: one module a family, each piece that they share written once.

A family's module holds `Equation` objects: the graph in typed ONNX operators and what the manifest says of it. The
recipe of a bundle is one call of `write`.
"""

from medgui.workshop.equations.card import Equation, T, band, output, unticked, write
from medgui.workshop.equations.given import given
from medgui.workshop.equations.points import choice, no, point_score, steps, yes

__all__ = [
    "Equation",
    "T",
    "band",
    "choice",
    "given",
    "no",
    "output",
    "point_score",
    "steps",
    "unticked",
    "write",
    "yes",
]
