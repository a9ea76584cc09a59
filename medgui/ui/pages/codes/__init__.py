"""The codes of laboratories: naming those of the open record, the entries of the clinic, import and export."""

from medgui.ui.pages.codes.page import CodesPage

__all__ = ["CodesPage"]
