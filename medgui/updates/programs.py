"""The program itself, from the package that an update brings: which form it is, and what installs it.

Whatever the form: the payload is taken out of the checked copy against its signed hash, the new program tests itself
before it takes the place of the old one where that is possible, and after; where it does not hold the old one is put
back. It takes effect at the next start.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from medgui.errors import OutputNotWritable, UpdateRefused
from medgui.files import reason
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.installed import FORMS, Build
from medgui.paths import system_data_dir
from medgui.updates import deb, portable, setup
from medgui.updates.container import PAYLOAD, extract
from medgui.updates.description import Update
from medgui.updates.reading import Progress, Received, nowhere, state_dir
from medgui.updates.tools import Tools
from medgui.versions import newer

PATTERNS = {
    "deb": ("medgui_*.deb",),
    "portable": ("medgui-*.tar.zst",),
    "windows": ("medgui-*-setup.exe",),
    "macos": ("medgui-*.pkg", "medgui-*.dmg"),
}
_SYSTEMS = {"darwin": "macos", "win32": "windows", "win": "windows", "linux2": "linux"}
_MACHINES = {"amd64": "x86_64", "x64": "x86_64", "aarch64": "arm64"}
Effect = Literal["restart", "installer", "by_hand"]


@frozen
class Outcome:
    """What follows from an installation. *words*: what is left to the user, in a sentence."""

    effect: Effect
    before: str
    after: str
    words: str = ""


def form_of(name: str) -> str:
    """The form of a package by the name of its file; "" where it is none."""
    return next(
        (form for form, kinds in PATTERNS.items() if any(fnmatchcase(name, kind) for kind in kinds)), ""
    )


def system_name(name: str) -> str:
    """One name for each system, as Python and as other programs call it."""
    return _SYSTEMS.get(name.lower(), name.lower())


def machine_name(name: str) -> str:
    """One name for each kind of machine."""
    return _MACHINES.get(name.lower(), name.lower())


def refused_here(update: Update, build: Build) -> str:
    """Say why an update of the program cannot be installed on this computer; "" where it can."""
    if not build.packaged:
        sentence = _("Program updates are for installed packages; this is a {form}.")
        return sentence.format(form=build.form_title)
    here = (system_name(build.system), machine_name(build.machine), build.form)
    if here != (system_name(update.system), machine_name(update.machine), update.form):
        theirs = " ".join((update.system, update.machine, _(FORMS.get(update.form, update.form))))
        ours = " ".join((*here[:2], build.form_title))
        return _("This update is for another computer: {theirs}. This one is: {ours}.").format(
            theirs=theirs, ours=ours
        )
    if not newer(update.version, build.version):
        return _("This computer already has medgui {version}; the update brings {older}.").format(
            version=build.version, older=update.version
        )
    names = [name.removeprefix(PAYLOAD) for name in update.files]
    if len(names) != 1 or form_of(names[0]) != update.form or "/" in names[0]:
        return _("The update does not hold the one package that it should.")
    return ""


def install_program(
    received: Received, original: Path, build: Build, tools: Tools | None = None, progress: Progress = nowhere
) -> Outcome:
    """Install the new program. *original*: where the user has the file, for the command that an administrator types.

    Raises `UpdateRefused` where it does not hold, `deb.NeedsAdministrator` where this account may not install,
    `OutputNotWritable` where the disk is full or read-only; each time the old program stands.
    """
    tools = tools or Tools()
    refusal = refused_here(received.update, build)
    if refusal:
        raise UpdateRefused(refusal)
    update = received.update
    before, after = build.version, update.version
    try:
        if build.form == "deb" and not tools.administrator:
            deb.ask_administrator(received.container.path, original, tools)
            return Outcome("restart", before, after)
        package = _take_out(received, lambda share: progress(0.3 * share))
        if build.form == "deb":
            deb.install(package, before, after, _system(), tools, progress)
        elif build.form == "portable":
            portable.install(package, before, after, tools, progress)
        elif build.form == "windows":
            setup.install(package, before, state_dir(), tools)
            words = _(
                "The installer starts when medgui is closed. Close it in every session; open it again after a minute."
            )
            return Outcome("installer", before, after, words)
        else:
            kept = setup.keep(package, state_dir())
            words = _("Open {file} and drag medgui into Applications.").format(file=kept)
            return Outcome("by_hand", before, after, words)
    except OSError as error:
        sentence = _("The update cannot be installed, and nothing was changed: {reason}.")
        raise OutputNotWritable(sentence.format(reason=reason(error, writing=True))) from error
    progress(1.0)
    return Outcome("restart", before, after)


def _system() -> Path:
    """Where packages of all users are kept; their own folder where a test or a portable copy has no other."""
    return system_data_dir() or state_dir()


def _take_out(received: Received, progress: Progress) -> Path:
    ((name, listed),) = received.update.files.items()
    target = received.folder / name.removeprefix(PAYLOAD)
    done = 0

    def taken(number: int) -> None:
        nonlocal done
        done += number
        progress(done / (listed.size or 1))

    extract(received.container, name, listed.sha256, target, taken)
    return target


def version_before(build: Build, tools: Tools | None = None) -> str:
    """The version that a roll-back of the program would bring; "" where none is kept."""
    tools = tools or Tools()
    return {
        "deb": lambda: deb.kept(_system(), build.version),
        "portable": lambda: portable.kept(tools.program, build.version),
        "windows": lambda: setup.kept(state_dir(), build.version),
    }.get(build.form, lambda: "")()


def roll_back_program(build: Build, tools: Tools | None = None) -> Outcome:
    """Put the version of before in place. Raises as `install_program`."""
    tools = tools or Tools()
    before = version_before(build, tools)
    if not before:
        raise UpdateRefused(_("No earlier version of the program is kept here."))
    if build.form == "deb":
        if not tools.administrator:
            deb.ask_administrator(None, None, tools)
        else:
            deb.go_back(before, build.version, _system(), tools)
    elif build.form == "portable":
        portable.go_back(tools.program, before, tools)
    else:
        kept = setup.package_of(before, state_dir())  # setup refuses an older version over a newer one
        words = _("Uninstall medgui, which leaves all data, then run {file}.").format(file=kept)
        return Outcome("by_hand", build.version, before, words)
    return Outcome("restart", build.version, before)
