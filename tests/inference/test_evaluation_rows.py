"""The evaluation of a manifest is parsed when it is looked at, to the same rows and with the same refusals."""

import tomllib
from pathlib import Path

import pytest

from medgui.errors import DamagedData
from medgui.inference.evaluation_rows import plain_rows, set_apart
from medgui.inference.manifest_io import parse_manifest
from medgui.paths import models_dir

SHIPPED = sorted(path.parent.name for path in models_dir().glob("*/manifest.toml"))


def text_of(model: str) -> str:
    return (models_dir() / model / "manifest.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", SHIPPED)
def test_rows_set_apart_are_those_that_toml_gives(model: str) -> None:
    text = text_of(model)
    rest, rows = set_apart(text)
    whole = tomllib.loads(text)
    assert plain_rows(rows) == whole.pop("evaluation", [])
    assert tomllib.loads(rest) == whole


def test_rows_in_another_style_are_read_too() -> None:
    text = text_of("cad").replace("n = 148", "n = 1_48")
    manifest = parse_manifest(text.encode(), "cad/manifest.toml", "cad")
    assert any(row.n == 148 for row in manifest.evaluation)
    split = text_of("cad").replace("[hashes]", "[hashes]\n", 1) + '\n[[evaluation]]\ndataset = "x"\n'
    assert set_apart(split) == (split, "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("n = 148", 'n = "many"'), "n"),
        (("events = ", "occasions = "), "events"),
        (("value = ", "value 1 = "), "TOML"),
    ],
)
def test_a_wrong_row_is_refused_where_the_rows_are_looked_at(change: tuple[str, str], said: str) -> None:
    content = text_of("cad").replace(*change, 1).encode()
    with pytest.raises(DamagedData, match=said):
        len(parse_manifest(content, "cad/manifest.toml", "cad").evaluation)


def test_verifying_looks_at_the_rows(tmp_path: Path) -> None:
    from medgui.inference.catalogue import Catalogue
    from medgui.inference.verify import verify

    catalogue = Catalogue.load()
    bundle = catalogue.get("cad")
    bundle.manifest = parse_manifest(
        text_of("cad").replace("n = 148", 'n = "many"', 1).encode(), "cad/manifest.toml", "cad"
    )
    (found,) = verify(catalogue, "cad")
    assert any("evaluation" in problem for problem in found.problems)
