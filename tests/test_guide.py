"""The guides and their pictures belong together: none missing, none left over, both languages alike."""

import re
from pathlib import Path

import pytest

from tests.test_documents import load_script

PICTURE = re.compile(r"!\[([^\]]*)\]\((images/guide/(\w+)/(\w+)\.png)\)")
SECTION = re.compile(r"^## ", re.MULTILINE)
LARGEST_MB = 6


def guide(repository: Path, language: str) -> str:
    return (repository / "docs" / f"user_guide_{language}.md").read_text(encoding="utf-8")


def order(text: str) -> list[str]:
    """Sections and pictures in the order in which they stand."""
    return [found[1] or "section" for found in re.findall(r"^(?:(## )|!\[.*/(\w+)\.png)", text, re.MULTILINE)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_picture_of_a_guide_is_there_and_each_one_made_is_used(repository: Path, language: str) -> None:
    pytest.importorskip("PySide6")
    script = load_script(repository / "packaging" / "guide_pictures.py")
    found = PICTURE.findall(guide(repository, language))
    captions = {name: alt for alt, _path, said, name in found if said == language}
    assert captions == {picture.name: getattr(picture, language) for picture in script.PICTURES}
    assert len(found) == len(captions)
    for _alt, path, _language, _name in found:
        assert (repository / "docs" / path).read_bytes().startswith(b"\x89PNG")
    made = {path.stem for path in (repository / "docs" / "images" / "guide" / language).iterdir()}
    assert made == set(captions)


def test_both_guides_have_the_same_sections_and_pictures_in_the_same_order(repository: Path) -> None:
    english, chinese = guide(repository, "en"), guide(repository, "zh")
    assert len(SECTION.findall(english)) == len(SECTION.findall(chinese))
    assert order(english) == order(chinese)


def test_the_pictures_of_the_documents_are_small_and_made_by_the_same_script(repository: Path) -> None:
    script = load_script(repository / "packaging" / "guide_pictures.py")
    images = repository / "docs" / "images"
    assert {path.name for path in images.glob("*.png")} == {each.place for each in script.DOCUMENTS}
    assert sum(path.stat().st_size for path in images.rglob("*.png")) < LARGEST_MB * 1_000_000


def test_the_wheel_carries_the_guides_and_every_page_they_link_to(repository: Path) -> None:
    carried = (repository / "pyproject.toml").read_text(encoding="utf-8")
    for language in ("en", "zh"):
        text = guide(repository, language)
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+\.md)\)", text):
            assert f'"docs/{target}" = "medgui/_data/guide/{target}"' in carried, target
    assert '"docs/images/guide" = "medgui/_data/guide/images/guide"' in carried
