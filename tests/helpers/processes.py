"""Run a piece of Python in a process of its own."""

import subprocess
import sys

from medgui.paths import PACKAGE_DIR


def run_python(source: str) -> str:
    """Run *source* from the checkout; give what it printed. A failure shows its error output."""
    result = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False, cwd=PACKAGE_DIR.parent
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()
