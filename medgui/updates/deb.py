"""The Debian package: `dpkg -i`, with the former package kept and put back where the new program does not hold.

    <system>/packages/medgui_<version>_<machine>.deb   the package in force and the one before
    <system>/allow-downgrade                           holds the one version that preinst then lets be installed
                                                       over a newer one; root writes it, postinst removes it

The new program is unpacked beside and tests itself before dpkg is asked. A package that was installed by hand is not
kept anywhere, so at the first update it is put together again from what dpkg has installed, as dpkg-repack does.

What is to be kept is on the disk before dpkg is asked, so a full disk stops an update that has changed nothing.
Versions are the program's; dpkg's own way of writing them (0.2.0~rc1, 0.2.0~dev7+g1a2b3c4) is read from each package.

dpkg replaces the files of the running program. Everything that runs after it is imported before it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from medgui.errors import OutputNotWritable, UpdateRefused
from medgui.files import write_atomic
from medgui.i18n import _, language
from medgui.updates.tools import Tools
from medgui.versions import newer, order

PROGRAM = Path("/usr/lib/medgui/medgui")
PACKAGES = "packages"
ALLOWED = "allow-downgrade"
INSTALLED = Path("/")
"""Where what dpkg installed lies."""
INFO = "var/lib/dpkg/info"
_KEPT = re.compile(r"medgui_([0-9][0-9A-Za-z.+~]*)_[a-z0-9]+\.deb")
_BETWEEN = re.compile(r"~dev\d+\+g[0-9a-f]+")
_SCRIPTS = ("preinst", "postinst", "prerm", "postrm", "triggers", "md5sums", "conffiles")
DISMISSED = (126, 127)
"""What pkexec answers where nobody gave a password (pkexec(1))."""


class NeedsAdministrator(OutputNotWritable):
    """Only an administrator may install; *command* is what one types."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


def ask_administrator(copy: Path | None, original: Path | None, tools: Tools) -> None:
    """Let this very command run as root by way of pkexec; without a file it is a roll-back.

    The copy that is handed over is checked again there from the first byte. Raises `NeedsAdministrator`.
    """
    what = ["update", "--rollback", "program"] if copy is None else ["update", str(copy)]
    typed = ["sudo", "medgui", *([what[0], str(original)] if original is not None else what), "--yes"]
    command = " ".join(shlex.quote(part) for part in typed)
    needs = _("Only an administrator can install this, by the command: {command}").format(command=command)
    pkexec = tools.which("pkexec")
    if not pkexec:
        raise NeedsAdministrator(needs, command)
    ran = tools.run([pkexec, str(tools.program), *what, "--yes", "--lang", language()])
    if ran.code in DISMISSED:
        raise NeedsAdministrator(needs, command)
    if ran.code:
        raise UpdateRefused(ran.said.splitlines()[-1] if ran.said else _("The installation failed."))


def install(
    package: Path,
    before: str,
    after: str,
    state: Path,
    tools: Tools,
    progress: Callable[[float], object],
) -> None:
    """Install *package* as root; on any failure put the version *before* back. Raises `UpdateRefused`."""
    _require_package(package, after, tools)
    _require_room(package, tools)
    _try_beside(package, tools)
    progress(0.5)
    packages = state / PACKAGES
    packages.mkdir(parents=True, exist_ok=True)
    former = _package(packages, before)
    if former is None:
        former = _repack(before, packages, package.parent, tools)
    progress(0.6)
    target = packages / f"medgui_{after}_{package.name.rpartition('_')[2]}"
    package.replace(target)
    progress(0.7)
    try:
        ran = tools.run(["dpkg", "-i", str(target)])
        if ran.code and _stands(before, tools):
            sentence = _("dpkg did not install the package, and nothing was changed: {reason}")
            raise UpdateRefused(sentence.format(reason=told(ran.said)))
        proved = tools.proves(PROGRAM) if not ran.code else ran
        if ran.code or proved.code:
            _put_back(former, before, state, tools, (ran.said if ran.code else proved.said))
    except UpdateRefused:
        target.unlink(missing_ok=True)
        raise
    for path in packages.glob("*.deb"):
        if path not in (target, former):
            path.unlink(missing_ok=True)


def _stands(version: str, tools: Tools) -> bool:
    """Tell whether dpkg has *version* installed and in order: it was busy, or refused before it unpacked."""
    ran = tools.run(["dpkg-query", "--show", "--showformat=${db:Status-Abbrev} ${Version}", "medgui"])
    words = ran.said.split()
    return not ran.code and len(words) == 2 and words[0] == "ii" and _plain(words[1]) == version


def _plain(debian: str) -> str:
    """The program's version by that of its package (packaging/linux/deb.py: debian_version)."""
    return _BETWEEN.sub("", debian).replace("~", "")


def go_back(version: str, present: str, state: Path, tools: Tools) -> None:
    """Install the kept package of *version* over the newer one; where it does not hold, the newer one again."""
    package = _package(state / PACKAGES, version)
    if package is None:
        raise UpdateRefused(_("No earlier version of the program is kept here."))
    ran = _downgrade(package, version, state, tools)
    if ran:
        newest = _package(state / PACKAGES, present)
        if newest is not None:
            tools.run(["dpkg", "-i", str(newest)])
        raise UpdateRefused(_("The earlier version could not be installed: {reason}").format(reason=ran))


def kept(state: Path, version: str) -> str:
    """The newest kept version before *version*; "" where there is none."""
    found = [v for v, _path in _packages(state / PACKAGES) if newer(version, v)]
    return max(found, key=order, default="")


def _packages(folder: Path) -> list[tuple[str, Path]]:
    found = []
    for path in folder.glob("medgui_*.deb"):
        match = _KEPT.fullmatch(path.name)
        if match:
            with suppress(ValueError):
                order(match[1])
                found.append((match[1], path))
    return found


def _package(folder: Path, version: str) -> Path | None:
    return next((path for v, path in _packages(folder) if order(v) == order(version)), None)


def _require_package(package: Path, version: str, tools: Tools) -> None:
    for field, wanted in (("Package", "medgui"), ("Version", version)):
        if _plain(_field(package, field, tools)) != wanted:
            raise UpdateRefused(_("The package in the update is not the one that it names."))


def _field(package: Path, name: str, tools: Tools) -> str:
    ran = tools.run(["dpkg-deb", "--field", str(package), name])
    return "" if ran.code else ran.said


def _require_room(package: Path, tools: Tools) -> None:
    """Room to unpack the new program beside and to put the old one together again, said before dpkg stumbles over it.

    Raises `OutputNotWritable`.
    """
    installed = _field(package, "Installed-Size", tools)
    needed = (int(installed) * 1024 if installed.isdecimal() else 0) + 2 * package.stat().st_size
    if shutil.disk_usage(package.parent).free < needed:
        sentence = _("There is no room for the update: {mb} MB more are needed on the disk of {folder}.")
        raise OutputNotWritable(sentence.format(mb=needed // 1_000_000 + 1, folder=package.parents[1]))


def _try_beside(package: Path, tools: Tools) -> None:
    """Unpack the new program where it harms nobody and let it test itself."""
    folder = package.parent / "trial"
    unpacked = tools.run(["dpkg-deb", "-x", str(package), str(folder)])
    ran = unpacked if unpacked.code else tools.proves(folder / PROGRAM.relative_to("/"))
    shutil.rmtree(folder, ignore_errors=True)
    if ran.code:
        raise not_proved(ran.said)


def not_proved(said: str) -> UpdateRefused:
    """The refusal of a program whose self-test failed."""
    sentence = _("The new program did not pass its own test, and the old one stands: {reason}")
    return UpdateRefused(sentence.format(reason=told(said)))


def told(said: str) -> str:
    """The one line of what a command said that names the fault: dpkg's first error, else the last line.

    What dpkg has against a package stands on the line after the one that names the package.
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if line.startswith("dpkg: error"):
            whole = " ".join(lines[number : number + 2]) if line.endswith(":") else line
            return whole[:300]
    return (lines[-1:] or ["?"])[0][:300]


def _put_back(former: Path | None, before: str, state: Path, tools: Tools, said: str) -> None:
    failed = _downgrade(former, before, state, tools) if former is not None else "?"
    if failed:
        sentence = _(
            "The new program failed and the old one could not be put back ({reason}). "
            "Install the package of version {version} by hand."
        )
        raise UpdateRefused(sentence.format(reason=failed[:300], version=before))
    raise not_proved(said)


def _downgrade(package: Path, version: str, state: Path, tools: Tools) -> str:
    """Install an earlier package as preinst allows it; "" where it holds, else what was said."""
    write_atomic(state / ALLOWED, f"{_field(package, 'Version', tools) or version}\n".encode(), private=True)
    try:
        ran = tools.run(["dpkg", "-i", str(package)])
        proved = ran if ran.code else tools.proves(PROGRAM)
    finally:
        (state / ALLOWED).unlink(missing_ok=True)
    return "" if not proved.code else told(proved.said)


def _repack(version: str, packages: Path, work: Path, tools: Tools) -> Path | None:
    """Put the installed package together again; None where that fails, since then an update is still possible."""
    root = work / "former"
    listed = tools.run_whole(["dpkg-query", "--listfiles", "medgui"])
    status = tools.run_whole(["dpkg-query", "--status", "medgui"])
    fields = _control(status.said)
    if listed.code or status.code or _plain(fields.get("Version", "")) != version:
        return None
    machine = fields.get("Architecture", "all")
    control = root / "DEBIAN"
    try:
        control.mkdir(parents=True)
        lines = [f"{name}: {value}" for name, value in fields.items()]
        (control / "control").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for name in _SCRIPTS:
            if (INSTALLED / INFO / f"medgui.{name}").is_file():
                shutil.copy(INSTALLED / INFO / f"medgui.{name}", control / name)
        for line in listed.said.splitlines():
            _copy_installed(Path(line), root)
        made = (
            work / "former.deb"
        )  # under its own name once it is whole: half a package would be taken for one
        ran = tools.run(["dpkg-deb", "--root-owner-group", "-Zzstd", "-z3", "--build", str(root), str(made)])
        return None if ran.code else made.replace(packages / f"medgui_{version}_{machine}.deb")
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _control(status: str) -> dict[str, str]:
    """The fields of a package's control file from what dpkg-query says of it."""
    fields: dict[str, str] = {}
    name = ""
    for line in status.splitlines():
        if line[:1] in (" ", "\t"):
            fields[name] = f"{fields.get(name, '')}\n{line}"
        else:
            name, _colon, value = line.partition(": ")
            name = name.rstrip(":")
            fields[name] = value
    for gone in ("Status", "Conffiles", "Config-Version"):
        fields.pop(gone, None)
    return fields


def _copy_installed(listed: Path, root: Path) -> None:
    path, target = INSTALLED / listed.relative_to("/"), root / listed.relative_to("/")
    if path.is_symlink():
        target.symlink_to(os.readlink(path))
    elif path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif path.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:  # dpkg never writes into a file that is there, so a second name of it keeps its content
            os.link(path, target)
        except OSError:
            shutil.copy2(path, target)
