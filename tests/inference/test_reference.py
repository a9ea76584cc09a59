"""Reference data are checked when they are asked for; distances are those of linear algebra."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from medgui.errors import DamagedData
from medgui.inference.catalogue import Catalogue
from medgui.inference.manifest import Manifest
from medgui.inference.reference import Reference, patterns
from tests.helpers import bundles


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory):
    return bundles.tree_bundle(tmp_path_factory.mktemp("trees")).manifest


def training(scale: float = 2.0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    rows = random.normal(size=(500, 4)) @ random.normal(size=(4, 4))
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    covariance = np.cov(((rows - mean) / spread).T)
    return {"train_mean": mean, "train_scale": spread, "train_covariance": covariance}


def test_the_distance_is_mahalanobis_a_known_input(manifest) -> None:
    arrays = training()
    reference = Reference(manifest, arrays, "reference.npz")
    x = np.array([[1.0, 2.0, -1.0, 0.5], [1.0, np.nan, -1.0, np.nan], [np.nan] * 4])
    z = (x - arrays["train_mean"]) / arrays["train_scale"]
    whole = np.sqrt(z[0] @ np.linalg.inv(arrays["train_covariance"]) @ z[0] / 4)
    block = np.linalg.inv(arrays["train_covariance"][np.ix_([0, 2], [0, 2])])
    part = np.sqrt(z[1][[0, 2]] @ block @ z[1][[0, 2]] / 2)
    found = reference.distance(x)
    assert found[:2] == pytest.approx([whole, part])
    assert np.isnan(found[2])


def test_precision_and_covariance_give_the_same_distance(manifest) -> None:
    arrays = training()
    other = {**arrays, "train_precision": np.linalg.inv(arrays["train_covariance"])}
    del other["train_covariance"]
    x = np.array([[1.0, 2.0, np.nan, 0.5]])
    first = Reference(manifest, arrays, "r").distance(x)
    assert Reference(manifest, other, "r").distance(x) == pytest.approx(first)


def test_an_input_without_a_scale_does_not_count(manifest) -> None:
    arrays = training()
    arrays["train_scale"][3] = 0.0
    reference = Reference(manifest, arrays, "r")
    near, far = np.array([[1.0, 2.0, 3.0, 0.0]]), np.array([[1.0, 2.0, 3.0, 1e6]])
    assert reference.distance(near) == pytest.approx(reference.distance(far))


@pytest.mark.parametrize(
    "arrays",
    [
        {"interval_score": np.array([1.0, 0.0]), "interval_lo": np.zeros(2), "interval_hi": np.ones(2)},
        {"interval_score": np.array([0.0, 1.0]), "interval_lo": np.ones(2), "interval_hi": np.zeros(2)},
        {"interval_score": np.array([0.0, 1.0]), "interval_lo": np.zeros(3), "interval_hi": np.ones(2)},
    ],
)
def test_interval_tables_that_make_no_sense_are_refused(manifest, arrays) -> None:
    with pytest.raises(DamagedData, match="interval"):
        Reference(manifest, arrays, "reference.npz").intervals  # noqa: B018


def test_a_background_of_another_width_is_refused(manifest) -> None:
    with pytest.raises(DamagedData, match="background"):
        Reference(manifest, {"background": np.zeros((5, 3))}, "reference.npz").background  # noqa: B018
    with pytest.raises(DamagedData, match="background"):
        Reference(manifest, {}, "reference.npz").background  # noqa: B018


def test_limits_of_distance_are_ordered(manifest) -> None:
    wrong = {"distance_flag": np.array(3.0), "distance_refuse": np.array(2.0)}
    with pytest.raises(DamagedData):
        Reference(manifest, wrong, "r").distance_limits  # noqa: B018
    assert Reference(manifest, {}, "r").distance_limits is None


def test_rows_are_split_by_pattern_and_none_is_lost() -> None:
    mask = np.random.default_rng(0).random((300, 70)) < 0.02
    found = patterns(mask)
    rows = np.concatenate([np.arange(len(mask)) if places is None else places for _pattern, places in found])
    assert sorted(rows.tolist()) == list(range(300))
    for pattern, places in found:
        assert (mask[places] == pattern).all()
    assert len({pattern.tobytes() for pattern, _places in found}) == len(found)


def test_files_that_do_not_fit_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    bundles.equation_bundle(folder)
    bundle = bundles.load(folder, "equation")
    content = bundles.npz({"x": np.zeros((2, 3)), "soon": np.zeros(2), "late": np.zeros(2)})
    import hashlib

    (bundle.folder / "golden.npz").write_bytes(content)
    bundle.files = {**bundle.files, "golden.npz": hashlib.sha256(content).hexdigest()}
    with pytest.raises(DamagedData, match=r"golden\.npz does not fit"):
        bundle.golden  # noqa: B018


def test_common_and_rare_patterns_of_missing_values_have_the_same_distance(manifest: Manifest) -> None:
    reference = Reference(manifest, training(), "r")
    row = np.array([1.0, np.nan, -1.0, 0.5])
    crowd = np.repeat(row[None, :], 200, axis=0)
    mixed = np.concatenate([crowd, [[np.nan, 2.0, 1.0, np.nan]]])
    alone = reference.distance(row[None, :])[0]
    assert reference.distance(mixed)[:200] == pytest.approx(np.full(200, alone))
    assert reference.distance(mixed)[200] == pytest.approx(reference.distance(mixed[200:])[0])


def test_inputs_that_say_the_same_twice_still_have_a_distance(manifest: Manifest) -> None:
    covariance = np.ones((4, 4))
    arrays = {"train_mean": np.zeros(4), "train_scale": np.ones(4), "train_covariance": covariance}
    found = Reference(manifest, arrays, "r").distance(np.full((3, 4), 2.0))
    assert found == pytest.approx(np.full(3, 1.0))


def test_an_unreadable_cell_is_left_out_of_the_distance_without_a_warning(tmp_path: Path) -> None:
    reference = Catalogue.load().get("breast_mass").reference
    row = np.array([[np.inf, 60.0, 1.0, 1.0, 3.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(reference.distance(row)).all()
