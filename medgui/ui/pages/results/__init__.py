"""The Results page: one row a finding; opening a row shows why, the inputs, and what-if."""

from medgui.ui.pages.results.page import ResultsPage

__all__ = ["ResultsPage"]
