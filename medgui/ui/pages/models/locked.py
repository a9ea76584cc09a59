"""Instruments that are not contained: the reason, and where their owner offers them."""

from PySide6.QtWidgets import QVBoxLayout

from medgui.i18n import _, localised
from medgui.inference.locked_instruments import locked_instruments
from medgui.ui.theme import S8, S24, Role, Type
from medgui.ui.widgets.text import Filled, Rule, Text

NOT_CONTAINED = "not-contained"
"""Id of the line that opens this panel; no model can have it, since theirs have no hyphen."""


class LockedPanel(Filled):
    """One entry an instrument."""

    def __init__(self) -> None:
        super().__init__(Role.SURFACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S24, S24, S24)
        column.setSpacing(S8)
        words = lambda: _(  # noqa: E731 - said again in another language
            "These instruments are asked for and are not part of medgui: the equation is not published, or its owner "
            "allows no copy."
        )
        column.addWidget(Text(words, role=Role.MUTED, wrap=True))
        for each in locked_instruments():
            column.addWidget(Rule())
            column.addWidget(Text(lambda each=each: localised(each.name), bold=True, wrap=True))
            column.addWidget(Text(lambda each=each: localised(each.estimates), Type.CAPTION, wrap=True))
            column.addWidget(Text(lambda each=each: localised(each.reason), wrap=True))
            column.addWidget(
                Text(
                    lambda each=each: _("Found at: {place}").format(place=localised(each.where)),
                    Type.CAPTION,
                    Role.MUTED,
                )
            )
        column.addStretch(1)
