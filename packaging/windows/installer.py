"""Make the Windows installer of a built program: `python packaging/windows/installer.py PROGRAM OUTPUT`.

PROGRAM is PyInstaller's folder (medgui.exe, medguiw.exe, _internal). Runs on Windows, with Inno Setup 6.3 or later;
the folder of its compiler may be named in `INNO_SETUP`. Signs where a certificate is named (sign.ps1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "packaging" / "windows"
SCRIPT = HERE / "medgui.iss"
SIGN = ("powershell.exe", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File")
CERTIFICATE = ("MEDGUI_SIGN_THUMBPRINT", "MEDGUI_SIGN_PFX")
"""Where one of these names a certificate, the installer and its uninstaller are signed."""
sys.path[:0] = [str(HERE), str(ROOT / "packaging")]


def compiler(environment: Mapping[str, str]) -> Path:
    """Find ISCC.exe: named, on the path, or where Inno Setup installs itself."""
    places = [Path(environment["INNO_SETUP"])] if environment.get("INNO_SETUP") else []
    if found := shutil.which("ISCC"):
        places.append(Path(found).parent)
    for variable in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
        if base := environment.get(variable):
            below = Path(base) / "Programs" if variable == "LOCALAPPDATA" else Path(base)
            places += [below / "Inno Setup 6", below / "Inno Setup 7"]
    for place in places:
        if (place / "ISCC.exe").is_file():
            return place / "ISCC.exe"
    raise SystemExit("Inno Setup 6.3 or later is not installed; INNO_SETUP may name its folder")


def command(
    iscc: Path, program: Path, output: Path, resources: Path, version: str, environment: Mapping[str, str]
) -> list[str]:
    """The call of the compiler; every define that the script asks for is one of these."""
    defines = {"Version": version, "Program": program, "Resources": resources, "Output": output}
    words = [str(iscc), "/Qp", *(f"/D{name}={value}" for name, value in defines.items())]
    if any(environment.get(name) for name in CERTIFICATE):
        # $q is a quote and $f the quoted file, in the words of Inno Setup.
        call = f"{' '.join(SIGN)} $q{HERE / 'sign.ps1'}$q $f"
        words += ["/DSign", f"/Smedguisign={call}"]
    return [*words, str(SCRIPT)]


def build_installer(program: Path, output: Path, version: str) -> Path:
    """Sign the programs where a certificate is named, compile the installer, and return its file."""
    from icon_files import write as write_icons
    from version_info import numbers

    for name in ("medgui.exe", "medguiw.exe", "_internal"):
        if not (program / name).exists():
            raise SystemExit(f"{program} holds no {name}")
    numbers(version)
    iscc = compiler(os.environ)
    output.mkdir(parents=True, exist_ok=True)
    programs = [str(program / "medgui.exe"), str(program / "medguiw.exe")]
    subprocess.run([*SIGN, str(HERE / "sign.ps1"), *programs], check=True)
    with tempfile.TemporaryDirectory() as folder:
        write_icons(Path(folder))
        call = command(iscc, program, output, Path(folder), version, os.environ)
        subprocess.run(call, check=True)
    return output / f"medgui-{version}-windows-x64-setup.exe"


if __name__ == "__main__":
    from version_info import version as current

    print(build_installer(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), current()))
