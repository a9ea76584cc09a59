"""The house's habits, where a number can hold them (docs/development.md)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "medgui"
FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def public_definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in parsed(path).body:
        definition = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if definition and not node.name.startswith("_"):
            yield node


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_is_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_at_most_one_function_in_a_hundred_is_over_60_lines() -> None:
    everything = [(named(path), node) for path in FILES for node in functions(path)]
    long = [f"{path}:{node.lineno} {node.name}" for path, node in everything if length(node) > 60]
    assert len(long) <= len(everything) / 100, long


def test_nine_in_ten_public_definitions_have_a_docstring() -> None:
    everything = [(named(path), node) for path in FILES for node in public_definitions(path)]
    bare = [f"{path}:{node.lineno} {node.name}" for path, node in everything if not ast.get_docstring(node)]
    assert len(bare) <= len(everything) / 10, bare


def test_every_function_says_what_it_returns() -> None:
    untyped = [
        f"{named(p)}:{node.lineno} {node.name}" for p in FILES for node in functions(p) if not node.returns
    ]
    assert untyped == []


def test_style_sheets_live_in_the_theme() -> None:
    strays = [
        named(path)
        for path in FILES
        if "setStyleSheet" in path.read_text(encoding="utf-8") and "theme" not in path.name
    ]
    assert strays == []
