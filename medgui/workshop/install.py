"""Put a finished bundle into `models` of the user's data and sign the list there with the clinic's key.

The bundle is copied into a hidden folder beside the others, proven there, and gets its name by one rename; the list
is replaced at the end. Nothing else in the folder is vouched for: what the old list said of the older bundles is
carried over line by line, so that a file that was changed after it was signed stays refused. Where the process is
killed the list is the old one; what it left behind is cleared by the next installation.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from medgui.errors import DamagedData, OutputNotWritable, UserError
from medgui.files import holding, reason, write_atomic
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.catalogue import installed_sets, open_bundle
from medgui.inference.manifest_io import FILE_NAME as MANIFEST_NAME
from medgui.inference.manifest_io import read_manifest
from medgui.inference.signatures import (
    FILE_NAME,
    PublicKey,
    SignedList,
    default_trust,
    list_text,
    listed_files,
    place,
    read_signatures,
)
from medgui.paths import models_dir, own_models_dir
from medgui.workshop.clinic_key import SIGNER, clinic_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

STAGING = ".installing-"
_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""Names that no folder can have on Windows: a bundle has to be one that every system can hold."""


@frozen
class Installed:
    """Where a bundle went, and the id of the key that signed it."""

    id: str
    folder: Path
    key: str


def free_id(wanted: str) -> str:
    """An id made of *wanted* (letters, digits, _) that no bundle has, shipped or own: "x", else "x_2", "x_3"…"""
    name = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:50] or "model"
    name = name if name[0].isalpha() else f"model_{name}"[:50]
    folders = (models_dir(), own_models_dir(), *(each.folder for each in installed_sets()[0]))
    taken = {path.name for folder in folders for path in folder.glob("*/")}
    number = 1
    while (found := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    return found


def install(
    bundle: Path,
    *,
    models: Path | None = None,
    key: Ed25519PrivateKey | None = None,
    day: str = "",
    archive: Path | None = None,
) -> Installed:
    """Install the finished folder *bundle*, named as its manifest's id. The folder itself is left as it is.

    models: where to (default: the clinic's own). key: signs (default: the clinic's, made where there is none).
    archive: a free path on the same disk; then an older bundle of this id moves there instead of being refused.
    Raises `DamagedData` where the bundle or the list of the older ones is not sound, `UserError` where its id is
    taken, `OutputNotWritable` where the disk is full or read-only; then everything is as it was.
    """
    models = own_models_dir() if models is None else models
    read_manifest(bundle)
    _check_name(bundle.name, models)
    key = clinic_key() if key is None else key
    public = PublicKey(key.public_key().public_bytes_raw(), "clinic", "clinic")
    with _writing(models):
        models.mkdir(parents=True, exist_ok=True)
        with holding(models / ".lock"):  # two at once would each write a list without the other's bundle
            older = _older(models, public)
            _clear(models, older)
            taken = (models / bundle.name).exists() or f"{bundle.name}/{MANIFEST_NAME}" in older
            if taken and archive is None:
                raise UserError(_("There is a model “{model}” already.").format(model=bundle.name))
            _put(bundle, models, older, key, public, day or date.today().isoformat(), archive)
    return Installed(bundle.name, models / bundle.name, public.id)


def require_free(name: str, models: Path) -> None:
    """Raise `UserError` where a bundle of this id cannot be added to *models*, before anybody spends time on it."""
    _check_name(name, models)
    if (models / name).exists():
        raise UserError(_("There is a model “{model}” already.").format(model=name))


def _check_name(name: str, models: Path) -> None:
    if not _ID.fullmatch(name) or name in _DEVICES:
        sentence = _("“{model}” cannot be the id of a model: small letters, digits and _ are allowed.")
        raise UserError(sentence.format(model=name))
    if (models_dir() / name).is_dir() and models != models_dir():
        raise UserError(_("There is a model “{model}” already.").format(model=name))


def _older(models: Path, public: PublicKey) -> Mapping[str, str]:
    """What the list says so far. A folder whose list does not hold is not signed anew: that would launder it."""
    if not (models / FILE_NAME).exists():
        return {}
    trust = default_trust()
    keys = (*trust.keys, *(() if any(each.id == public.id for each in trust.keys) else (public,)))
    try:
        return read_signatures(models, type(trust)(keys, trust.release, trust.rejected)).files
    except DamagedData as error:
        sentence = _("No model can be added, because the list of the older ones does not hold: {reason}")
        raise DamagedData(sentence.format(reason=error)) from error


def _put(
    bundle: Path,
    models: Path,
    older: Mapping[str, str],
    key: Ed25519PrivateKey,
    public: PublicKey,
    day: str,
    archive: Path | None = None,
) -> None:
    staging = models / f"{STAGING}{os.urandom(6).hex()}"
    staged, target = staging / bundle.name, models / bundle.name
    try:
        own = _copy(bundle, staged)
        _prove(staged, own, public)
        kept = {path: digest for path, digest in older.items() if not path.startswith(f"{bundle.name}/")}
        text = list_text({**kept, **own}, SIGNER, day, public.raw)
        signature = base64.b64encode(key.sign(text)).decode("ascii")
        former = archive if target.exists() else None
        (staging / f"{bundle.name}.name").write_text(str(former or ""), encoding="utf-8")
        try:
            if former is not None:
                former.parent.mkdir(parents=True, exist_ok=True)
                target.rename(former)
            staged.rename(target)
            write_atomic(models / FILE_NAME, text + f"signature: {signature}\n".encode("ascii"))
        except BaseException:
            _bring_back(target, former, older)
            raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _copy(bundle: Path, staged: Path) -> dict[str, str]:
    """Copy every file and give its path below the models folder with its hash."""
    found = {}
    for path in listed_files(bundle):
        if path.is_symlink():
            sentence = _("{file} is a link; a model has to be a plain folder of files.")
            raise DamagedData(sentence.format(file=place(path)))
        inside = path.relative_to(bundle)
        target = staged / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        with target.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        found[f"{bundle.name}/{inside.as_posix()}"] = hashlib.sha256(content).hexdigest()
    return found


def _prove(staged: Path, files: Mapping[str, str], public: PublicKey) -> None:
    """Open the copy as the program will: rules of the manifest, hashes, and the golden answers of the graph."""
    bundle = open_bundle(staged, SignedList(files, SIGNER, "", public), whole=True)
    if not bundle.proven.provider.title:
        raise DamagedData(_("{file} does not fit the model.").format(file=place(staged / "golden.npz")))


def _clear(models: Path, older: Mapping[str, str]) -> None:
    """Take away what an installation left that was killed: hidden folders, and the one that no list came to know."""
    for path in models.glob(f"{STAGING}*"):
        for marker in path.glob("*.name"):
            former = marker.read_text(encoding="utf-8")
            _bring_back(models / marker.stem, Path(former) if former else None, older)
        shutil.rmtree(path)


def _bring_back(target: Path, former: Path | None, older: Mapping[str, str]) -> None:
    """Leave in place of *target* what the list knows: the older bundle, from its archive, or nothing."""
    listed = older.get(f"{target.name}/{MANIFEST_NAME}", "")
    if listed and _digest(target / MANIFEST_NAME) == listed:
        return
    shutil.rmtree(target, ignore_errors=True)
    if former is not None and listed and _digest(former / MANIFEST_NAME) == listed:
        former.rename(target)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@contextmanager
def _writing(models: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = _("{file} cannot be written: {reason}.")
        raise OutputNotWritable(
            sentence.format(file=place(models), reason=reason(error, writing=True))
        ) from error
