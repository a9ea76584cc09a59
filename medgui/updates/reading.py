"""From the stick to a checked copy: nothing of an update is used before it lies on this computer's own disk.

A stick can change between two looks, or be pulled out. So the file is copied first, into a folder of the user's
own, and only the copy is ever read: its form, then the Ed25519 signature of `update.json` by a key that this build
trusts for this kind, then what the description says. The payload stays in the copy until `container.extract`
compares each file with its signed hash.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from medgui.errors import OutputNotWritable, UnreadableFile, UpdateRefused
from medgui.files import reason
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.signatures import PublicKey, Trust, default_trust
from medgui.paths import system_data_dir, user_data_dir
from medgui.updates.container import (
    CHUNK,
    DESCRIPTION,
    LARGEST,
    LARGEST_DESCRIPTION,
    SIGNATURE,
    Container,
    changed,
    read_container,
)
from medgui.updates.description import Update, parse

INCOMING = ".incoming-"
STALE = 24 * 3600
Progress = Callable[[float], object]


def nowhere(_share: float) -> None:
    """Tell nobody how far the work is."""


@frozen
class Received:
    """An update whose signature holds, as a copy in *folder*; use it as a context, the copy goes at the end."""

    update: Update
    key: PublicKey
    container: Container
    folder: Path
    sha256: str

    def __enter__(self) -> Received:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def discard(self) -> None:
        """Take the copy away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def receive(path: Path, trust: Trust | None = None, progress: Progress = nowhere) -> Received:
    """Copy the update file *path* and check the copy.

    Raises `UnreadableFile` where it cannot be read or is damaged, `UpdateRefused` where it is not signed by a trusted
    key, is of a newer schema or sets a trap, `OutputNotWritable` where there is no room for the copy.
    """
    folder = _incoming()
    try:
        copy = folder / "update"
        digest = _copy(path, copy, progress)
        container = read_container(copy)
        content = container.read(DESCRIPTION, LARGEST_DESCRIPTION)
        key = _signer(content, container, trust or default_trust())
        update = parse(content)
        _require_key(update, key)
        _require_files(update, container)
        return Received(update, key, container, folder, digest)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def state_dir() -> Path:
    """Where what belongs to updates is kept: of all users where this account may write there, else of this user."""
    system = system_data_dir()
    if system is not None and may_write(system):
        return system
    return user_data_dir() / "updates"


def may_write(system: Path) -> bool:
    """Tell whether this account may write below *system*; on Windows only one with all rights may.

    There any account may make folders in %ProgramData%, and others would read what it puts there.
    """
    if os.name == "nt":
        import ctypes

        return bool(getattr(ctypes, "windll").shell32.IsUserAnAdmin())  # noqa: B009 - other systems have none
    nearest = next((each for each in (system, *system.parents) if each.exists()), None)
    return nearest is not None and nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _incoming() -> Path:
    """A new folder that only this user can look into; what earlier ones left behind for a day goes."""
    base = state_dir()
    try:
        base.mkdir(parents=True, exist_ok=True)
        for old in base.glob(f"{INCOMING}*"):
            if time.time() - old.stat().st_mtime > STALE:
                shutil.rmtree(old, ignore_errors=True)
        folder = base / f"{INCOMING}{os.urandom(6).hex()}"
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise _no_room(error) from error
    return folder


def _copy(path: Path, copy: Path, progress: Progress) -> str:
    """Copy *path* and give the SHA-256 of the copy, read again from the disk."""
    try:
        size = path.stat().st_size
        source = path.open("rb")
    except OSError as error:
        sentence = _("The update cannot be read: {reason}.")
        raise UnreadableFile(sentence.format(reason=reason(error))) from error
    with source:
        if size > LARGEST:
            raise UnreadableFile(_("This is no update file: it is too large."))
        first = _written(source, copy, size, progress)
    found = hashlib.sha256()
    with copy.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    if found.hexdigest() != first:
        raise UnreadableFile(
            _("The copy of the update is not what was read. The disk or the stick has a fault.")
        )
    return first


def _written(source: object, copy: Path, size: int, progress: Progress) -> str:
    found, done = hashlib.sha256(), 0
    read = getattr(source, "read")  # noqa: B009 - any stream
    try:
        free = shutil.disk_usage(copy.parent).free
        out = copy.open("xb")
    except OSError as error:
        raise _no_room(error) from error
    if free < 2 * size:
        out.close()
        sentence = _("There is no room for the update: {mb} MB are needed, twice its size.")
        raise OutputNotWritable(sentence.format(mb=2 * size // 1_000_000 + 1))
    with out:
        while True:
            try:
                chunk = read(CHUNK)
            except OSError as error:
                sentence = _("The update cannot be read: {reason}.")
                raise UnreadableFile(sentence.format(reason=reason(error))) from error
            done += len(chunk)
            if done > LARGEST:
                raise UnreadableFile(_("This is no update file: it is too large."))
            found.update(chunk)
            try:
                out.write(chunk)
                if not chunk:
                    out.flush()
                    os.fsync(out.fileno())
                    return found.hexdigest()
            except OSError as error:
                raise _no_room(error) from error
            progress(done / size if size else 1.0)


def _no_room(error: OSError) -> OutputNotWritable:
    sentence = _("The update cannot be copied to this computer: {reason}.")
    return OutputNotWritable(sentence.format(reason=reason(error, writing=True)))


def _signer(content: bytes, container: Container, trust: Trust) -> PublicKey:
    """The trusted key whose signature holds for *content*. Raises `UpdateRefused` where there is none."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if SIGNATURE not in container.entries:
        raise UpdateRefused(_("This update is not signed."))
    signature = container.read(SIGNATURE, 64)
    for key in (*trust.keys, *trust.rejected):
        try:
            Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, content)
        except InvalidSignature:
            continue
        if key in trust.keys:
            return key
        raise UpdateRefused(
            _("This update is signed with the development key, which a release does not accept.")
        )
    raise UpdateRefused(
        _("This update is not signed by a key that is trusted here, or it was changed after it was signed.")
    )


def _require_key(update: Update, key: PublicKey) -> None:
    if update.kind == "program" and key.kind == "clinic":
        raise UpdateRefused(_("A clinic’s key may sign models, but never the program."))


def _require_files(update: Update, container: Container) -> None:
    """The file holds what the description lists, no more, no less, and each as it was signed.

    `extract` looks again; here a stick that has a fault is found before anybody asks an administrator, or says yes.
    """
    held = {name: entry.size for name, entry in container.entries.items()}
    del held[DESCRIPTION], held[SIGNATURE]
    if held != {name: each.size for name, each in update.files.items()}:
        raise UpdateRefused(_("The update does not hold the files that its signed list names."))
    for name, listed in update.files.items():
        if container.digest(name) != listed.sha256:
            raise changed(name)
