"""The administrator guide says of commands, paths and settings what is so, alike in both languages."""

import json
import re
import shlex
from pathlib import Path

import pytest

from medgui import paths
from medgui.cli.main import main
from medgui.cli.parser import COMMANDS, build_parser, build_window_parser
from medgui.inference.signatures import read_public_key
from medgui.selftest.outcome import TITLES
from medgui.settings import Settings

LANGUAGES = ("en", "zh")
CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
ANCHOR = re.compile(r"\]\(#([^)]+)\)")
OWN = re.compile(r"^(~|/etc|/var|/usr)(?=/)[^ ]*medgui")
"""A path of medgui's own on Linux."""


def guide(repository: Path, language: str) -> str:
    return (repository / "docs" / f"administrator_guide_{language}.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    return [content for name, content in CODE.findall(text) if name == kind]


def inline(text: str) -> list[str]:
    return INLINE.findall(CODE.sub("", text))


def commands(text: str) -> list[list[str]]:
    """Every command of medgui that the guide prints, as words after the program's name."""
    lines = [*"\n".join(blocks(text, "sh")).splitlines(), *inline(text)]
    found = [re.search(r"(?:^|[ ;])(?:MEDGUI_\w+=\S+ )?medgui( .*|)$", line) for line in lines]
    of_others = ("dpkg", "apt-get", "man ", "strace", "sudo apt-get", "sudo dpkg", "/")
    return [
        shlex.split(match[1])
        for line, match in zip(lines, found, strict=True)
        if match and not line.startswith(of_others)
    ]


def test_both_guides_have_the_same_sections_tables_and_commands(repository: Path) -> None:
    english, chinese = (guide(repository, language) for language in LANGUAGES)
    heads = [re.findall(r"^(#+) ", text, re.MULTILINE) for text in (english, chinese)]
    assert heads[0] == heads[1]
    for kind in ("sh", "bat", "json"):
        assert blocks(english, kind) == blocks(chinese, kind)
    rows = [
        [line.count("|") for line in text.splitlines() if line.startswith("|")] for text in (english, chinese)
    ]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_it_prints_is_one_of_the_program(repository: Path, language: str) -> None:
    printed = commands(guide(repository, language))
    assert {"selftest", "update", "models", "about"} <= {words[0] for words in printed if words}
    for words in printed:
        parser = build_parser() if words and words[0] in COMMANDS else build_window_parser()
        parser.parse_args(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_inside_it_leads_to_a_section(repository: Path, language: str) -> None:
    text = guide(repository, language)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(ANCHOR.findall(text)) <= anchors


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paths_on_linux_are_those_of_the_program(
    repository: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("MEDGUI_HOME", "MEDGUI_SYSTEM_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: Path("~"))
    shared, system = paths.shared_settings_file(), paths.system_data_dir()
    assert shared is not None
    assert system is not None
    data = paths.user_data_dir()
    places = {
        paths.user_config_dir() / "settings.json",
        paths.own_models_dir(),
        data / "keys",
        shared,
        system,
    }
    roots = [
        paths.user_config_dir(),
        data,
        shared.parent,
        system,
        Path("/usr/lib/medgui"),
        Path("/usr/bin/medgui"),
    ]
    named = {Path(code) for code in inline(guide(repository, language)) if OWN.match(code)}
    assert places <= named
    for path in named - {Path("~/Library/Application Support/medgui/config")}:
        assert any(path == root or path.is_relative_to(root) for root in roots), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_example_of_settings_for_all_users_is_valid(
    repository: Path, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = blocks(guide(repository, language), "json")
    monkeypatch.setenv("MEDGUI_SYSTEM_DIR", str(tmp_path))
    (tmp_path / "settings.json").write_text(example, encoding="utf-8")
    settings = Settings.load()
    assert settings.notes == []
    assert settings.shared == json.loads(example)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_explains_every_line_of_the_self_test_and_every_exit_code(repository: Path, language: str) -> None:
    from medgui import i18n

    text = guide(repository, language)
    with i18n.using_language(language):
        titles = {i18n._(title) for name, title in TITLES.items() if name != "visit"}
    assert titles <= set(re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE))
    contract = (repository / "docs" / "command_line.md").read_text(encoding="utf-8")
    codes = re.compile(r"^\| (\d+) \|", re.MULTILINE)
    assert set(codes.findall(text)) == set(codes.findall(contract)) - {"130"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_of_the_keys_are_those_of_the_source(repository: Path, language: str) -> None:
    key = read_public_key(repository / "resources" / "keys" / "development.pub", "development")
    assert f"`{key.id}`" in guide(repository, language)
    released = (repository / "resources" / "keys" / "release.pub").is_file()
    assert released == (len(re.findall(r"`[0-9a-f]{16}`", guide(repository, language))) > 1)


def test_wrong_settings_for_all_users_are_said_without_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDGUI_SYSTEM_DIR", str(tmp_path))
    (tmp_path / "settings.json").write_text('{"sprache": "zh"}', encoding="utf-8")
    assert main(["about"]) == 0
    assert "sprache" in capsys.readouterr().out
