"""The pages that are made from code, or name code, are current."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load_script(path: Path) -> ModuleType:
    """Import a script of `packaging/`, which is no package."""
    spec = importlib.util.spec_from_file_location(f"medgui_script_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_page_of_settings_is_made_from_the_table(repository: Path) -> None:
    script = load_script(repository / "packaging" / "settings_doc.py")
    assert (repository / "docs" / "settings.md").read_text(encoding="utf-8") == script.document()
