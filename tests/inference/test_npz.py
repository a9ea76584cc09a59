"""Arrays are read as numpy reads them; what is no plain array is left to numpy or refused."""

import io
import zipfile
from typing import Any

import numpy as np
import pytest

from medgui.inference.npz import read_arrays
from medgui.paths import models_dir

ARRAYS: dict[str, Any] = {
    "matrix": np.arange(12.0).reshape(3, 4),
    "vector": np.array([1.5, np.nan, -np.inf]),
    "single": np.array([7], dtype=np.int64),
    "scalar": np.array(2.5, dtype=np.float32),
    "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "flags": np.array([True, False]),
    "words": np.array(["a", "bc"]),
    "none": np.empty((0, 3)),
    "big_endian": np.arange(3.0).astype(">f8"),
}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_every_kind_of_array_comes_out_as_numpy_gives_it(save: Any) -> None:
    stream = io.BytesIO()
    save(stream, **ARRAYS)
    found = read_arrays(stream.getvalue(), 1 << 20)
    assert set(found) == set(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape


def test_the_shipped_archives_come_out_as_numpy_gives_them() -> None:
    for path in models_dir().glob("*/*.npz"):
        with np.load(path) as archive:
            expected = dict(archive)
        found = read_arrays(path.read_bytes(), 1 << 28)
        assert set(found) == set(expected)
        for name, array in expected.items():
            np.testing.assert_array_equal(found[name], array)


def test_objects_and_too_much_are_refused() -> None:
    stream = io.BytesIO()
    np.savez(stream, things=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="Object arrays"):
        read_arrays(stream.getvalue(), 1 << 20)
    stream = io.BytesIO()
    np.savez_compressed(stream, zeros=np.zeros(10_000))
    with pytest.raises(ValueError, match="too large"):
        read_arrays(stream.getvalue(), 1000)


def test_a_header_that_promises_more_than_there_is_is_refused() -> None:
    stream = io.BytesIO()
    np.save(stream, np.arange(4.0))
    short = stream.getvalue()[:-8]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.npy", short)
    with pytest.raises(ValueError, match="reshape"):
        read_arrays(packed.getvalue(), 1 << 20)
