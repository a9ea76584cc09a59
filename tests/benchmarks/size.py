"""How large the installed package is, with everything that it needs and nothing else.

    python -m tests.benchmarks.size

Sums the files of medgui (its source, models and resources) and of every package that it requires at run time, as
they lie in this environment. Bytecode is left out, and so is what training alone uses: shap asks pip for scipy and
scikit-learn, medgui at run time does not. Budget: 450 MB, set for a frozen build, which leaves out the parts of Qt
that no window of ours uses as well.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

from tests.benchmarks.figures import Figure, show

ROOT = Path(__file__).resolve().parents[2]
BUDGET_MB = 450
TRAINING = frozenset({"scipy", "scikit-learn", "joblib", "threadpoolctl", "narwhals"})


def requirements() -> list[str]:
    """What pyproject.toml requires at run time on this Python."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def closure(wanted: list[str]) -> set[str]:
    """Names of all packages that are needed, those of extras left out."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        needed = Requirement(waiting.pop())
        name = re.sub(r"[-_.]+", "-", needed.name).lower()
        if name in found or (needed.marker and not needed.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += metadata.distribution(name).requires or []
    return found


def megabytes(files: list[Path]) -> float:
    """Size on the disk, without bytecode."""
    return sum(path.stat().st_size for path in files if path.is_file() and path.suffix != ".pyc") / 1e6


def figures() -> tuple[list[Figure], list[str]]:
    """The size of all, and of each package above 10 MB."""
    parts = {
        name: megabytes([Path(str(file.locate())) for file in metadata.distribution(name).files or []])
        for name in closure(requirements())
    }
    own = [path for folder in ("medgui", "models", "resources") for path in (ROOT / folder).rglob("*")]
    parts["medgui"] = megabytes(own)
    large = sorted((size, name) for name, size in parts.items() if size >= 10)
    lines = ["installed: " + ", ".join(f"{name} {size:.0f} MB" for size, name in reversed(large))]
    lines.append(f"installed by pip with scipy and scikit-learn: {sum(parts.values()):.0f} MB")
    needed = sum(size for name, size in parts.items() if name not in TRAINING)
    return [Figure("installed by pip, without the training stack", needed, BUDGET_MB, " MB")], lines


if __name__ == "__main__":
    sys.exit(show(*figures()))
