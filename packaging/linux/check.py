"""Hold a package against the tools that know the rules: `python packaging/linux check DEB`.

Each check gives the lines that it found wrong. A tool that is absent is named as not run, and is no success.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from linux.deb import APP_ID

Check = Callable[[Path, Path], list[str]]


def run(*command: str) -> list[str]:
    """Run a checking tool; what it says is the result where it fails."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return (said or [f"{command[0]} ended with {done.returncode}"]) if done.returncode else []


def lintian(deb: Path, _root: Path) -> list[str]:
    """Errors and warnings that no override explains (files/lintian-overrides gives each its reason)."""
    done = subprocess.run(
        ["lintian", "--allow-root", "--tag-display-limit", "0", str(deb)], capture_output=True, text=True
    )
    return [line for line in done.stdout.splitlines() if line.startswith(("E:", "W:"))]


def desktop(_deb: Path, root: Path) -> list[str]:
    """The desktop entry."""
    return run("desktop-file-validate", str(root / f"usr/share/applications/{APP_ID}.desktop"))


def appstream(_deb: Path, root: Path) -> list[str]:
    """The AppStream data, without asking the network whether links lead somewhere."""
    return run(
        "appstreamcli", "validate", "--no-net", str(root / f"usr/share/metainfo/{APP_ID}.metainfo.xml")
    )


def mime(_deb: Path, root: Path) -> list[str]:
    """The file types: well-formed, and taken by update-mime-database."""
    with tempfile.TemporaryDirectory() as folder:
        packages = Path(folder) / "packages"
        packages.mkdir()
        shutil.copy(root / "usr/share/mime/packages/medgui.xml", packages)
        found = run("update-mime-database", folder)
        return found or ([] if (Path(folder) / "mime.cache").is_file() else ["no cache was made"])


def man(_deb: Path, root: Path) -> list[str]:
    """Manual pages: what groff warns of."""
    found = []
    for page in sorted((root / "usr/share/man").rglob("*.gz")):
        command = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(page)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={"MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )
        found += [f"{page.parent.parent.name}: {line}" for line in done.stderr.splitlines()]
    return found


CHECKS: dict[str, tuple[str, Check]] = {
    "lintian": ("lintian", lintian),
    "desktop entry": ("desktop-file-validate", desktop),
    "AppStream": ("appstreamcli", appstream),
    "file types": ("update-mime-database", mime),
    "manual pages": ("man", man),
}
"""Name → (program that it needs, check)."""


def unpack(deb: Path, folder: Path) -> Path:
    """Unpack what the checks read: everything below usr/share."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE) as source:
        subprocess.run(["tar", "-x", "-C", str(folder), "./usr/share"], stdin=source.stdout, check=True)
    return folder


def check_all(deb: Path) -> int:
    """Run every check, print what each found, and return 1 where one found something or could not run."""
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        root = unpack(deb, Path(folder))
        for name, (program, check) in CHECKS.items():
            found = check(deb, root) if shutil.which(program) else [f"not run: {program} is absent"]
            bad += bool(found)
            sys.stdout.write(
                "\n".join([f"{name}: {'' if found else 'good'}", *(f"  {line}" for line in found)]) + "\n"
            )
            sys.stdout.flush()
    return 1 if bad else 0
