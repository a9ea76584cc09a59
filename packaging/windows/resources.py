"""What PyInstaller takes for Windows and macOS: `python packaging/windows/resources.py FOLDER`.

Icons of both systems and the version resources of the programs of Windows; packaging/package.py asks for them before it
runs the spec, packaging/windows/installer.py takes the icon of the installer from there.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]


def write(folder: Path) -> list[Path]:
    """Write everything into *folder*."""
    from icon_files import write as write_icons
    from version_info import write as write_versions

    return [*write_icons(folder), *write_versions(folder)]


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        print(path)
