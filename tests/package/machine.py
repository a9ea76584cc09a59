"""A machine without a network: its own network, mount and process namespaces over the bare base.

One process keeps the namespaces and ends when its standard input is closed, which the kernel does even where the tests
are killed. With it go every process inside and every mount: nothing has to be cleaned up, and nothing outside ever
sees a mount that a removal could follow.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.command_line import Done
from tests.package.base import USERS

PROGRAM = Path("/usr/lib/medgui")
DATA = PROGRAM / "_internal" / "medgui" / "_data"
X_SOCKETS = Path("/tmp/.X11-unix")
SETUP = """
set -e
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
cd "$2/root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -m 1777 dev/shm tmp/.X11-unix
mount -t tmpfs -o mode=1777 tmpfs "$3"
mount --bind "$3" tmp/.X11-unix
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
echo ready
exec cat
"""
"""Runs as the first process of the namespaces. $1: the base, $2: room for the changes, $3: where X servers
put their sockets. That place is the machine's own: a server of its own would take number 0, and with it the socket of a
real screen."""


@dataclass(frozen=True)
class Machine:
    """A running machine. *pid* is its first process, *root* its root folder, as seen from outside."""

    pid: int
    inside: Path

    @property
    def root(self) -> Path:
        """The root folder as this process reaches it: through the mounts of the first process."""
        return Path(f"/proc/{self.pid}/root{self.inside}")

    def path(self, place: str | Path) -> Path:
        """A file of the machine, as this process reaches it."""
        return self.root / str(place).lstrip("/")

    def enter(self, *command: str) -> list[str]:
        """The command line that runs *command* in the namespaces, still with the root folder of this machine."""
        return ["nsenter", "--target", str(self.pid), "--net", "--mount", "--pid", "--", *command]

    def beside(self, folder: Path) -> list[str]:
        """What starts a program of *this* system where the machine's network and screens are."""
        return ["nsenter", "--target", str(self.pid), "--net", "--mount", f"--wd={folder}", "--"]

    def command(
        self, arguments: Sequence[str | Path], *, user: str = "doctor", folder: str = "", **variables: str
    ) -> list[str]:
        """The command line that runs a program as a user of the machine, with that user's variables and no others."""
        home = "/root" if user == "root" else f"/home/{user}"
        own = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": home,
            "USER": user,
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            **variables,
        }
        settings = [f"{name}={value}" for name, value in own.items() if value]
        line = f'cd {shlex.quote(folder or home)} && exec "$@"'
        who = str(USERS.get(user, 0))
        return self.enter(
            "chroot",
            f"--userspec={who}:{who}",
            "--groups=",
            str(self.inside),
            "/usr/bin/env",
            "-i",
            *settings,
            "/bin/sh",
            "-c",
            line,
            "sh",
            *map(str, arguments),
        )

    def run(self, *arguments: str | Path, seconds: float = 300, **more: str) -> Done:
        """Run a program to its end; *more* are `user`, `folder` and variables."""
        done = subprocess.run(
            self.command(arguments, **more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))

    @contextmanager
    def running(self, *arguments: str | Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """A program that goes on beside the test; it is ended with the block."""
        process = subprocess.Popen(
            self.command(arguments, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            end(process)

    def mount(self, *arguments: str) -> None:
        """Mount something inside; it goes with the machine."""
        subprocess.run(self.enter("mount", *arguments), check=True)

    def put(self, place: str | Path, data: bytes, user: str = "doctor") -> None:
        """Write a file that belongs to a user."""
        path = self.path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.chown(path, USERS.get(user, 0), USERS.get(user, 0))


def children(pid: int) -> list[int]:
    """Processes that a process has started and that still run."""
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(each) for task in tasks for each in (task / "children").read_text().split()]
    return []


def end(process: subprocess.Popen[bytes], how: int = signal.SIGKILL) -> None:
    """End a program of a machine: `nsenter` passes no signal on, so its child is told."""
    for each in children(process.pid) or [process.pid] * (process.poll() is None):
        with suppress(ProcessLookupError):
            os.kill(each, how)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


@contextmanager
def machine(base: Path, layers: Sequence[Path] = (), keep: Path | None = None) -> Iterator[Machine]:
    """Start a machine over *base* (and *layers* above it); its changes go to *keep*, else with it."""
    with tempfile.TemporaryDirectory(prefix="medgui-proof-", dir=base.parent) as made:
        room = (keep or Path(made)).resolve()  # a link in it would lead out of the machine
        for name in ("upper", "work", "root"):
            (room / name).mkdir(parents=True, exist_ok=True)
        X_SOCKETS.mkdir(mode=0o1777, exist_ok=True)
        lower = ":".join(str(path) for path in (*reversed(layers), base))
        keeper = subprocess.Popen(
            [
                *("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
                *("--propagation", "private", "sh", "-c", SETUP, "sh", lower, str(room), str(X_SOCKETS)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        assert keeper.stderr is not None
        try:
            if keeper.stdout.readline() != b"ready\n":
                raise RuntimeError(f"no machine: {keeper.stderr.read().decode(errors='replace')}")
            (first,) = children(keeper.pid)
            yield Machine(first, room / "root")
        finally:
            keeper.stdin.close()
            keeper.wait(60)
            keeper.stdout.close()
            keeper.stderr.close()
