"""Sentences of a card that repeat figures of its table."""

from medgui.evaluation.figures import Estimate
from medgui.i18n import format_number
from medgui.workshop.card import _area


def test_a_sentence_rounds_as_the_table_does() -> None:
    area = Estimate(0.72247, 0.66449, 0.77351)
    shown = format_number(round(area.value, 4), 3)  # the table keeps four decimals and shows three
    assert _area(area) == f"{shown} (0.665-0.774)"
