"""Say where two builds differ: `python packaging/compare_builds.py ONE OTHER`, two program trees or two packages.

Differences that `packaging/build_differences.toml` names with a reason are listed as such; any other is an error.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

EXPECTED = Path(__file__).with_name("build_differences.toml")


def fingerprints(tree: Path) -> dict[str, str]:
    """Path below *tree* → what it is: hash and mode of a file, target of a link. A file alone stands for itself."""
    if tree.is_file():
        return {"": hashlib.sha256(tree.read_bytes()).hexdigest()}
    return {
        each.relative_to(tree).as_posix(): _fingerprint(each)
        for each in sorted(tree.rglob("*"))
        if each.is_symlink() or not each.is_dir()
    }


def _fingerprint(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return f"{path.stat().st_mode & 0o777:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def differences(one: Path, other: Path) -> list[str]:
    """Paths that are not the same in both, or in one alone."""
    first, second = fingerprints(one), fingerprints(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def expected() -> dict[str, str]:
    """Pattern → reason of the differences that are known."""
    return dict(tomllib.loads(EXPECTED.read_text(encoding="utf-8")).get("differences", {}))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    options = parser.parse_args(arguments)
    known, wrong = expected(), 0
    found = differences(options.one, options.other)
    for name in found:
        reason = next((why for pattern, why in known.items() if fnmatch(name, pattern)), "")
        wrong += not reason
        print(f"{name or options.one.name}: {reason or 'NOT EXPECTED'}")
    print(f"{len(fingerprints(options.one))} files, {len(found)} differ, {wrong} of them not expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
