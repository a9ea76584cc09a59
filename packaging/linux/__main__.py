"""`python packaging/linux COMMAND …`: deb, portable, check, man."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if __name__ == "__main__":
    from linux.commands import main

    sys.exit(main())
