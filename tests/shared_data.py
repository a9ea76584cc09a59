"""Where the development data lies. A user's checkout has none; tests that need it skip and say so."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def find_data_dir() -> Path | None:
    """Return `$MEDGUI_DATA` or the folder `shared/data` beside the checkout, None where there is none."""
    named = os.environ.get("MEDGUI_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def data_dir() -> Path:
    """Return the development data or skip the calling test."""
    folder = find_data_dir()
    if folder is None:
        pytest.skip("the development data is absent (set MEDGUI_DATA to its folder)")
    return folder


def data_file(relative: str) -> Path:
    """Return one file of the development data or skip the calling test."""
    path = data_dir() / relative
    if not path.exists():
        pytest.skip(f"the development data has no {relative}")
    return path
