"""The bare Debian on which the package is tried: debootstrap's smallest, what the package depends on, two users.

Made once with a network, kept under `build/proof`, and never run in: a `Machine` lays its own changes over it. Nothing
of the machine that builds reaches it: no Python, no screen, no settings, no font but those that a dependency brings.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from tests.helpers.command_line import ROOT

SUITE = os.environ.get("MEDGUI_DEBIAN_SUITE", "bookworm")
MIRROR = os.environ.get("MEDGUI_DEBIAN_MIRROR", "")  # else the one that debootstrap itself knows
KEPT = ROOT / "build" / "proof"
USERS = {"doctor": 1000, "nurse": 1001}
PROGRAMS = {
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "chroot": "coreutils",
    "ip": "iproute2",
    "dpkg-deb": "dpkg",
}
"""Programs that the proof needs, each with its Debian package."""


class NotMade(Exception):
    """The base cannot be made here; the text says why."""


def lacking() -> str:
    """Why no package can be proven on this machine, in words; "" where nothing stands in the way."""
    if sys.platform != "linux":
        return "a Debian package is tried on Linux"
    absent = {name: package for name, package in PROGRAMS.items() if shutil.which(name) is None}
    if absent:
        packages = " ".join(sorted(set(absent.values())))
        return f"{', '.join(absent)} not found (apt-get install {packages})"
    if os.geteuid() != 0:
        return "only root may make a chroot in its own network namespace (sudo make package-test)"
    probe = subprocess.run(["unshare", "-n", "-m", "-p", "--fork", "true"], capture_output=True, check=False)
    if probe.returncode:
        return f"this machine gives no namespaces: {probe.stderr.decode(errors='replace').strip()}"
    return ""


def package() -> Path | None:
    """The package to try: MEDGUI_PACKAGE, else the newest that `make package` left in `dist`."""
    named = os.environ.get("MEDGUI_PACKAGE")
    if named:
        return Path(named).resolve()
    found = sorted((ROOT / "dist").glob("*.deb"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def field(deb: Path, name: str) -> str:
    """One field of a package's control file, on one line."""
    told = subprocess.run(["dpkg-deb", "-f", str(deb), name], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split())


def folder(deb: Path) -> Path:
    """Where the base for this package is kept; it may not exist yet. The newest base of the suite is taken."""
    needs = hashlib.sha256(f"{field(deb, 'Pre-Depends')}\n{field(deb, 'Depends')}".encode()).hexdigest()[:12]
    return _bare() / f"with-{needs}"


def _bare() -> Path:
    made = sorted(path for path in KEPT.glob(f"{SUITE}-*") if (path / "bare").is_dir())
    return made[-1] if made else KEPT / f"{SUITE}-{date.today():%Y%m%d}"


def make(deb: Path) -> Path:
    """Give the folder of the base for this package; make it, with a network, where it is not kept."""
    ready = folder(deb)
    if ready.is_dir():
        return ready
    bare = ready.parent / "bare"
    if not bare.is_dir():
        half = ready.parent / "bare.part"
        _remove(half)
        half.parent.mkdir(parents=True, exist_ok=True)
        _call("debootstrap", "--variant=minbase", SUITE, str(half), *filter(None, [MIRROR]))
        half.rename(bare)
    half = ready.with_suffix(".part")
    _remove(half)
    _call("cp", "-a", str(bare), str(half))
    _prepare(half, deb)
    half.rename(ready)
    return ready


def _prepare(base: Path, deb: Path) -> None:
    """Install what the package depends on, and add the users. The package itself is not there yet."""
    shutil.copy("/etc/resolv.conf", base / "etc" / "resolv.conf")
    needs = ", ".join(filter(None, (field(deb, "Pre-Depends"), field(deb, "Depends"))))
    users = "".join(f"useradd --uid {uid} --create-home {name}\n" for name, uid in USERS.items())
    options = (
        "-qq -y --no-install-recommends -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false"
    )
    script = f'set -e\n{users}apt-get -qq update\napt-get satisfy {options} "$1"\napt-get clean\n'
    # A mount namespace of its own: whatever happens, /proc is gone with the last process in it.
    enter = 'mount -t proc proc "$1/proc" && exec chroot "$1" sh -c "$2" sh "$3"'
    _call("unshare", "--mount", "--pid", "--fork", "sh", "-c", enter, "sh", str(base), script, needs)
    (base / "etc" / "resolv.conf").unlink()


def _call(*command: str) -> None:
    """Run a step; what it said becomes the reason where it fails."""
    clean = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "DEBIAN_FRONTEND": "noninteractive",
    }
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    done = subprocess.run(command, env={**proxies, **clean}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMade(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-600:]}")


def _remove(tree: Path) -> None:
    """Take away a half-made tree. Mounts are made in namespaces of their own, so none can be here; look anyway."""
    if not tree.exists():
        return
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    inside = [place for place in mounted if Path(place).is_relative_to(tree)]
    if inside:
        raise NotMade(f"{inside[0]} is mounted; unmount it, then remove {tree}")
    shutil.rmtree(tree)
