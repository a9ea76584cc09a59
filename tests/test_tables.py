"""The compiled tables of `resources`: the same as their TOML, and never in its place where it has changed."""

import shutil
import tomllib
from pathlib import Path

import pytest

from medgui import tables
from medgui.paths import resources_dir
from medgui.tables import FILE_NAME, compile_tables, read_table

NAMES = sorted(path.relative_to(resources_dir()).as_posix() for path in resources_dir().rglob("*.toml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(resources_dir() / name, tmp_path / name)
    (tmp_path / FILE_NAME).write_bytes(compile_tables(tmp_path))
    return tmp_path


def as_toml(folder: Path, name: str) -> dict[str, object]:
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


def exact(value: object) -> object:
    """A value with its types and the order of its keys, which `==` does not compare."""
    if isinstance(value, dict):
        return [(key, exact(part)) for key, part in value.items()]
    return [exact(part) for part in value] if isinstance(value, list) else (type(value), value)


def test_the_shipped_tables_are_compiled_as_they_are_now() -> None:
    assert (resources_dir() / FILE_NAME).read_bytes() == compile_tables(resources_dir()), "run make sign"


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_table_is_its_toml(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = exact(as_toml(folder, name))
    monkeypatch.setattr(tables, "_parsed", lambda _content: pytest.fail("the TOML was parsed"))
    assert exact(read_table(name, folder)) == wanted


def test_a_changed_toml_counts_and_not_what_was_compiled_of_it(folder: Path) -> None:
    file = folder / "knowledge/variables.toml"
    before = file.read_text(encoding="utf-8")
    changed = before.replace("40", "41", 1)
    assert len(changed) == len(before)
    assert changed != before
    file.write_text(changed, encoding="utf-8")
    assert read_table("knowledge/variables.toml", folder) == as_toml(folder, "knowledge/variables.toml")


@pytest.mark.parametrize("keep", [0, 5, 40, 3000, -200])
def test_a_file_that_is_cut_off_or_missing_leaves_the_toml(folder: Path, keep: int) -> None:
    content = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(content[:keep])
    for name in NAMES:
        assert read_table(name, folder) == as_toml(folder, name)


def test_without_a_compiled_file_the_toml_is_read(folder: Path) -> None:
    (folder / FILE_NAME).unlink()
    assert read_table("knowledge/facts.toml", folder) == as_toml(folder, "knowledge/facts.toml")


def test_two_readers_never_share_a_table(folder: Path) -> None:
    first = read_table("knowledge/facts.toml", folder)
    first.clear()
    assert read_table("knowledge/facts.toml", folder)
