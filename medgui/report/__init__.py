"""Findings on paper: the PDF of a visit.

    report.write(record, assessment, "out.pdf", lang="en", now=datetime.now(), catalogue=catalogue)

reportlab is imported when the first page is drawn, not before.
"""

from medgui.report.document import render, write

__all__ = ["render", "write"]
