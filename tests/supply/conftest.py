"""A small program and the environment it was made from, both made up."""

import base64
import hashlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "packaging"))

NATIVE = b"\x7fELF made up"


class Small:
    """A folder `tree` as PyInstaller makes it and a folder `environment`, filled distribution by distribution."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.environment = folder / "tree", folder / "environment"
        self.site = self.environment / "lib" / "python3.13" / "site-packages"
        self.site.mkdir(parents=True)
        (self.environment / "pyvenv.cfg").write_text(
            f"home = {folder / 'python' / 'bin'}\nversion = 3.13.0\n"
        )
        self.install("medgui", {}, "License-Expression: Apache-2.0")
        self.ship("medgui/_data/resources/icons/open.svg", b"<svg/>")

    def install(
        self, name: str, files: dict[str, bytes], licence: str, text: bytes | None = b"The terms."
    ) -> None:
        """Install a distribution, and ship its files."""
        info = f"{name}-1.0.dist-info"
        written = {
            **files,
            f"{info}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{licence}\n".encode(),
        }
        if text is not None:
            written[f"{info}/licenses/LICENSE"] = text
        for path, content in written.items():
            (self.site / path).parent.mkdir(parents=True, exist_ok=True)
            (self.site / path).write_bytes(content)
        rows = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in written.items()]
        (self.site / info / "RECORD").write_text("\n".join([*rows, f"{info}/RECORD,,"]))
        for path, content in files.items():
            self.ship(path, content)

    def ship(self, path: str, content: bytes) -> Path:
        """Put a file into the program."""
        file = self.tree / "_internal" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A program of medgui alone."""
    return Small(tmp_path)
