"""The walls between layers that import-linter cannot see."""

import ast
import sys
from pathlib import Path

import pytest

RECORD = sorted((Path(__file__).resolve().parent.parent / "medgui" / "record").rglob("*.py"))
NEIGHBOURS = (
    "medgui.record",
    "medgui.errors",
    "medgui.frozen",
    "medgui.i18n",
    "medgui.paths",
    "medgui.tables",
)


def imported_modules(path: Path) -> set[str]:
    """Return the full names of all modules that a source file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names.update(
                [f"{module}.{alias.name}" for alias in node.names] if module == "medgui" else [module]
            )
            assert node.level == 0, f"{path.name}: relative imports hide what is imported"
    return names


@pytest.mark.parametrize("path", RECORD, ids=lambda path: path.name)
def test_the_record_needs_the_standard_library_only(path: Path) -> None:
    for name in imported_modules(path):
        if name.split(".")[0] == "medgui":
            assert name.startswith(NEIGHBOURS), f"{path.name} imports {name}"
        else:
            assert name.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"


@pytest.mark.parametrize("name", ["errors", "frozen", "i18n", "paths", "po", "files", "tables"])
def test_what_the_record_leans_on_is_standard_library_too(name: str) -> None:
    path = Path(__file__).resolve().parent.parent / "medgui" / f"{name}.py"
    for module in imported_modules(path):
        assert module.split(".")[0] in sys.stdlib_module_names | {"medgui"}
