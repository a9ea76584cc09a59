"""The clinic's own signing key: made once, kept in `keys` of the user's data, never overwritten.

`clinic.key` is the private key (PEM, PKCS #8, Ed25519, readable by its owner alone), `clinic.pub` the public one,
which `medgui.inference.signatures.default_trust` trusts. Whoever has the private key can make models that this
computer accepts; whoever loses it cannot sign again, but what was signed stays valid as long as the public key is
there.
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from medgui.errors import DamagedData, OutputNotWritable, UserError
from medgui.files import reason
from medgui.i18n import _
from medgui.inference.sign import load_private_key
from medgui.inference.signatures import place, read_public_key
from medgui.paths import user_data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PRIVATE, PUBLIC = "clinic.key", "clinic.pub"
SIGNER = "clinic key of this computer"
"""The name of the signer in a signed list."""


def clinic_key(folder: Path | None = None) -> Ed25519PrivateKey:
    """The clinic's private key from *folder* (default: `keys` of the user's data); made where there is none.

    Raises `DamagedData` where a key file cannot be read or the two do not belong together, `UserError` where only
    the public one is there, `OutputNotWritable` where a new pair cannot be kept.
    """
    folder = user_data_dir() / "keys" if folder is None else folder
    private, public = folder / PRIVATE, folder / PUBLIC
    if not private.exists():
        if public.exists():
            sentence = _(
                "{file} is missing: bring the private key that belongs to {public} back from a backup, "
                "or move {public} away so that a new pair is made."
            )
            raise UserError(sentence.format(file=place(private), public=place(public)))
        _make(folder, private)
    key = _read(private)
    _publish(key, public)
    return key


def _make(folder: Path, private: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with _kept(private):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create(private, text, 0o600)


def _read(private: Path) -> Ed25519PrivateKey:
    try:
        if os.name == "posix" and private.stat().st_mode & 0o077:
            private.chmod(0o600)
        text = private.read_bytes()
    except OSError as error:
        raise DamagedData(_("{file} cannot be read.").format(file=place(private))) from error
    try:
        return load_private_key(text)
    except UserError as error:
        sentence = _("{file} is not the private key of a clinic; bring it back from a backup.")
        raise DamagedData(sentence.format(file=place(private))) from error


def _publish(key: Ed25519PrivateKey, public: Path) -> None:
    """Write the public key where there is none yet; one that belongs to another private key is refused."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    own = key.public_key()
    if not public.exists():
        with _kept(public):
            _create(public, own.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644)
    if read_public_key(public, "clinic").raw != own.public_bytes_raw():
        sentence = _("{public} does not belong to the private key {file}; bring the pair back from a backup.")
        raise DamagedData(sentence.format(public=place(public), file=place(public.with_name(PRIVATE))))


def _create(path: Path, content: bytes, mode: int) -> None:
    """Make a file that is whole from the moment it has its name; one that is there stays as it is."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".medgui-", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            temporary.chmod(mode)
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
        except OSError as error:  # a disk that knows no second names
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL):
                raise
            if not path.exists():
                temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _kept(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = _("{file} cannot be written: {reason}.")
        raise OutputNotWritable(
            sentence.format(file=place(path), reason=reason(error, writing=True))
        ) from error
