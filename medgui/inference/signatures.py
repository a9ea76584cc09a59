"""Ed25519 signatures over a folder of bundles: which keys are trusted, and what a signed list says.

`SIGNATURES` is a text:

    medgui signatures 1
    signer: <name of the key>
    date: 2026-11-21
    key: <first 16 hex digits of the SHA-256 of the raw public key>

    <sha256>  <bundle>/<file>
    …

    signature: <base64 of the Ed25519 signature over every byte above this line>

The list is checked as a whole when a catalogue is loaded; the files against it when they are used
(`medgui.inference.bundle`). Public keys are PEM files (SubjectPublicKeyInfo, as OpenSSL writes them).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal

from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.paths import resources_dir, user_data_dir

FILE_NAME = "SIGNATURES"
HEADER = "medgui signatures 1"
KeyKind = Literal["release", "development", "clinic"]

# SubjectPublicKeyInfo of an Ed25519 key is this prefix and 32 raw bytes (RFC 8410, section 4).
_DER_PREFIX = bytes.fromhex("302a300506032b6570032100")
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


@frozen
class PublicKey:
    """A trusted Ed25519 key: 32 raw bytes, where it came from, and the name of its file."""

    raw: bytes
    kind: KeyKind
    name: str

    @property
    def id(self) -> str:
        """The id that a signed list names."""
        return key_id(self.raw)


@frozen
class Trust:
    """The keys whose signatures count. In a release the development key is in `rejected`, to be named in words."""

    keys: tuple[PublicKey, ...]
    release: bool = False
    rejected: tuple[PublicKey, ...] = ()


@frozen
class SignedList:
    """A list whose signature holds: path below the folder ("cad/model.onnx") to SHA-256, and who signed it."""

    files: Mapping[str, str]
    signer: str
    date: str
    key: PublicKey = field(repr=False)

    def bundles(self) -> dict[str, dict[str, str]]:
        """The files of each bundle, named below its folder."""
        found: dict[str, dict[str, str]] = {}
        for path, digest in self.files.items():
            bundle_id, _slash, name = path.partition("/")
            if name:
                found.setdefault(bundle_id, {})[name] = digest
        return found


def place(path: Path) -> str:
    """Name a file of medgui's own to the user: by its folder and name, without the path of this machine."""
    return "/".join(path.parts[-2:])


def key_id(raw: bytes) -> str:
    """Name a public key by the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(raw).hexdigest()[:16]


def read_public_key(path: Path, kind: KeyKind) -> PublicKey:
    """Read a PEM public key. Raises `DamagedData` where it is none of Ed25519."""
    try:
        lines = path.read_text(encoding="ascii").strip().splitlines()
        framed = lines[:1] == ["-----BEGIN PUBLIC KEY-----"] and lines[-1:] == ["-----END PUBLIC KEY-----"]
        der = base64.b64decode("".join(lines[1:-1]), validate=True) if framed else b""
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise DamagedData(_("{file} is not an Ed25519 public key.").format(file=place(path))) from error
    if len(der) != len(_DER_PREFIX) + 32 or not der.startswith(_DER_PREFIX):
        raise DamagedData(_("{file} is not an Ed25519 public key.").format(file=place(path)))
    return PublicKey(der[len(_DER_PREFIX) :], kind, path.stem)


def default_trust(keys: Path | None = None, clinic: Path | None = None) -> Trust:
    """The keys of this build and this computer.

    `resources/keys/release.pub` makes the build a release: then it and the clinic's own keys count, and the
    development key is rejected even where a clinic's folder holds a copy. Without it the development key
    counts. Clinic keys are the `*.pub` files in `keys` of the user's data folder.
    """
    keys = resources_dir() / "keys" if keys is None else keys
    clinic = user_data_dir() / "keys" if clinic is None else clinic
    development = _keys([keys / "development.pub"], "development")
    own = _keys(sorted(clinic.glob("*.pub")), "clinic")
    release = _keys([keys / "release.pub"], "release")
    if not release:
        return Trust((*development, *own))
    barred = {key.raw for key in development}
    kept = tuple(key for key in (*release, *own) if key.raw not in barred)
    return Trust(kept, release=True, rejected=tuple(development))


def _keys(paths: Iterable[Path], kind: KeyKind) -> list[PublicKey]:
    return [read_public_key(path, kind) for path in paths if path.is_file()]


def read_signatures(folder: Path, trust: Trust) -> SignedList:
    """Read and check `folder/SIGNATURES`. Raises `DamagedData` with a sentence where it does not hold."""
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedData(
            _("{file} is missing, so the models are not signed.").format(file=place(path))
        ) from error
    body, marker, tail = content.rpartition(b"\nsignature: ")
    try:
        signature = base64.b64decode(tail.strip(), validate=True)
        lines = body.decode("utf-8").split("\n")
        header = _header(lines) if marker else {}
    except (UnicodeDecodeError, binascii.Error, ValueError) as error:
        raise DamagedData(_("{file} is damaged.").format(file=place(path))) from error
    if not header:
        raise DamagedData(_("{file} is damaged.").format(file=place(path)))
    key = _trusted(header["key"], trust, path)
    _verify(key, signature, body + b"\n", path)
    return SignedList(_files(lines[5:], path), header["signer"], header["date"], key)


def _header(lines: list[str]) -> dict[str, str]:
    """The four lines of the header; `ValueError` where they are not what the format says."""
    if len(lines) < 5 or lines[0] != HEADER or lines[4]:
        raise ValueError("header")
    pairs = [line.split(": ", 1) for line in lines[1:4]]
    if [pair[0] for pair in pairs] != ["signer", "date", "key"] or any(len(pair) != 2 for pair in pairs):
        raise ValueError("header")
    return dict(pairs)


def _trusted(wanted: str, trust: Trust, path: Path) -> PublicKey:
    for key in trust.keys:
        if key.id == wanted:
            return key
    if any(key.id == wanted for key in trust.rejected):
        sentence = _("{file} is signed with the development key, which a release does not accept.")
        raise DamagedData(sentence.format(file=place(path)))
    raise DamagedData(
        _("{file} is signed with a key that is not trusted here: {key}.").format(file=place(path), key=wanted)
    )


def _verify(key: PublicKey, signature: bytes, message: bytes, path: Path) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, message)
    except InvalidSignature as error:
        raise DamagedData(_("{file} was changed after it was signed.").format(file=place(path))) from error


def _files(lines: list[str], path: Path) -> dict[str, str]:
    files: dict[str, str] = {}
    for line in lines:
        if not line:
            continue
        match = _LINE.fullmatch(line)
        parts = match[2].split("/") if match and not set(match[2]) & set("\\:\0") else [".."]
        if match is None or ".." in parts or "" in parts or match[2] in files:
            raise DamagedData(_("{file} is damaged.").format(file=place(path)))
        files[match[2]] = match[1]
    return files


def listed_files(folder: Path) -> list[Path]:
    """Every file below *folder* that a signature covers, in order: no caches, no hidden files, not the list."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not hidden and path != folder / FILE_NAME:
            found.append(path)
    return found


def signed_text(folder: Path, signer: str, date: str, public: bytes) -> bytes:
    """The bytes that a signature of *folder* covers."""
    files = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in listed_files(folder)
    }
    return list_text(files, signer, date, public)


def list_text(files: Mapping[str, str], signer: str, date: str, public: bytes) -> bytes:
    """The bytes of a list of *files* (path to SHA-256) that a signature covers."""
    lines = [HEADER, f"signer: {signer}", f"date: {date}", f"key: {key_id(public)}", ""]
    lines += [f"{digest}  {path}" for path, digest in files.items()]
    return ("\n".join(lines) + "\n\n").encode("utf-8")
