"""Heads of sections and sentences with a sign, for every part of the model card."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from medgui.ui.shapes import Mark
from medgui.ui.theme import S4, S8, S12, Role, Type
from medgui.ui.widgets.chip import MarkIcon
from medgui.ui.widgets.text import Elided, Rule, Text

LONG = 48
"""Signs of a note from which on it stands under the title instead of beside it."""


def section(title: str, note: str, *, first: bool = False) -> QVBoxLayout:
    """Make the head of a section: hairline above, title bold, note muted at the right."""
    box = QVBoxLayout()
    box.setSpacing(S8)
    if not first:
        box.addSpacing(S4)
        box.addWidget(Rule())
    row = QHBoxLayout()
    row.setSpacing(S12)
    row.addWidget(Text(title, bold=True))
    right = Qt.AlignmentFlag.AlignRight
    long = len(note) > LONG
    row.addWidget(Elided("" if long else note, Type.CAPTION, Role.MUTED, align=right), 1)
    box.addLayout(row)
    if long:
        box.addWidget(Text(note, Type.CAPTION, Role.MUTED, wrap=True))
    return box


def flagged(sentence: str) -> QHBoxLayout:
    """Make a sentence with the caution triangle."""
    row = QHBoxLayout()
    row.setSpacing(S8)
    row.addWidget(MarkIcon(Mark.CAUTION, 11), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(sentence, wrap=True), 1)
    return row
