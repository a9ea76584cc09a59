"""Build the packaged program: `make package` (docs/packaging.md).

Four steps, each in its own function: a clean environment from the locked list, the program tree by PyInstaller, what
the program says about itself (build, list of parts, licences), and the forms of this system, each with a checksum and
a detached signature. Everything lands in `dist/`; what is kept between runs lies in `build/package`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "packaging"
LOCK = HERE / "requirements" / "package.txt"
WORK = ROOT / "build" / "package"
DIST = ROOT / "dist"
PYTHON = (3, 13)
"""The Python that the program brings; the lock is made for it (packaging/lock.py)."""
WINDOWS = sys.platform == "win32"
FORMS = {"win32": ("windows",), "darwin": ("macos",)}.get(sys.platform, ("deb", "portable"))


class BuildError(Exception):
    """What stands in the way of a build, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tree-only", action="store_true", help="stop after the program tree")
    parser.add_argument("--forms-only", action="store_true", help="pack the tree that was built last")
    parser.add_argument("--level", type=int, default=19, help="zstd, 1 (fast) to 19 (small)")
    parser.add_argument("--work", type=Path, default=WORK, help="folder of what is made on the way")
    parser.add_argument("-o", "--output", type=Path, default=DIST)
    options = parser.parse_args(arguments)
    try:
        tree = options.work / "tree" / "medgui"
        if not options.forms_only:
            tree = build_tree(options.work)
        if not options.tree_only:
            for made in pack(tree, options.output, options.level):
                print(f"{made.stat().st_size / 1e6:7.1f} MB  {made}")
    except BuildError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    return 0


# --- the environment --------------------------------------------------------------------------------------------


def make_environment(work: Path) -> Path:
    """Return the Python of a clean environment with exactly what is locked; made again when the lock changes."""
    if sys.version_info[:2] != PYTHON:
        needed = ".".join(map(str, PYTHON))
        raise BuildError(f"the program is built with Python {needed}, this is {platform.python_version()}")
    folder, stamp = work / "environment", work / "environment.lock"
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if not (python.is_file() and stamp.is_file() and stamp.read_text() == wanted):
        stamp.unlink(missing_ok=True)
        _say("clean environment from the locked list")
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        _run(*pip, "--require-hashes", "--only-binary=:all:", "-r", str(LOCK), quiet=True)
        stamp.write_text(wanted)
    return python


def install_program(python: Path, work: Path) -> None:
    """Build the wheel of this checkout and put it into the environment."""
    wheels = work / "wheel"
    shutil.rmtree(wheels, ignore_errors=True)
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(wheels), str(ROOT), quiet=True)
    (wheel,) = wheels.glob("*.whl")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _run(*pip, "--force-reinstall", "--no-index", "--no-compile", str(wheel), quiet=True)


# --- the tree ---------------------------------------------------------------------------------------------------


def build_tree(work: Path) -> Path:
    """Return the folder of the program: PyInstaller's, with what it says about itself."""
    work.mkdir(parents=True, exist_ok=True)
    python = make_environment(work)
    _say("wheel of this checkout")
    facts = build_facts("")  # before the wheel: the checkout may change while the rest is built
    install_program(python, work)
    resources = work / "resources"
    _platform_resources(resources)
    _say("PyInstaller (a few minutes)")
    tree = work / "tree" / "medgui"
    shutil.rmtree(tree, ignore_errors=True)
    _run(
        str(python), "-P", "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", str(tree.parent), "--workpath", str(work / "pyinstaller"), str(HERE / "medgui.spec"),
        MEDGUI_PACKAGE_RESOURCES=str(resources),
    )  # fmt: skip
    if sys.platform == "linux":
        from linux.elf import clear_foreign_paths
        from linux.strip import strip_tree

        _say(f"{strip_tree(tree) / 1e6:.0f} MB of symbols taken out")
        for path in tree.rglob("*"):  # before the list of parts, which holds the hash of every library
            if path.is_file() and not path.is_symlink():
                clear_foreign_paths(path)
    _say("list of parts and licences")
    about = tree / "_internal" / "medgui" / "_data" / "about"
    about.mkdir(parents=True)
    (about / "build.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    _run(
        sys.executable,
        str(HERE / "parts.py"),
        str(tree),
        "--environment",
        str(python.parents[1]),
        "-o",
        str(about),
    )
    return tree


def _platform_resources(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform != "linux":
        _run(sys.executable, str(HERE / "windows" / "resources.py"), str(folder))


def build_facts(form: str) -> dict[str, str]:
    """What `medgui.installed` reads; `form` is filled in when the tree is packed."""
    return {
        "version": version(),
        "form": form,
        "system": platform.system().lower(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "commit": _git("rev-parse", "HEAD") + ("+changes" if _git("status", "--porcelain") else ""),
        "date": datetime.fromtimestamp(epoch(), UTC).date().isoformat(),
    }


def version() -> str:
    """The version that `medgui --version` says."""
    text = (ROOT / "medgui" / "__init__.py").read_text(encoding="utf-8")
    return text.partition('__version__ = "')[2].partition('"')[0]


def between(commit: str) -> dict[str, Any]:
    """Which commit a tree was built of, where it is not the one that the tag of the version names."""
    if f"v{version()}" in _git("tag", "--points-at", commit).split():
        return {}
    return {"commits": int(_git("rev-list", "--count", commit) or 0), "commit": commit}


def epoch(commit: str = "HEAD") -> int:
    """SOURCE_DATE_EPOCH, else the time of the commit: the only time that a build knows."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct", commit) or 0)


# --- the forms --------------------------------------------------------------------------------------------------


def pack(tree: Path, output: Path, level: int) -> list[Path]:
    """Make every form of this system of *tree*, its checksums and signatures; return the files."""
    if not (tree / "_internal").is_dir():
        raise BuildError(f"{tree} holds no program; build it first")
    output.mkdir(parents=True, exist_ok=True)
    made = []
    for form in FORMS:
        _say(f"{form}")
        file = tree / "_internal" / "medgui" / "_data" / "about" / "build.json"
        facts = {**json.loads(file.read_text(encoding="utf-8")), "form": form}
        file.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        made.append(_make(form, tree, output, level, facts["commit"].partition("+")[0] or "HEAD"))
    return [*made, *_sign(made, output)]


def _make(form: str, tree: Path, output: Path, level: int, commit: str) -> Path:
    if form == "deb":
        from linux.deb import build_deb, debian_version

        named = debian_version(version(), **between(commit))
        return build_deb(tree, output, version=named, epoch=epoch(commit), level=level)
    if form == "portable":
        from linux.portable import build_portable

        return build_portable(tree, output, version(), epoch(commit), level)
    if form == "windows":
        from windows.installer import build_installer

        return build_installer(tree, output, version())
    from macos.image import build_image

    return build_image(tree, output, version())


def _sign(files: list[Path], output: Path) -> list[Path]:
    from release_signature import sign_file

    listed = output / f"medgui-{version()}-{sys.platform}.sha256"
    lines = [f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in files]
    listed.write_text("".join(sorted(lines, key=lambda line: line[66:])), encoding="utf-8")
    return [listed, *(sign_file(each) for each in (*files, listed))]


# --- helpers ----------------------------------------------------------------------------------------------------


def _environment() -> dict[str, str]:
    """Variables of every command: one order of hashes, one time, nothing of the user's Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(epoch()), "PYTHONUTF8": "1"}


def _run(*command: str, quiet: bool = False, **variables: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env={**_environment(), **variables}, check=False, capture_output=quiet, text=True
    )
    if done.returncode:
        raise BuildError(
            f"{Path(command[0]).name} {' '.join(command[1:4])} ended with {done.returncode}\n{done.stderr or ''}"
        )


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def _say(step: str) -> None:
    print(f"package: {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
