"""Write docs/scores.md: every published score, and how it agrees with independent programs (`make scores`).

The list comes from the manifests, the agreement from the development data (skipped with a word where it is absent).
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from medgui.inference.manifest import Manifest  # noqa: E402
from medgui.inference.manifest_io import read_manifest  # noqa: E402
from medgui.inference.questions import QUESTIONS  # noqa: E402
from medgui.paths import models_dir  # noqa: E402
from tests.models.medcalc import cases  # noqa: E402
from tests.models.reference_rows import Reference, allowed_error, references, scored  # noqa: E402
from tests.models.test_medcalc_bench import BUILT, OTHER_ENTITIES, REFUSED, answered  # noqa: E402
from tests.shared_data import find_data_dir  # noqa: E402

HEAD = """# Published scores

Written by `make scores`; do not edit. {count} published equations and point scores are bundles under `models/`, each
made by its `recipe.py` from a module in `medgui/workshop/equations`. A score is shown unasked where the record holds
what it is about; one *on request* is found under "Add a score" or named on the command line (`--model`). Its card has
population, ranges, sources and known doubts.
"""


def published() -> list[Manifest]:
    """The manifests that were made from an equation, by question and name."""
    found = [read_manifest(path.parent) for path in models_dir().glob("*/manifest.toml")]
    order = list(QUESTIONS)
    known = [m for m in found if m.question]
    return sorted(known, key=lambda m: (order.index(m.question), m.on_request, m.name["en"]))


def listed(manifests: list[Manifest]) -> Iterator[str]:
    """One table a question."""
    question = ""
    for manifest in manifests:
        if manifest.question != question:
            question = manifest.question
            yield f"\n## {QUESTIONS[question]}\n"
            yield "| id | score | shown | evidence | named by |\n|---|---|---|---|---|"
        shown = "acute, on request" if manifest.acute else "on request" if manifest.on_request else "unasked"
        guideline = manifest.guideline.get("en", "")
        yield f"| `{manifest.id}` | {manifest.name['en']} | {shown} | {manifest.evidence} | {guideline} |"


def agreement(data: Path) -> Iterator[str]:
    """One line a reference file: rows that agree, rows refused, largest error of those with a number."""
    yield "\n## Agreement with independent programs\n"
    yield "Numbers of the open reference rows, through `medgui score`. Why some are refused or differ stands in"
    yield "`tests/models/test_reference_rows.py` and in the cards.\n"
    yield "| model | reference | numbers | within tolerance | refused | tolerance | largest error |"
    yield "|---|---|---|---|---|---|---|"
    for reference in references(data / "equations"):
        yield _line(reference)


def _line(reference: Reference) -> str:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        rows = scored(reference, Path(folder))
    errors, refused = [], 0
    for name, wanted in reference.outputs.items():
        for row, want in zip(rows, wanted, strict=True):
            if want is not None and row[name]:
                errors.append(abs(float(row[name]) - want))
            elif want is not None:
                refused += 1
    allowed = allowed_error(reference.model)
    right = sum(error <= allowed for error in errors)
    source = f"{reference.file.removesuffix('.csv')} {reference.group}".strip()
    total, worst = len(errors) + refused, f"{max(errors):.2g}" if errors else ""
    return f"| `{reference.model}` | {source} | {total} | {right} | {refused} | {allowed:.2g} | {worst} |"


def medcalc(data: Path) -> Iterator[str]:
    """How many audited answers of MedCalc-Bench the built calculators give."""
    asked = cases(data / "equations" / "medcalc_bench_v1_test.csv")
    right, given = 0, 0
    for number, calculator in BUILT.items():
        mine = [case for case in asked if case.calculator == number]
        given += len(mine)
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
            texts = answered(calculator, mine, Path(folder)) if mine else []
        for case, text in zip(mine, texts, strict=True):
            near = calculator.relative * abs(case.answer) + 1e-9
            right += bool(text) and abs(float(text) - case.answer) <= near
    follows = given - len(OTHER_ENTITIES)
    reasons = ", ".join(dict.fromkeys(reason.partition(":")[0] for reason in REFUSED.values()))
    yield "\n## MedCalc-Bench\n"
    yield f"{len(BUILT)} of its calculators are built; {given} of their questions in the open test rows have an audited"
    yield f"number. {right} of them are answered so ({right / given:.0%}). The answer of {len(OTHER_ENTITIES)} does not"
    yield "follow from the entities that are given (each with its arithmetic in `tests/models/test_medcalc_bench.py`);"
    yield f"of the other {follows}, {right / follows:.1%} are right and {len(REFUSED)} are refused: {reasons}."


def main() -> None:
    """Print the document."""
    manifests = published()
    print(HEAD.format(count=len(manifests)).rstrip())
    print("\n".join(listed(manifests)))
    data = find_data_dir()
    if data is None:
        print("\nThe development data is absent: no agreement was measured.")
        return
    print("\n".join([*agreement(data), *medcalc(data)]))


if __name__ == "__main__":
    main()
