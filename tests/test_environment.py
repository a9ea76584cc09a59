"""What the installed packages must do right, whatever versions pip chose."""

from tests.helpers.processes import run_python

CALLS = 500
COUNT = f"""
import sys
from PySide6.QtWidgets import QApplication
application = QApplication(["-platform", "offscreen"])
before = sys.getrefcount(None)
for _turn in range({CALLS}):
    application.processEvents()
print(sys.getrefcount(None) - before)
"""


def test_a_call_of_qt_takes_no_reference_to_none_away() -> None:
    """Where None is counted (Python 3.11) the program would abort after a while: docs/adr/0003."""
    assert int(run_python(COUNT)) > -CALLS / 2
