"""A trained model as the folder of a bundle: graph, manifest, reference data, golden inputs, and how it was made."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from pprint import pformat
from typing import Any

from medgui import __version__
from medgui.errors import OutputNotWritable
from medgui.files import reason
from medgui.i18n import _
from medgui.inference.manifest_io import FILE_NAME, parse_manifest
from medgui.workshop.card import manifest
from medgui.workshop.choices import Choices, Words
from medgui.workshop.columns import Column
from medgui.workshop.toml_text import toml_text
from medgui.workshop.training import Trained

RECIPE = '''"""How this model was made, and a way to make it again: python recipe.py TABLE.csv

The table has to be the same file (its SHA-256 stands below); the result is the same with the same versions of medgui
and of the libraries that train. Needs medgui with the extra `train`.
"""

import sys
from pathlib import Path

from medgui.workshop.bundle import remake

MADE = {made}

if __name__ == "__main__":
    remake(Path(sys.argv[1]), MADE, Path(__file__).parent.parent / "remade" / MADE["id"])
'''


def write_bundle(trained: Trained, folder: Path, day: str = "") -> Path:
    """Write the bundle to *folder*, whose name is its id; the folder must not exist. Gives *folder*.

    Nothing is left half-written: the files get their place by one rename. Raises `OutputNotWritable`, and `DamagedData`
    where the card does not hold what a manifest has to.
    """
    day = day or date.today().isoformat()
    files = bundle_files(trained, day)
    parse_manifest(files[FILE_NAME], f"{trained.choices.id}/{FILE_NAME}", trained.choices.id)
    try:
        if folder.exists():
            raise FileExistsError(17, "exists", str(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(folder.parent) as made:
            for name, content in files.items():
                (made / name).write_bytes(content)
            made.rename(folder)
    except OSError as error:
        sentence = _("{file} cannot be written: {reason}.")
        raise OutputNotWritable(
            sentence.format(file=folder.name, reason=reason(error, writing=True))
        ) from error
    return folder


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A hidden folder beside what it becomes; gone at the end where it was not renamed."""
    # Not mkdtemp: on Windows its folder, and what it becomes, would belong to one user alone (os.mkdir, mode 0o700).
    path = parent / f".medgui-{os.urandom(8).hex()}"
    path.mkdir()
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def bundle_files(trained: Trained, day: str) -> dict[str, bytes]:
    """The content of each file."""
    from medgui.workshop.npz_bytes import npz_bytes

    files = {
        "model.onnx": trained.model,
        "reference.npz": npz_bytes(trained.reference),
        "golden.npz": npz_bytes(trained.golden),
        "recipe.py": _recipe(trained, day).encode("utf-8"),
    }
    table = manifest(trained, day)
    table["hashes"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return {FILE_NAME: toml_text(table).encode("utf-8"), **files}


def _recipe(trained: Trained, day: str) -> str:
    made = {
        "id": trained.choices.id,
        "day": day,
        "medgui": __version__,
        "table": {"file": trained.plan.table.file, "sha256": trained.plan.table.sha256},
        "chosen": trained.comparison.chosen.candidate.id,
        "settings": dict(trained.settings),
        "choices": choices_data(trained.choices),
    }
    return RECIPE.format(made=pformat(made, width=110, sort_dicts=False))


def choices_data(choices: Choices) -> dict[str, Any]:
    """Choices as plain data."""
    return {
        **{key: getattr(choices, key) for key in ("id", "label", "positive", "effort", "seed", "version")},
        "settled": list(choices.settled),
        "kinds": list(choices.kinds),
        "columns": [{key: _plain(getattr(column, key)) for key in _COLUMN} for column in choices.columns],
        "words": {key: _plain(getattr(choices.words, key)) for key in _WORDS},
    }


_COLUMN = (
    "name",
    "role",
    "kind",
    "input",
    "title",
    "unit",
    "known",
    "distinct",
    "standard",
    "codes",
    "categories",
    "why",
)
_WORDS = ("texts", "years", "case_control", "horizon", "age", "thresholds")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return list(value) if isinstance(value, tuple) else value


def choices_of(data: Mapping[str, Any]) -> Choices:
    """The choices that `choices_data` wrote."""
    words: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data["words"].items()
    }
    columns = tuple(Column(**column) for column in data["columns"])
    plain = {key: data[key] for key in ("id", "label", "positive", "effort", "seed", "version")}
    return Choices(
        columns=columns,
        words=Words(**words),
        settled=tuple(data["settled"]),
        kinds=tuple(data["kinds"]),
        **plain,
    )


def remake(table: Path, made: Mapping[str, Any], folder: Path) -> Path:
    """Train again as a recipe says. Raises `UserError` where the table is another file."""
    from medgui.errors import UserError
    from medgui.workshop.plan import inspect_table
    from medgui.workshop.training import train

    choices = choices_of(made["choices"])
    plan = inspect_table(table, choices.label, positive=choices.positive)
    if plan.table.sha256 != made["table"]["sha256"]:
        raise UserError(_("{file} is not the table that this model was made from.").format(file=table.name))
    return write_bundle(train(plan, choices), folder, made["day"])
