"""Manual pages in both languages, made from the grammar of the command line, so that they cannot go stale."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from medgui import __version__, i18n
from medgui.cli.parser import build_parser, build_window_parser
from medgui.i18n import _

FOLDERS = {"en": "man1", "zh": "zh_CN/man1"}
"""Folders below /usr/share/man."""

WORDS = {
    "en": {
        "name": "NAME",
        "what": "explained risk and diagnosis models from a patient file, offline",
        "synopsis": "SYNOPSIS",
        "description": "DESCRIPTION",
        "window": "OPTIONS OF THE WINDOW",
        "commands": "COMMANDS",
        "exit": "EXIT STATUS",
        "environment": "ENVIRONMENT",
        "files": "FILES",
        "see": "SEE ALSO",
        "more": "The documents of the program: docs/command_line.md, docs/user_guide_en.md.",
        "offline": "medgui never opens a connection to a network. It is not a certified medical device. A second start "
        "opens a second window; each window shows one patient.",
        "codes": {
            "0": "done",
            "2": "usage",
            "3": "the file cannot be read, or files are about different people",
            "4": "a model that was named is refused or absent",
            "5": "a fault of medgui itself",
            "6": "the output cannot be written",
            "7": "the file holds several patients and --patient is missing",
        },
        "variables": {
            "MEDGUI_HOME": "folder of the user's settings and data, in place of the usual ones",
            "MEDGUI_MODELS_DIR": "folder of signed models, in place of those that ship",
            "MEDGUI_LANG": "language: en or zh",
            "MEDGUI_DEBUG": "1: say where a fault happened; may show patient data",
        },
        "paths": {
            "~/.config/medgui": "settings of the user",
            "~/.local/share/medgui": "own models, notebooks and notes of the user",
            "/usr/lib/medgui": "the program with its models",
            "/var/lib/medgui": "state of the computer: updated models; only root writes there",
        },
    },
    "zh": {
        "name": "名称",
        "what": "离线读取患者文件，给出带解释的风险与诊断模型结果",
        "synopsis": "概要",
        "description": "说明",
        "window": "窗口的选项",
        "commands": "命令",
        "exit": "退出状态",
        "environment": "环境变量",
        "files": "文件",
        "see": "另见",
        "more": "程序文档：docs/command_line.md、docs/user_guide_zh.md。",
        "offline": "medgui 从不连接网络。它不是经认证的医疗器械。再次启动会打开另一个窗口；每个窗口显示一名患者。",
        "codes": {
            "0": "完成",
            "2": "用法有误",
            "3": "无法读取文件，或文件属于不同的人",
            "4": "指定的模型被拒绝或不存在",
            "5": "medgui 自身的故障",
            "6": "无法写出结果",
            "7": "文件含多名患者而未给出 --patient",
        },
        "variables": {
            "MEDGUI_HOME": "用户设置与数据所在的文件夹，代替通常的位置",
            "MEDGUI_MODELS_DIR": "已签名模型所在的文件夹，代替随附的模型",
            "MEDGUI_LANG": "语言：en 或 zh",
            "MEDGUI_DEBUG": "为 1 时说明故障发生之处；可能显示患者数据",
        },
        "paths": {
            "~/.config/medgui": "用户的设置",
            "~/.local/share/medgui": "用户自己的模型、记录本和备注",
            "/usr/lib/medgui": "程序及其模型",
            "/var/lib/medgui": "本机状态：更新过的模型；只有 root 可写",
        },
    },
}


def man_page(language: str, epoch: int, version: str = __version__) -> str:
    """Return `medgui(1)` in *language* as roff."""
    before = i18n.language()
    i18n.set_language(language)
    try:
        return "\n".join(_lines(language, epoch, version)) + "\n"
    finally:
        i18n.set_language(before)


def _lines(language: str, epoch: int, version: str) -> Iterator[str]:
    words = WORDS[language]
    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    top, window = build_parser(), build_window_parser()
    yield f'.TH MEDGUI 1 "{day}" "medgui {roff(version)}"'
    yield from (".nh", ".ad l")
    yield from (f".SH {words['name']}", f"medgui \\- {roff(words['what'])}", f".SH {words['synopsis']}")
    commands = _commands(top)
    yield from _usage(window, "medgui")
    for name, parser in commands.items():
        yield ".br"
        yield from _usage(parser, f"medgui {name}")
    yield from (f".SH {words['description']}", roff(top.description or ""), roff(top.epilog or ""), ".PP")
    yield roff(words["offline"])
    yield f".SH {words['window']}"
    yield from _options(window)
    yield f".SH {words['commands']}"
    for name, parser in commands.items():
        yield from (f".SS medgui {name}", roff(parser.description or ""))
        yield from _options(parser)
    for section, entries in (("exit", "codes"), ("environment", "variables"), ("files", "paths")):
        yield f".SH {words[section]}"
        for term, said in words[entries].items():
            yield from (".TP", f".B {roff(term)}", roff(said))
    yield from (f".SH {words['see']}", roff(words["more"]))


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _usage(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    said = " ".join(parser.format_usage().split()).removeprefix(_("usage: ")).removeprefix(parser.prog)
    yield f"\\fB{name}\\fR {roff(said.strip())}"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction) or action.help is argparse.SUPPRESS:
            continue
        yield from (".TP", _term(action), roff(action.help or action.dest))


def _term(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else str(action.metavar or "")
    if not value and action.choices:
        value = "|".join(map(str, action.choices))
    if not action.option_strings:
        return f"\\fI{roff(value or action.dest)}\\fR"
    names = ", ".join(f"\\fB{roff(name)}\\fR" for name in action.option_strings)
    return f"{names} \\fI{roff(value)}\\fR" if value else names


def roff(text: str) -> str:
    """Escape a text: no sign of it is a command, and hyphens stay what one types."""
    escaped = re.sub(r"(?<=[\u3001-\u9fff\uff00-\uffef])(?=[\u4e00-\u9fff])", "\0", text)
    escaped = re.sub(r"[\\\-']", lambda sign: {"\\": "\\e", "-": "\\-", "'": "\\(aq"}[sign[0]], escaped)
    escaped = escaped.replace("\0", "\\:")  # Chinese has no blanks; here a line may end
    return "\\&" + escaped if escaped.startswith(".") else escaped
