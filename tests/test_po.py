import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from medgui import po
from medgui.errors import DamagedData


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_fragments_are_merged(tmp_path: Path) -> None:
    write(tmp_path, "a.po", 'msgid "one"\nmsgstr "一"\n')
    write(tmp_path, "b.po", 'msgid "two"\nmsgstr "二"\n')
    assert po.read_folder(tmp_path) == {("", "one"): ("一",), ("", "two"): ("二",)}


def test_an_absent_folder_is_an_empty_catalogue(tmp_path: Path) -> None:
    assert po.read_folder(tmp_path / "absent") == {}


def test_context_plural_and_long_entries_are_read(tmp_path: Path) -> None:
    text = (
        'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n\n'
        '#: somewhere.py:1\nmsgctxt "verb"\nmsgid "Report"\nmsgstr "生成报告"\n\n'
        'msgid "{n} file"\nmsgid_plural "{n} files"\nmsgstr[0] "{n} 个文件"\n'
        'msgid ""\n"A long "\n"sentence."\nmsgstr ""\n"一个"\n"长句。"\n'
    )
    assert po.read_file(write(tmp_path, "x.po", text)) == {
        ("verb", "Report"): ("生成报告",),
        ("", "{n} file"): ("{n} 个文件",),
        ("", "A long sentence."): ("一个长句。",),
    }


def test_fuzzy_obsolete_and_empty_entries_fall_back_to_english(tmp_path: Path) -> None:
    text = (
        '#, fuzzy\nmsgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr ""\n\n'
        '#~ msgid "c"\n#~ msgstr "丙"\n\nmsgid "d"\nmsgstr "丁"\n'
    )
    assert po.read_file(write(tmp_path, "x.po", text)) == {("", "d"): ("丁",)}


@pytest.mark.parametrize("text", ["nonsense\n", 'msgid "unclosed\n', "msgid bare\n"])
def test_what_is_no_catalogue_is_refused_with_file_and_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(DamagedData, match=r"x\.po, line 1"):
        po.read_file(write(tmp_path, "x.po", text))


@given(
    st.text(min_size=1).filter(lambda t: "\r" not in t), st.text(min_size=1).filter(lambda t: "\r" not in t)
)
def test_what_babel_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: str
) -> None:
    catalogue = Catalog(locale="zh_CN")
    catalogue.add(key, value)
    stream = io.BytesIO()
    write_po(stream, catalogue)
    path = tmp_path_factory.mktemp("po") / "x.po"
    path.write_bytes(stream.getvalue())
    assert po.read_file(path)[("", key)] == (value,)
