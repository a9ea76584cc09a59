"""Write a file so that its reader finds the old content or the new, never half of it."""

import os
import tempfile
from pathlib import Path


def write_atomic(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write *data* beside *path*, flush it to the disk, then put it in place in one step.

    *private* files can be read by their owner only, from the first byte on. Other files keep the permissions
    of what they replace, or get the usual ones. Raises `OSError`; then *path* is as it was and nothing is
    left behind.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            if not private:
                temporary.chmod(_usual_mode(path))
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _usual_mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
