"""The Report page: the PDF as it will be, in either language, and where to save it."""

from medgui.ui.pages.report.page import ReportPage

__all__ = ["ReportPage"]
