"""Detached signatures of what is handed out: `python packaging/release_signature.py [--check KEY.pub] FILE…`.

`FILE.sig` holds the 64 raw bytes of Ed25519 (RFC 8032) over the bytes of FILE, so that a clinic can check it without
medgui: openssl pkeyutl -verify -pubin -inkey release.pub -rawin -sigfile FILE.sig -in FILE
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from medgui.inference.sign import signing_key  # noqa: E402


def sign_file(path: Path) -> Path:
    """Write `path.sig` with the key that signs the models (MEDGUI_SIGNING_KEY, else the development key)."""
    key, _signer = signing_key()
    target = path.with_name(path.name + ".sig")
    target.write_bytes(key.sign(path.read_bytes()))
    return target


def is_genuine(path: Path, public: Path) -> bool:
    """Tell whether `path.sig` is the signature of *path* by the owner of *public* (PEM)."""
    key = load_pem_public_key(public.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(path.with_name(path.name + ".sig").read_bytes(), path.read_bytes())
    except (InvalidSignature, OSError):
        return False
    return True


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check", type=Path, metavar="KEY.pub", help="check the signatures instead of writing them"
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    wrong = 0
    for path in options.files:
        if options.check is None:
            print(sign_file(path))
            continue
        genuine = is_genuine(path, options.check)
        wrong += not genuine
        print(f"{path.name}: {'genuine' if genuine else 'NOT GENUINE'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
