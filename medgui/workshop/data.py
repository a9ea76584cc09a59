"""Where the development data lie: `$MEDGUI_DATA`, else the folder `shared/data` beside the checkout."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


class DataAbsent(FileNotFoundError):
    """The development data are not on this computer; the text says how to name them."""


def data_file(relative: str) -> Path:
    """One file of the development data. Raises `DataAbsent` where it is not there."""
    named = os.environ.get("MEDGUI_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    path = folder / relative
    if not path.is_file():
        raise DataAbsent(f"{relative} is not in {folder}; set MEDGUI_DATA to the folder of the data")
    return path
