"""Write a file so that its reader finds the old content or the new, never half of it; say why one cannot be."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from medgui.i18n import N_, _

_STREAMS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")
"""Names of streams that are open already, whatever file they lead to."""
_UNSUPPORTED = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOSYS)
"""What systems answer that cannot make a file without a name (Linux open(2), O_TMPFILE)."""

_REASONS = {
    errno.ENOENT: N_("it does not exist"),
    errno.EACCES: N_("no permission"),
    errno.EPERM: N_("no permission"),
    errno.EROFS: N_("the disk or folder is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
    errno.EFBIG: N_("the disk takes no file of this size"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("its folder is a file"),
    errno.EBADF: N_("it is closed"),
    errno.ELOOP: N_("its link leads in a circle"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.EIO: N_("the disk answers with a fault"),
    errno.ESTALE: N_("the network drive does not answer"),
}

_IN_USE = (32, 33)
"""What Windows answers where another program holds a file: ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION."""
_ACCESS_DENIED = 5
"""What Windows answers for both: no permission, and a file that is to be replaced and that a program has open."""
_TRIES, _PAUSE_S = 20, 0.05


def reason(error: OSError, *, writing: bool = False) -> str:
    """Why a file cannot be read or written, in the language in force; what is rare in the system's own words."""
    if writing and error.errno == errno.ENOENT:
        return _("its folder does not exist")
    windows = getattr(error, "winerror", None)
    if windows in _IN_USE:
        return _("another program has it open")
    if writing and windows == _ACCESS_DENIED:
        return _("no permission, or another program has it open")
    known = _REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or type(error).__name__


def write_atomic(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put *data* in the place of *path*, as `replacing` does. Raises `OSError`."""
    with replacing(path, private=private) as stream:
        stream.write(data)


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Give a stream whose content takes the place of *path* when the block ends, whole or not at all.

    A link keeps its place, what it points to is replaced. A device or pipe is written to directly. *private*
    files can be read by their owner only, from the first byte on; others keep the permissions of what they
    replace, or get the usual ones. Raises `OSError`; then, and where the block raises, *path* is as it was
    and nothing is left behind. On Linux nothing is left behind either where the process is killed: the file
    has no name until it is whole.
    """
    device = path.exists() and not path.is_file() and not path.is_dir()
    if device or str(path).startswith(_STREAMS):
        with path.open("wb") as stream:
            yield stream
        return
    target = Path(os.path.realpath(path))
    handle, temporary = _open_beside(target)
    try:
        with os.fdopen(handle, "wb") as stream:
            if not private:
                _give_mode(handle, temporary, _usual_mode(target))
            yield stream
            stream.flush()
            os.fsync(handle)
            if temporary is None:
                temporary = _name(handle, target)
        _take_place(temporary, target)
    except BaseException:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise


def _open_beside(target: Path) -> tuple[int, Path | None]:
    """A new file in the folder of *target*: its handle, and its name where it has one."""
    kind = getattr(os, "O_TMPFILE", 0)
    if kind and os.path.isdir("/proc/self/fd"):
        try:
            return os.open(target.parent, kind | os.O_WRONLY | os.O_CLOEXEC, 0o600), None
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".medgui-", suffix=".part")
    return handle, Path(name)


def _name(handle: int, target: Path) -> Path:
    """Give a whole file without a name one beside *target*."""
    temporary = target.with_name(f".medgui-{os.urandom(8).hex()}.part")
    # With src_dir_fd Python calls linkat, which alone follows the link in /proc to the file itself.
    os.link(f"/proc/self/fd/{handle}", temporary, src_dir_fd=handle, follow_symlinks=True)
    return temporary


def _take_place(temporary: Path, target: Path) -> None:
    """Put *temporary* in the place of *target*.

    On Windows a scanner for viruses may hold either file for a moment after it was written: it is tried again for a
    second. Whoever has the target open for longer is named in the error.
    """
    for left in range(_TRIES if sys.platform == "win32" else 1, 0, -1):
        try:
            temporary.replace(target)
            return
        except PermissionError:
            if left == 1:
                raise
            time.sleep(_PAUSE_S)


def lock(handle: int) -> None:
    """Wait until nobody else holds the file of *handle*; it is free again when *handle* is closed."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                return
            except OSError as error:
                if error.errno != errno.EDEADLK:  # which says: ten seconds have passed
                    raise
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)


def _give_mode(handle: int, temporary: Path | None, mode: int) -> None:
    if sys.platform == "win32":
        return  # a mode there is "read-only" or nothing, and a read-only file could not be taken away again
    if temporary is None:
        os.fchmod(handle, mode)
    else:
        temporary.chmod(mode)


def _usual_mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def holding(path: Path) -> Iterator[None]:
    """Hold the lock of the file *path*, made where there is none, while the block runs. Raises `OSError`."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        lock(handle)
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Let the names in *folder* outlast a loss of power; where a system cannot, its own order has to do."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def set_aside(path: Path) -> str:
    """Keep a damaged file under another name beside it and return that name. Raises `OSError`."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    path.replace(aside)
    return aside.name
