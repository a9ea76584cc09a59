"""Lock what the packaged program is built from: `make lock`.

Resolves medgui with its training extra and PyInstaller for every system at once, with the hash of every file that an
index offers, into `packaging/requirements/package.txt`. A version that is installed here is kept: what ships is what
the tests have run on.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "packaging" / "requirements"
LOCK = FOLDER / "package.txt"
TOOLS = FOLDER / "tools.txt"
"""What makes the wheel, beside the locked list: for runners, which start from nothing (.ci/workflows/package.yml)."""
PYTHON = "3.13"
"""The version that the packaged program is built on."""
HEADER = f"""\
# What the packaged program is built from, on Python {PYTHON}; made by `make lock`, not by hand.
# pip install --require-hashes -r packaging/requirements/package.txt
"""
TOOLS_HEADER = """\
# What packaging/package.py itself needs to make the wheel; made by `make lock`, not by hand. Goes with package.txt.
"""
FOLLOWS = ("pip", "setuptools", "wheel")
"""Installers, whose version here says nothing about what was tested."""


def installed() -> str:
    """Name the versions in this environment as constraints, one a line."""
    found = {_plain(each.metadata["Name"]): each.version for each in distributions()}
    return "".join(
        f"{name}=={version}\n"
        for name, version in sorted(found.items())
        if name not in (*FOLLOWS, "medgui") and "+" not in version
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def resolve(constraints: Path) -> str:
    """Return the locked list, resolved by uv."""
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", str(FOLDER.relative_to(ROOT) / "build.in"),
        "--extra", "train", "--universal", "--python-version", PYTHON, "--generate-hashes", "--no-header",
        "--no-emit-index-url", "--no-annotate", "--constraints", str(constraints), "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def resolve_tools(constraints: Path) -> str:
    """Return the locked list of the tools; where both lists name a part, they name the same version."""
    command = [
        sys.executable, "-m", "uv", "pip", "compile", str((FOLDER / "tools.in").relative_to(ROOT)),
        "--universal", "--python-version", PYTHON, "--generate-hashes", "--no-header",
        "--no-emit-index-url", "--no-annotate", "--constraints", str(constraints),
        "--constraints", str(LOCK.relative_to(ROOT)), "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="medgui-lock-") as folder:
        constraints = Path(folder) / "installed.txt"
        constraints.write_text(installed(), encoding="utf-8")
        LOCK.write_text(HEADER + resolve(constraints), encoding="utf-8")
        TOOLS.write_text(TOOLS_HEADER + resolve_tools(constraints), encoding="utf-8")
    print(f"{LOCK.relative_to(ROOT)}: {LOCK.read_text(encoding='utf-8').count('==')} distributions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
