"""The check of the catalogue finds what it is there to find, and the shipped catalogue passes it."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_documents import load_script


@pytest.fixture(scope="module")
def script() -> ModuleType:
    name = "medgui_script_locale_check"
    module = load_script(Path(__file__).resolve().parent.parent / "packaging" / "locale_check.py")
    assert sys.modules.get(name) is module
    return module


@pytest.fixture
def project(tmp_path: Path, script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "package").mkdir()
    (tmp_path / "zh").mkdir()
    monkeypatch.setattr(script, "ROOT", tmp_path)
    return tmp_path


def check(script: ModuleType, project: Path, source: str, **fragments: str) -> object:
    (project / "package" / "module.py").write_text(source, encoding="utf-8")
    for name, text in fragments.items():
        (project / "zh" / f"{name}.po").write_text(text, encoding="utf-8")
    return script.check(project / "package", project / "zh")


def test_the_shipped_catalogue_is_complete(script: ModuleType, repository: Path) -> None:
    report = script.check(repository / "medgui", repository / "resources" / "locale" / "zh")
    assert report.missing == {}
    assert report.problems == []


def test_a_missing_translation_is_found_with_its_place(script: ModuleType, project: Path) -> None:
    report = check(script, project, '\nx = _("Hello")\n')
    assert report.missing == {("", "Hello"): ["package/module.py:2"]}


def test_deferred_plural_and_context_messages_are_asked_for(script: ModuleType, project: Path) -> None:
    report = check(script, project, 'N_("a"); ngettext("b", "bs", 2); pgettext("c", "d")\n')
    assert set(report.missing) == {("", "a"), ("", "b"), ("c", "d")}


def test_an_empty_or_fuzzy_translation_counts_as_missing(script: ModuleType, project: Path) -> None:
    fragment = 'msgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "乙"\n'
    report = check(script, project, '_("a"); _("b")\n', one=fragment)
    assert set(report.missing) == {("", "a"), ("", "b")}
    assert report.problems == ["one.po: 'b' is fuzzy"]


def test_other_placeholders_than_the_english_are_found(script: ModuleType, project: Path) -> None:
    fragment = 'msgid "{n} of {total}"\nmsgstr "{n} / {totel}"\n'
    report = check(script, project, '_("{n} of {total}")\n', one=fragment)
    assert "other placeholders" in report.problems[0]


def test_two_different_translations_are_found(script: ModuleType, project: Path) -> None:
    one, two = 'msgid "a"\nmsgstr "甲"\n', 'msgid "a"\nmsgstr "乙"\n'
    report = check(script, project, '_("a")\n', one=one, two=two)
    assert "twice" in report.problems[0]


def test_a_complete_catalogue_passes_and_names_what_is_unused(script: ModuleType, project: Path) -> None:
    fragment = 'msgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr "乙"\n'
    report = check(script, project, '_("a")\n', one=fragment)
    assert report.good
    assert report.unused == ["b"]
