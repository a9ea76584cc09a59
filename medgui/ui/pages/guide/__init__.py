"""The user guide inside the program, with its pictures; nothing is fetched."""

from medgui.ui.pages.guide.page import GuidePage

__all__ = ["GuidePage"]
