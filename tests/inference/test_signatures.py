"""Whose signature counts, and what a changed list says."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from medgui.errors import DamagedData, UserError
from medgui.inference import sign
from medgui.inference.catalogue import Catalogue
from medgui.inference.signatures import FILE_NAME, default_trust, read_public_key, read_signatures
from medgui.paths import PACKAGE_DIR, resources_dir
from tests.helpers import bundles

DEVELOPMENT = PACKAGE_DIR.parent / "packaging" / "keys" / "dev"


def pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def keys_folder(path: Path, **keys: Ed25519PrivateKey) -> Path:
    path.mkdir()
    for name, key in keys.items():
        (path / f"{name}.pub").write_bytes(pem(key))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    bundles.equation_bundle(models)
    return models


def test_a_signed_folder_lists_every_file_with_signer_and_date(folder: Path) -> None:
    signed = read_signatures(folder, bundles.TRUST)
    assert set(signed.bundles()["equation"]) == {"model.onnx", "manifest.toml", "golden.npz", "recipe.py"}
    assert (signed.signer, signed.date) == ("tests", "2026-01-01")


def test_a_changed_line_breaks_the_signature(folder: Path) -> None:
    path = folder / FILE_NAME
    path.write_text(path.read_text().replace("date: 2026", "date: 2025"))
    with pytest.raises(DamagedData, match="changed after it was signed"):
        read_signatures(folder, bundles.TRUST)


@pytest.mark.parametrize(
    "content", [b"", b"medgui signatures 1\n", b"\xff\xff\nsignature: AAAA", b"\nsignature: !!"]
)
def test_a_damaged_list_is_refused_in_words(folder: Path, content: bytes) -> None:
    (folder / FILE_NAME).write_bytes(content)
    with pytest.raises(DamagedData, match=r"SIGNATURES is damaged\."):
        read_signatures(folder, bundles.TRUST)


def test_an_unknown_key_is_refused_and_named(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    sign.sign_folder(folder, key, "stranger", "2026-01-01")
    with pytest.raises(DamagedData, match="not trusted here"):
        read_signatures(folder, bundles.TRUST)


def test_the_development_key_of_the_checkout_is_a_pair() -> None:
    private = sign.load_private_key((DEVELOPMENT / "development.key").read_bytes())
    public = DEVELOPMENT / "development.pub"
    assert read_public_key(public, "development").raw == private.public_key().public_bytes_raw()
    assert (resources_dir() / "keys" / "development.pub").read_bytes() == public.read_bytes()


def test_a_development_build_trusts_the_development_key_and_says_so(folder: Path, tmp_path: Path) -> None:
    keys = keys_folder(tmp_path / "keys", development=bundles.KEY)
    catalogue = Catalogue.load(folder, default_trust(keys, tmp_path / "none"))
    assert catalogue.development
    assert "equation" in catalogue.bundles


def test_a_release_rejects_the_development_key_even_as_a_clinic_key(folder: Path, tmp_path: Path) -> None:
    keys = keys_folder(tmp_path / "keys", development=bundles.KEY, release=Ed25519PrivateKey.generate())
    clinic = keys_folder(tmp_path / "clinic", copy=bundles.KEY)
    trust = default_trust(keys, clinic)
    assert trust.release
    with pytest.raises(DamagedData, match="a release does not accept"):
        read_signatures(folder, trust)


def test_a_release_accepts_its_own_key_and_the_clinics(folder: Path, tmp_path: Path) -> None:
    release = Ed25519PrivateKey.generate()
    keys = keys_folder(tmp_path / "keys", development=Ed25519PrivateKey.generate(), release=release)
    clinic = keys_folder(tmp_path / "clinic", ward=bundles.KEY)
    assert read_signatures(folder, default_trust(keys, clinic)).key.kind == "clinic"
    sign.sign_folder(folder, release, "release", "2026-01-01")
    assert read_signatures(folder, default_trust(keys, clinic)).key.kind == "release"
    assert not Catalogue.load(folder, default_trust(keys, clinic)).development


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.pub"
    path.write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    with pytest.raises(DamagedData, match=r"broken\.pub"):
        read_public_key(path, "clinic")


def test_the_release_key_comes_from_the_environment_as_text_or_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = bundles.KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    monkeypatch.setenv(sign.KEY_VARIABLE, private.decode())
    assert sign.signing_key()[0].public_key().public_bytes_raw() == bundles.PUBLIC
    (tmp_path / "release.key").write_bytes(private)
    monkeypatch.setenv(sign.KEY_VARIABLE, str(tmp_path / "release.key"))
    assert sign.signing_key()[0].public_key().public_bytes_raw() == bundles.PUBLIC
    monkeypatch.setenv(sign.KEY_VARIABLE, str(tmp_path / "absent.key"))
    with pytest.raises(UserError, match=r"absent\.key"):
        sign.signing_key()


def test_signing_refuses_a_bundle_whose_files_are_not_the_recipes(folder: Path) -> None:
    (folder / "equation" / "recipe.py").write_text("other")
    with pytest.raises(DamagedData, match="run the recipe again"):
        bundles.resign(folder)


def test_the_command_signs_a_folder_with_the_development_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(sign.KEY_VARIABLE, raising=False)
    assert sign.main([str(folder)]) == 0
    assert "development key" in capsys.readouterr().out
    assert Catalogue.load(folder).development


def test_the_command_says_what_is_wrong_and_gives_its_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "equation" / "model.onnx").unlink()
    assert sign.main([str(folder)]) == 4
    assert "model.onnx" in capsys.readouterr().err
