"""Each changed, unsigned or missing file refuses its bundle by name; the others go on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from medgui.errors import DamagedData, ModelRefused
from medgui.i18n import set_language
from medgui.inference import catalogue as catalogue_module
from medgui.inference.catalogue import Catalogue
from medgui.inference.signatures import FILE_NAME
from medgui.inference.verify import verify
from tests.helpers import bundles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bundles.equation_bundle(tmp_path)
    bundles.logistic_bundle(tmp_path)
    return tmp_path


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def test_signed_bundles_are_loaded_without_a_session(folder: Path) -> None:
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert [bundle.id for bundle in catalogue] == ["equation", "logistic"]
    assert catalogue.refused == {}
    assert not catalogue.development


@pytest.mark.parametrize("name", ["model.onnx", "manifest.toml", "golden.npz", "recipe.py"])
def test_a_changed_file_refuses_its_bundle_by_name_and_the_others_go_on(folder: Path, name: str) -> None:
    append(folder / "equation" / name)
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert name in catalogue.refused["equation"]
    assert list(catalogue.bundles) == ["logistic"]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: (path / "model.onnx").unlink(), "is missing"),
        (lambda path: (path / "manifest.toml").unlink(), "is missing"),
        (lambda path: (path / "extra.py").write_text("x"), "is not signed"),
    ],
)
def test_a_missing_or_unsigned_file_refuses_its_bundle(
    folder: Path, damage: Callable[[Path], None], words: str
) -> None:
    damage(folder / "equation")
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert words in catalogue.refused["equation"]
    assert "logistic" in catalogue.bundles


def test_a_folder_beside_the_signed_ones_is_refused(folder: Path) -> None:
    (folder / "stranger").mkdir()
    (folder / "stranger" / "manifest.toml").write_text("schema = 1")
    assert "is not signed" in Catalogue.load(folder, bundles.TRUST).refused["stranger"]


def test_without_a_list_every_bundle_is_refused(folder: Path) -> None:
    (folder / FILE_NAME).unlink()
    catalogue = Catalogue.load(folder, bundles.TRUST)
    assert set(catalogue.refused) == {"equation", "logistic"}


def test_an_empty_folder_is_an_empty_catalogue(tmp_path: Path) -> None:
    assert Catalogue.load(tmp_path, bundles.TRUST).bundles == {}


def test_asking_for_a_refused_or_unknown_model_says_why(folder: Path) -> None:
    append(folder / "equation" / "model.onnx")
    catalogue = Catalogue.load(folder, bundles.TRUST)
    with pytest.raises(ModelRefused, match=r"model\.onnx was changed"):
        catalogue.get("equation")
    with pytest.raises(ModelRefused, match="no model “nothing”"):
        catalogue.get("nothing")


def test_a_refusal_follows_the_language_of_the_reader(folder: Path) -> None:
    append(folder / "equation" / "model.onnx")
    catalogue = Catalogue.load(folder, bundles.TRUST)
    english = catalogue.refused["equation"]
    set_language("zh")
    assert catalogue.refused["equation"] != english
    set_language("en")
    assert catalogue.refused["equation"] == english


def test_a_graph_that_is_swapped_after_the_start_is_never_run(folder: Path) -> None:
    bundle = Catalogue.load(folder, bundles.TRUST).get("equation")
    append(folder / "equation" / "model.onnx")
    with pytest.raises(DamagedData, match="was changed"):
        bundle.run(bundle.golden.x)


def test_large_files_are_hashed_at_first_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_module, "HASHED_AT_START", 10)
    append(folder / "equation" / "model.onnx")
    bundle = Catalogue.load(folder, bundles.TRUST).get("equation")
    with pytest.raises(DamagedData, match=r"model\.onnx was changed"):
        bundle.proven  # noqa: B018


def test_a_model_whose_answers_changed_does_not_run(tmp_path: Path) -> None:
    """The golden answers are part of what was signed; a graph that no longer gives them is refused."""
    bundle = bundles.equation_bundle(tmp_path)
    bundle.golden.outputs["soon"][0] += 0.01
    with pytest.raises(DamagedData, match="other answers than expected"):
        bundle.run(bundle.golden.x)


def test_several_folders_make_one_catalogue_and_the_first_of_an_id_counts(
    folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    bundles.tree_bundle(own)
    bundles.equation_bundle(own)
    catalogue = Catalogue.load_all([folder, own], bundles.TRUST)
    assert set(catalogue.bundles) == {"equation", "logistic", "trees"}
    assert catalogue.get("equation").folder.parent == folder


def test_verify_finds_all_sound_and_names_what_is_not(folder: Path) -> None:
    found = verify(Catalogue.load(folder, bundles.TRUST))
    assert [(each.id, each.sound) for each in found] == [("equation", True), ("logistic", True)]
    assert found[0].providers[0].provider == "CPU"
    assert found[0].providers[0].proven
    append(folder / "equation" / "recipe.py")
    found = verify(Catalogue.load(folder, bundles.TRUST))
    assert [each.sound for each in found] == [False, True]
    assert "recipe.py" in found[0].problems[0]


def test_verify_names_a_supplier_that_is_not_there(tmp_path: Path) -> None:
    inputs = [bundles.age(), bundles.number("egfr", **{"from": "ckd.egfr"})]
    reference = {"age": "same", "egfr": 90}
    keys = {"explanation": {"method": "enumeration", "baseline_name": bundles.WORDS, "reference": reference}}
    table = bundles.manifest("needs", inputs, [bundles.output("risk")], **keys)
    graph = bundles.linear_graph(["age", "egfr"], {"risk": [0.1, -0.1, 0.0]})
    bundles.write(tmp_path, table, graph, bundles.np.array([[50.0, 60.0]]))
    found = verify(Catalogue.load(tmp_path, bundles.TRUST), "needs")
    assert "ckd.egfr" in found[0].problems[0]


def test_the_shipped_models_are_signed_and_sound() -> None:
    found = verify(Catalogue.load())
    assert found
    assert {each.id: each.problems for each in found if not each.sound} == {}
