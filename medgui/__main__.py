"""`medgui` and `python -m medgui`."""

import sys

from medgui import replaced
from medgui.cli.main import main as run


def main() -> int:
    """Run the command line and return its exit code."""
    replaced.watch()
    return run()


if __name__ == "__main__":
    sys.exit(main())
