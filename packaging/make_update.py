"""Make and sign an update file (docs/updates.md), for models or for the program.

    packaging/make_update.py models  -o cad-1.1.medgui-update --changes changes.toml BUNDLE_FOLDER...
    packaging/make_update.py program -o medgui-0.2.medgui-update --changes changes.toml --version 0.2.0 \\
        --system linux --machine x86_64 medgui_0.2.0_amd64.deb

The key is that of `MEDGUI_SIGNING_KEY`, else the development key of the checkout; the models get their signed list
with the same key. `changes.toml`:

    title = { en = "Models of November 2026", zh = "2026 年 11 月模型" }
    needs = ">=0.1.0"
    en = ["cad 1.1.0: …"]
    zh = ["cad 1.1.0：……"]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.errors import MedguiError, UserError
from medgui.files import replacing
from medgui.inference.manifest_io import read_manifest
from medgui.inference.sign import sign_folder, signing_key
from medgui.inference.signatures import listed_files
from medgui.updates.container import DESCRIPTION, PAYLOAD, SIGNATURE
from medgui.updates.description import SCHEMA, VERSION, parse
from medgui.updates.programs import PATTERNS, form_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DAY_ZERO = (1980, 1, 1, 0, 0, 0)
"""Every entry's date: the same content gives the same file."""


def make_models(
    bundles: list[Path],
    words: dict[str, Any],
    key: Ed25519PrivateKey,
    signer: str,
    day: str,
    version: str = "",
) -> bytes:
    """The bytes of an update of models."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for bundle in bundles:
            for path in listed_files(bundle):
                target = folder / bundle.name / path.relative_to(bundle)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        sign_folder(folder, key, signer, day)
        models = [{"id": each.name, "version": read_manifest(each).version} for each in bundles]
        files = {
            PAYLOAD + path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    head = {"kind": "models", "version": version or day.replace("-", "."), "models": models}
    return pack(head, words, files, key, day)


def make_program(
    package: Path,
    words: dict[str, Any],
    key: Ed25519PrivateKey,
    day: str,
    version: str,
    system: str,
    machine: str,
) -> bytes:
    """The bytes of an update of the program."""
    form = form_of(package.name)
    if not form:
        raise UserError(f"{package.name} is none of {', '.join(PATTERNS)}")
    target = {"system": system, "machine": machine, "form": form}
    head = {"kind": "program", "version": version, "for": target}
    return pack(head, words, {PAYLOAD + package.name: package.read_bytes()}, key, day)


def pack(
    head: dict[str, Any], words: dict[str, Any], files: dict[str, bytes], key: Ed25519PrivateKey, day: str
) -> bytes:
    """Describe, sign and zip; the description is read back by the rules that every reader keeps."""
    listed = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in files.items()
    }
    description = {
        "schema": f"{SCHEMA}{VERSION}",
        **head,
        "title": words["title"],
        "created": day,
        "needs": {"medgui": words.get("needs", ">=0")},
        "changes": {"en": words["en"], "zh": words["zh"]},
        "files": listed,
    }
    content = json.dumps(description, ensure_ascii=False, indent=1).encode("utf-8")
    parse(content)
    return zipped({DESCRIPTION: content, SIGNATURE: key.sign(content), **files})


def zipped(entries: dict[str, bytes]) -> bytes:
    """The plain ZIP that `medgui.updates.container` reads."""
    import io

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, DAY_ZERO), content)
    return stream.getvalue()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=("models", "program"))
    parser.add_argument("source", nargs="+", type=Path, help="bundle folders, or one package")
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("--changes", required=True, type=Path, help="TOML: title, needs, en, zh")
    parser.add_argument("--version", default="")
    parser.add_argument("--system", default="linux", choices=("linux", "windows", "macos"))
    parser.add_argument("--machine", default="x86_64")
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat())
    options = parser.parse_args(arguments)
    try:
        words = tomllib.loads(options.changes.read_text(encoding="utf-8"))
        key, signer = signing_key()
        if options.kind == "models":
            content = make_models(options.source, words, key, signer, options.date, options.version)
        else:
            (package,) = options.source
            content = make_program(
                package, words, key, options.date, options.version, options.system, options.machine
            )
    except (MedguiError, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"make_update: {error}\n")
        return getattr(error, "exit_code", 2)
    with replacing(options.output) as stream:
        stream.write(content)
    sys.stdout.write(f"{options.output}: {len(content)} bytes, signed ({signer})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
