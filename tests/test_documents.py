"""The pages that are made from code, or name code, are current."""

import importlib.util
import re
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


HAZARD = re.compile(r"^\| (\w+) \|(?:[^|]*\|){4}([^|]*)\|$", re.MULTILINE)
TEST_NAME = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_every_hazard_has_tests_and_every_test_it_names_exists(repository: Path) -> None:
    rows = HAZARD.findall((repository / "docs" / "hazards.md").read_text(encoding="utf-8"))
    numbered = {row for row, _tests in rows if row.isdigit()}
    assert numbered == {str(number) for number in range(1, 27)}
    for row, cell in rows:
        if row == "id":
            continue
        named = TEST_NAME.findall(cell)
        assert named, f"hazard {row} has no test"
        for file, name in named:
            source = (repository / "tests" / file).read_text(encoding="utf-8")
            assert f"def {name}(" in source, f"hazard {row}: {file} has no {name}"


def test_every_link_between_documents_leads_somewhere(repository: Path) -> None:
    pages = [repository / "README.md", *(repository / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_nothing_names_the_machine_it_was_made_on(repository: Path) -> None:
    places = [repository / "README.md", repository / "Makefile", repository / "pyproject.toml"]
    for folder in ("docs", "medgui", "packaging", "models", "resources", "tests"):
        places += [
            path for path in (repository / folder).rglob("*") if path.suffix in {".md", ".py", ".sh", ".toml"}
        ]
    for path in places:
        assert (
            not re.search(r"/work/|/root/", path.read_text(encoding="utf-8"))
            or path.name == Path(__file__).name
        )
