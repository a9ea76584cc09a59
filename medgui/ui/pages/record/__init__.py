"""The Record page: every value with its text and place in the file, questions answered in place, trends."""

from medgui.ui.pages.record.page import RecordPage

__all__ = ["RecordPage"]
