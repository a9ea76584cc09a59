"""The compiled manifests of a signed folder say what the manifests say, and count only while those do."""

import base64
from pathlib import Path

import pytest

from medgui.errors import DamagedData
from medgui.inference import catalogue as catalogue_module
from medgui.inference.catalogue import Catalogue
from medgui.inference.compiled import FILE_NAME, FORMAT, compile_folder, read_entries
from medgui.inference.header import header_from, header_of, plain
from medgui.inference.manifest_io import read_manifest
from medgui.inference.signatures import signed_text
from medgui.inference.verify import verify
from medgui.paths import models_dir
from tests.helpers import bundles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bundles.equation_bundle(tmp_path)
    bundles.logistic_bundle(tmp_path)
    return tmp_path


def sign_as_it_is(folder: Path) -> None:
    """Sign without compiling anew."""
    text = signed_text(folder, "tests", "2026-01-01", bundles.PUBLIC)
    signature = base64.b64encode(bundles.KEY.sign(text))
    (folder / "SIGNATURES").write_bytes(text + b"signature: " + signature + b"\n")


def recompile(folder: Path, old: str, new: str) -> None:
    """Change what was compiled and sign it."""
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    sign_as_it_is(folder)


def test_what_is_compiled_of_the_shipped_models_is_what_their_manifests_say() -> None:
    entries = read_entries((models_dir() / FILE_NAME).read_bytes(), FILE_NAME)
    manifests = {path.parent.name: path.parent for path in models_dir().glob("*/manifest.toml")}
    assert set(entries) == set(manifests)
    for name, path in manifests.items():
        read = read_manifest(path)
        made = entries[name].whole(f"{name}/manifest.toml", name)
        assert made == read
        assert dict(made.attributes) == dict(read.attributes)
        assert entries[name].header() == header_of(read)


def test_the_shipped_list_is_the_one_that_signing_would_write() -> None:
    assert (models_dir() / FILE_NAME).read_bytes() == compile_folder(models_dir())


def test_a_start_reads_no_manifest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [read_manifest(folder / name) for name in ("equation", "logistic")]
    monkeypatch.setattr(catalogue_module, "parse_manifest", None)
    monkeypatch.setattr("tomllib.loads", None)
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert [bundle.manifest for bundle in catalogue] == expected
    assert catalogue.refused == {}


def test_a_header_comes_back_from_json_whole(folder: Path) -> None:
    for path in (*models_dir().glob("*/manifest.toml"), *folder.glob("*/manifest.toml")):
        header = header_of(read_manifest(path.parent))
        assert header_from(plain(header)) == header


def test_a_changed_list_is_refused_by_name_and_the_manifests_are_read(folder: Path) -> None:
    path = folder / FILE_NAME
    path.write_bytes(path.read_bytes().replace(b'"kind":"risk"', b'"kind":"score"'))
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert "was changed after it was signed" in catalogue.refused[FILE_NAME]
    assert [bundle.manifest.kind for bundle in catalogue] == ["risk", "risk"]
    path.unlink()
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert "is missing" in catalogue.refused[FILE_NAME]
    assert set(catalogue.bundles) == {"equation", "logistic"}


def test_an_entry_of_another_manifest_does_not_count(folder: Path) -> None:
    manifest = folder / "equation" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('version = "1.0.0"', 'version = "1.0.1"'), encoding="utf-8")
    sign_as_it_is(folder)
    bundle = Catalogue.load(folder, bundles.TRUST).get("equation")
    assert (bundle.header.version, bundle.manifest.version) == ("1.0.1", "1.0.1")


def test_a_changed_manifest_is_refused_though_its_entry_is_sound(folder: Path) -> None:
    manifest = folder / "equation" / "manifest.toml"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert "manifest.toml was changed" in catalogue.refused["equation"]
    assert list(catalogue.bundles) == ["logistic"]


def test_verifying_finds_an_entry_that_says_something_else(folder: Path) -> None:
    recompile(folder, '"required":true', '"required":false,"missing":"graph"')
    recompile(folder, '"missing":"graph","missing":"refuse"', '"missing":"graph"')
    found = {each.id: each for each in verify(Catalogue.load(folder, bundles.TRUST))}
    assert any("not what was compiled" in problem for problem in found["equation"].problems)


def test_a_list_of_another_format_is_left_alone(folder: Path) -> None:
    recompile(folder, FORMAT, "medgui catalogue 99")
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert set(catalogue.bundles) == {"equation", "logistic"}
    assert catalogue.refused == {}


def test_a_list_that_is_cut_off_is_damaged(folder: Path) -> None:
    content = (folder / FILE_NAME).read_bytes()
    with pytest.raises(DamagedData, match="is damaged"):
        read_entries(content[:-200], FILE_NAME)


def test_a_graph_that_breaks_a_rule_is_checked_again_though_it_was_signed(folder: Path) -> None:
    """Signing marks only graphs that keep the rules; the others are refused at their first use, in words."""
    entries = read_entries(compile_folder(folder), FILE_NAME)
    graph = (folder / "equation" / "model.onnx").read_bytes()
    assert entries["equation"].graph != "-"
    (folder / "equation" / "model.onnx").write_bytes(graph + b"\x08")
    entries = read_entries(compile_folder(folder), FILE_NAME)
    assert entries["equation"].graph == "-"
