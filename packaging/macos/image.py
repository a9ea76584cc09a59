"""The form of macOS: the application with what it says about itself, sealed, in a disk image. Runs on macOS.

PyInstaller makes the bundle before packaging/package.py has written the list of parts; this brings the list into it.
A bundle keeps data under Resources and programs under Frameworks, where the program looks for both: a link leads from
there. What was added breaks the seal of the signature, so that the bundle is sealed again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ABOUT = Path("medgui") / "_data" / "about"


def add_about(app: Path, about: Path) -> None:
    """Put the folder *about* into the bundle, in reach of the program."""
    resources, frameworks = app / "Contents" / "Resources", app / "Contents" / "Frameworks"
    target, seen = resources / ABOUT, frameworks / ABOUT
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(about, target)
    if not seen.exists():  # where Frameworks/medgui or its _data is a link already, it is there
        seen.parent.mkdir(parents=True, exist_ok=True)
        seen.symlink_to(os.path.relpath(target, seen.parent), target_is_directory=True)


def build_image(tree: Path, output: Path, version: str) -> Path:
    """Make the disk image of the bundle that stands beside *tree*, and return its file."""
    app = tree.parent / "medgui.app"
    if not (app / "Contents" / "MacOS" / "medgui").is_file():
        raise SystemExit(f"{app} is no application")
    add_about(app, tree / "_internal" / ABOUT)
    # Without an identity the seal is nobody's ("-"), which Apple's processors ask for; dmg.sh signs where one is named.
    entitlements = str(HERE / "entitlements.plist")
    subprocess.run(
        ["codesign", "--force", "--sign", "-", "--entitlements", entitlements, str(app)], check=True
    )
    done = subprocess.run(
        ["sh", str(HERE / "dmg.sh"), str(app), str(output), version],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Path(done.stdout.splitlines()[-1])
