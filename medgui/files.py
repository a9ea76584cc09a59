"""Write a file so that its reader finds the old content or the new, never half of it; say why one cannot be."""

import errno
import os
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


def reason(error: OSError, *, writing: bool = False) -> str:
    """Why a file cannot be read or written, in the language in force; what is rare in the system's own words."""
    if writing and error.errno == errno.ENOENT:
        return _("its folder does not exist")
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
        temporary.replace(target)
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


def _give_mode(handle: int, temporary: Path | None, mode: int) -> None:
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


def set_aside(path: Path) -> str:
    """Keep a damaged file under another name beside it and return that name. Raises `OSError`."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    path.replace(aside)
    return aside.name
