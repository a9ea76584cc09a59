"""Sign a folder of bundles: `python -m medgui.inference.sign [FOLDER]` (`make sign`).

The private key (PEM, PKCS #8, Ed25519, not encrypted) comes from `MEDGUI_SIGNING_KEY`, either the text itself or
the path of a file. Without it the development key of the checkout signs, and the result is a development build.
"""

from __future__ import annotations

import argparse
import base64
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from medgui.errors import DamagedData, MedguiError, UserError
from medgui.files import write_atomic
from medgui.i18n import _
from medgui.inference.compiled import FILE_NAME as COMPILED_NAME
from medgui.inference.compiled import compile_folder
from medgui.inference.manifest_io import read_manifest
from medgui.inference.signatures import FILE_NAME, listed_files, signed_text
from medgui.paths import PACKAGE_DIR, models_dir

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_VARIABLE = "MEDGUI_SIGNING_KEY"
DEVELOPMENT_KEY = PACKAGE_DIR.parent / "packaging" / "keys" / "dev" / "development.key"


def load_private_key(text: bytes) -> Ed25519PrivateKey:
    """Read a private key in PEM. Raises `UserError` where it is none of Ed25519."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError) as error:
        raise UserError(_("The signing key is not an Ed25519 private key in PEM.")) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UserError(_("The signing key is not an Ed25519 private key in PEM."))
    return key


def signing_key() -> tuple[Ed25519PrivateKey, str]:
    """The key to sign with and the name of its signer. Raises `UserError` where there is none."""
    given = os.environ.get(KEY_VARIABLE, "")
    if given:
        text = given.encode() if given.startswith("-----BEGIN") else _read_key(Path(given).expanduser())
        return load_private_key(text), os.environ.get("MEDGUI_SIGNER", "release key")
    return load_private_key(_read_key(DEVELOPMENT_KEY)), "development key, not for use with patients"


def _read_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(_("The signing key {file} cannot be read.").format(file=path)) from error


def sign_folder(folder: Path, key: Ed25519PrivateKey, signer: str, date: str) -> Path:
    """Write `folder/SIGNATURES` over every file below *folder*, the manifests compiled first; give its path.

    A bundle whose manifest cannot be read or whose hashes are not those of its files is not signed:
    `DamagedData` names it.
    """
    for manifest in sorted(folder.glob("*/manifest.toml")):
        _check_hashes(manifest.parent)
    write_atomic(folder / COMPILED_NAME, compile_folder(folder))
    public = key.public_key().public_bytes_raw()
    text = signed_text(folder, signer, date, public)
    signature = base64.b64encode(key.sign(text)).decode("ascii")
    target = folder / FILE_NAME
    write_atomic(target, text + f"signature: {signature}\n".encode("ascii"))
    return target


def _check_hashes(folder: Path) -> None:
    import hashlib

    hashes = read_manifest(folder).hashes
    for name, digest in hashes.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            sentence = _("{file} is not the file that the manifest describes; run the recipe again.")
            raise DamagedData(sentence.format(file=path))


def main(arguments: Sequence[str] | None = None) -> int:
    """Sign the folder that the command line names; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m medgui.inference.sign", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=models_dir())
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat())
    options = parser.parse_args(arguments)
    try:
        key, signer = signing_key()
        target = sign_folder(options.folder, key, signer, options.date)
    except MedguiError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sentence = _("{file}: {n} files signed ({signer}).")
    count = len(listed_files(options.folder))
    sys.stdout.write(sentence.format(file=target, n=count, signer=signer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
