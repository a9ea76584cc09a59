"""A recipe makes the very bundle that ships: no manifest or graph of a published equation is mended by hand."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import numpy as np
import pytest

from medgui.paths import models_dir

RECIPES = sorted(
    path
    for path in models_dir().glob("*/recipe.py")
    if "medgui.workshop.equations" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.parent.name)
def test_the_recipe_makes_the_files_that_ship(recipe: Path, tmp_path: Path) -> None:
    folder = tmp_path / recipe.parent.name
    folder.mkdir()
    for path in recipe.parent.iterdir():
        if path.suffix in (".py", ".csv"):
            shutil.copy(path, folder / path.name)
    runpy.run_path(str(folder / "recipe.py"), run_name="__main__")
    assert (folder / "model.onnx").read_bytes() == (recipe.parent / "model.onnx").read_bytes()
    made, shipped = (_card(path / "manifest.toml") for path in (folder, recipe.parent))
    assert made == shipped
    golden, kept = (np.load(path / "golden.npz") for path in (folder, recipe.parent))
    assert golden.files == kept.files
    for name in kept.files:
        np.testing.assert_allclose(golden[name], kept[name], rtol=1e-9, atol=1e-9)


def _card(path: Path) -> str:
    """The manifest without the hash of the golden outputs, whose last digit depends on the processor."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith('"golden.npz"'))
