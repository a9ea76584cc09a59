"""The Inno Setup script, read as its compiler reads it: it cannot be compiled here, but its names can be checked.

Names of directives, flags and constants are those of Inno Setup's documentation (release 6.3 and later).
"""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from windows import installer
from windows.version_info import numbers, resource, version

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging" / "windows"
SCRIPT = (FOLDER / "medgui.iss").read_bytes().decode("utf-8-sig")

DIRECTIVES = {
    "AllowNetworkDrive", "AllowUNCPath", "AppId", "AppMutex", "AppName", "AppPublisher", "AppVersion",
    "ArchitecturesAllowed", "ArchitecturesInstallIn64BitMode", "ChangesAssociations", "ChangesEnvironment",
    "CloseApplications", "Compression", "DefaultDirName", "DisableProgramGroupPage", "LicenseFile",
    "LZMAUseSeparateProcess", "MinVersion", "OutputBaseFilename", "OutputDir", "PrivilegesRequired",
    "PrivilegesRequiredOverridesAllowed", "RestartApplications", "SetupIconFile", "SetupLogging", "SetupMutex",
    "SignedUninstaller", "SignTool", "SolidCompression", "UninstallDisplayIcon", "UninstallDisplayName",
    "UninstallFilesDir", "VersionInfoCompany", "VersionInfoDescription", "VersionInfoProductName",
    "VersionInfoVersion", "WizardStyle",
}  # fmt: skip
FLAGS = {
    "Tasks": {"unchecked"},
    "Files": {"ignoreversion", "recursesubdirs", "createallsubdirs"},
    "Registry": {"uninsdeletekey", "uninsdeletekeyifempty", "uninsdeletevalue"},
    "Run": {"nowait", "postinstall", "skipifsilent", "unchecked"},
}
PARAMETERS = {
    "Languages": {"Name", "MessagesFile"},
    "Tasks": {"Name", "Description", "GroupDescription", "Flags"},
    "InstallDelete": {"Type", "Name"},
    "Files": {"Source", "DestDir", "DestName", "Flags"},
    "Icons": {"Name", "Filename", "AppUserModelID", "Comment", "Tasks"},
    "Registry": {"Root", "Subkey", "ValueType", "ValueName", "ValueData", "Flags", "Tasks", "Check"},
    "Run": {"Filename", "Description", "Flags"},
}
CONSTANTS = {"app", "autopf", "autoprograms", "autodesktop"}
OF_INNO = {"CreateDesktopIcon", "AdditionalIcons", "LaunchProgram"}
"""Messages that Default.isl brings for scripts."""
SHARED = ("xml", "json", "ndjson", "csv", "tsv", "xlsx", "dcm", "vcf")
_PARAMETER = re.compile(r'\s*(\w+): ((?:"(?:[^"]|"")*"|[^;"]*))(?:;|$)')


def sections() -> dict[str, list[str]]:
    """The lines of each section, without comments and directives of the preprocessor."""
    found: dict[str, list[str]] = defaultdict(list)
    name = ""
    for line in SCRIPT.splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            name = line[1:-1]
        elif name and line.strip() and not line.lstrip().startswith((";", "#")):
            found[name].append(line)
    return found


def entries(section: str) -> list[dict[str, str]]:
    """The entries of a section of parameters; a line that is not wholly read fails."""
    listed = []
    for line in sections()[section]:
        assert "".join(match[0] for match in _PARAMETER.finditer(line)) == line, line
        values = {m[1]: m[2].strip() for m in _PARAMETER.finditer(line)}
        listed.append({k: v[1:-1].replace('""', '"') if v.startswith('"') else v for k, v in values.items()})
    return listed


def setup() -> dict[str, str]:
    return dict(line.split("=", 1) for line in sections()["Setup"])


def test_every_directive_parameter_flag_and_constant_is_one_of_inno_setup() -> None:
    assert set(setup()) <= DIRECTIVES
    for section, known in PARAMETERS.items():
        for entry in entries(section):
            assert set(entry) <= known, entry
            assert set(entry.get("Flags", "").split()) <= FLAGS.get(section, set()), entry
    plain = re.sub(
        r"\{\{?#\w+\}", "", "\n".join(line for s, ls in sections().items() if s != "Code" for line in ls)
    )
    used = set(re.findall(r"\{(\w+)\}", plain))
    assert used <= CONSTANTS


def test_an_update_finds_what_it_replaces() -> None:
    assert '#define AppGuid "{D97B2F1E-4C58-4E0B-9A57-2C6E8F0B1D34}"' in SCRIPT
    assert setup()["AppId"] == "{{#AppGuid}"
    assert r"Uninstall\{#AppGuid}_is1" in SCRIPT


def test_versions_and_folders_come_from_the_caller_alone(tmp_path: Path) -> None:
    asked = set(re.findall(r"^#ifndef (\w+)$", SCRIPT, re.MULTILINE))
    call = installer.command(tmp_path / "ISCC.exe", tmp_path, tmp_path, tmp_path, "1.2.3", {})
    assert {word[2:].partition("=")[0] for word in call if word.startswith("/D")} == asked
    assert call[-1].endswith("medgui.iss")
    assert version() not in SCRIPT
    signed = installer.command(
        tmp_path / "ISCC.exe", tmp_path, tmp_path, tmp_path, "1.2.3", {"MEDGUI_SIGN_PFX": "key.pfx"}
    )
    assert "/DSign" in signed
    assert any(word.startswith("/Smedguisign=") and word.endswith("$f") for word in signed)


def test_every_file_that_the_script_names_is_in_the_checkout_or_built() -> None:
    for entry in entries("Files"):
        source = entry["Source"]
        if source.startswith("{#Root}\\"):
            assert (ROOT / source.removeprefix("{#Root}\\")).is_file(), source
        else:
            assert source == "{#Program}\\*"
    assert (ROOT / setup()["LicenseFile"].removeprefix("{#Root}\\")).is_file()
    assert (FOLDER / "zh.isl").is_file()
    spec = (ROOT / "packaging" / "medgui.spec").read_text(encoding="utf-8")
    for program in set(re.findall(r"(\w+)\.exe", " ".join(sections()["Icons"] + sections()["Run"]))):
        assert f'executable("{program}"' in spec


def test_both_installations_are_offered_and_only_64_bit_windows_is_taken() -> None:
    found = setup()
    assert found["PrivilegesRequired"] == "lowest"
    assert set(found["PrivilegesRequiredOverridesAllowed"].split()) == {"dialog", "commandline"}
    assert found["ArchitecturesAllowed"] == found["ArchitecturesInstallIn64BitMode"] == "x64compatible"
    assert {entry["Root"] for entry in entries("Registry")} == {"HKA"}
    assert found["DefaultDirName"].startswith("{autopf}")


def test_endings_of_others_are_offered_and_never_taken_over() -> None:
    keys = {(entry["Subkey"], entry.get("ValueName", "")) for entry in entries("Registry")}
    for ending in SHARED:
        assert (rf"Software\Classes\.{ending}\OpenWithProgids", "medgui.patient") in keys
        assert (r"Software\medgui\Capabilities\FileAssociations", f".{ending}") in keys
        assert (rf"Software\Classes\.{ending}", "") not in keys
    for entry in entries("Registry"):
        shared = entry["Subkey"].startswith("Software\\Classes\\.") and "medgui" not in entry["Subkey"]
        if shared:  # what others use too is never deleted as a whole
            assert "uninsdeletekey" not in entry.get("Flags", "").split(), entry
    (taken,) = [e for e in entries("Registry") if e["Subkey"] == r"Software\Classes\.hl7"]
    assert taken["Check"] == "Hl7IsFree"


def test_every_kind_of_file_opens_with_the_program_that_has_no_console() -> None:
    commands = [e["ValueData"] for e in entries("Registry") if e["Subkey"].endswith(r"shell\open\command")]
    assert len(commands) == 4
    assert set(commands) == {'"{app}\\medguiw.exe" "%1"'}


def test_every_task_and_every_message_exists_in_both_languages() -> None:
    tasks = {entry["Name"] for entry in entries("Tasks")}
    named = {
        entry["Tasks"] for section in ("Icons", "Registry") for entry in entries(section) if "Tasks" in entry
    }
    assert named | set(re.findall(r"WizardIsTaskSelected\('(\w+)'\)", SCRIPT)) == tasks
    messages = defaultdict(set)
    for line in sections()["CustomMessages"]:
        language, _dot, name = line.partition("=")[0].partition(".")
        messages[language].add(name)
    assert messages["en"] == messages["zh"]
    used = set(re.findall(r"\{cm:(\w+)", SCRIPT)) | set(re.findall(r"CustomMessage\('(\w+)'\)", SCRIPT))
    assert used - OF_INNO == messages["en"]


def test_the_data_of_users_are_touched_by_nothing() -> None:
    assert "UninstallDelete" not in sections()
    assert [entry["Name"] for entry in entries("InstallDelete")] == [r"{app}\_internal"]
    assert "appdata}" not in SCRIPT.lower()
    assert "DelTree" not in SCRIPT


def test_no_page_of_the_installer_opens_a_connection() -> None:
    assert not re.search(r"https?:|Download|idp|AppUpdatesURL|AppSupportURL", SCRIPT)


def test_the_code_closes_what_it_opens_and_defines_what_is_checked() -> None:
    code = re.sub(r"//[^\n]*|'[^'\n]*'", "", "\n".join(sections()["Code"]))
    words = re.findall(r"\b(begin|end)\b", code)
    assert words.count("begin") == words.count("end")
    defined = set(re.findall(r"^(?:function|procedure) (\w+)", code, re.MULTILINE))
    checks = {entry["Check"] for entry in entries("Registry") if "Check" in entry}
    assert checks <= defined
    assert {"InitializeSetup", "CurStepChanged", "CurUninstallStepChanged"} <= defined


@pytest.mark.parametrize("name", ["medgui.iss", "zh.isl"])
def test_the_compiler_is_told_that_the_text_is_utf_8(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "�" not in content.decode("utf-8-sig")


def test_the_chinese_messages_keep_the_places_of_names_and_numbers() -> None:
    text = (FOLDER / "zh.isl").read_bytes().decode("utf-8-sig")
    values = dict(
        line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith(";")
    )
    assert values["LanguageID"] == "$0804"
    for name in (
        "ConfirmUninstall",
        "UninstallStatusLabel",
        "UninstalledAll",
        "LaunchProgram",
        "SetupWindowTitle",
    ):
        assert "%1" in values[name]
    for name in ("SelectDirDesc", "SelectDirLabel3", "ReadyLabel1", "InstallingLabel", "FinishedLabel"):
        assert "[name]" in values[name]
    assert set(values) >= OF_INNO


def test_a_version_resource_names_program_and_version() -> None:
    for program in ("medgui", "medguiw"):
        text = resource(program)
        compile(text, program, "eval")
        assert f"StringStruct('OriginalFilename', '{program}.exe')" in text
        assert f"StringStruct('ProductVersion', '{version()}')" in text
        assert f"filevers={numbers(version())}" in text


def test_windows_takes_versions_of_numbers_alone() -> None:
    assert numbers("1.2.3") == (1, 2, 3, 0)
    for text in ("1.2.3rc1", "1.2.3.4.5", "1.70000", ""):
        with pytest.raises(ValueError):
            numbers(text)


def test_the_compiler_is_found_where_it_is_named_or_installed(tmp_path: Path) -> None:
    place = tmp_path / "Inno Setup 6"
    place.mkdir()
    (place / "ISCC.exe").touch()
    assert installer.compiler({"ProgramFiles(x86)": str(tmp_path)}) == place / "ISCC.exe"
    assert installer.compiler({"INNO_SETUP": str(place)}) == place / "ISCC.exe"
    with pytest.raises(SystemExit):
        installer.compiler({"ProgramFiles": str(tmp_path / "nowhere")})
