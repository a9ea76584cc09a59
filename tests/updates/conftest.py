"""A computer with one small model, and updates for it, signed by the development key, a release's or a clinic's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from medgui.inference import signatures
from medgui.inference.sign import load_private_key, sign_folder
from medgui.paths import PACKAGE_DIR, user_data_dir
from tests.helpers import bundles
from tests.test_documents import load_script

ROOT = PACKAGE_DIR.parent
DAY = "2026-11-22"
RELEASE = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
CLINIC = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(3, 35)))
DEVELOPMENT = load_private_key((ROOT / "packaging" / "keys" / "dev" / "development.key").read_bytes())
WORDS: dict[str, Any] = {
    "title": {"en": "Models of November", "zh": "11 月模型"},
    "en": ["equation: new coefficients", "logistic: new"],
    "zh": ["equation：新系数", "logistic：新增"],
}


@pytest.fixture(scope="session")
def maker() -> ModuleType:
    """packaging/make_update.py."""
    return load_script(ROOT / "packaging" / "make_update.py")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bundles by "id version"; each lies in a folder named as its id."""
    found = {}
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        folder = tmp_path_factory.mktemp("shelf")
        bundles.equation_bundle(folder, version=version)
        found[f"equation {version}"] = folder / "equation"
    folder = tmp_path_factory.mktemp("shelf")
    bundles.logistic_bundle(folder)
    found["logistic 1.0.0"] = folder / "logistic"
    return found


@dataclass
class Computer:
    """A computer with `equation` 1.0.0 and what brings updates to it."""

    folder: Path
    shelf: dict[str, Path]
    maker: ModuleType
    made: dict[tuple[Any, ...], bytes] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return user_data_dir().parent

    def models(self, *names: str, key: Ed25519PrivateKey = DEVELOPMENT, **words: Any) -> Path:
        """An update of models on the stick."""
        sources = [self.shelf[name] for name in names]
        content = self.maker.make_models(sources, {**WORDS, **words}, key, "tests", DAY)
        return self.stick("models", content)

    def program(self, name: str, version: str, content: bytes = b"package", **changes: Any) -> Path:
        """An update of the program on the stick."""
        target = {"system": "linux", "machine": "x86_64", "key": DEVELOPMENT, **changes}
        package = self.folder / name
        package.write_bytes(content)
        made = self.maker.make_program(
            package, WORDS, target["key"], DAY, version, target["system"], target["machine"]
        )
        return self.stick("program", made)

    def stick(self, name: str, content: bytes) -> Path:
        path = self.folder / f"{name}.medgui-update"
        path.write_bytes(content)
        return path

    def give_key(self, key: Ed25519PrivateKey) -> None:
        """Let the clinic on this computer trust *key*."""
        folder = user_data_dir() / "keys"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "other.pub").write_bytes(public(key))


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def computer(
    tmp_path: Path, shelf: dict[str, Path], maker: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> Computer:
    shipped = tmp_path / "shipped"
    shutil.copytree(shelf["equation 1.0.0"], shipped / "equation")
    sign_folder(shipped, DEVELOPMENT, "tests", DAY)
    monkeypatch.setenv("MEDGUI_MODELS_DIR", str(shipped))
    (tmp_path / "stick").mkdir()
    return Computer(tmp_path / "stick", shelf, maker)


@pytest.fixture
def release(computer: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it: from then on this is a release, whose shipped models the release key signed."""

    def become() -> None:
        keys = tmp_path / "resources" / "keys"
        keys.mkdir(parents=True)
        (keys / "release.pub").write_bytes(public(RELEASE))
        (keys / "development.pub").write_bytes(public(DEVELOPMENT))
        monkeypatch.setattr(signatures, "resources_dir", lambda: tmp_path / "resources")
        sign_folder(tmp_path / "shipped", RELEASE, "tests", DAY)

    return become
