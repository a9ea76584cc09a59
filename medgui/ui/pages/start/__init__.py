"""The start page."""

from medgui.ui.pages.start.page import StartPage

__all__ = ["StartPage"]
