"""What every test of the workshop stands on: no model of another file's clinic."""

from collections.abc import Iterator

import pytest

from medgui.inference.catalogue import Catalogue
from medgui.paths import models_dir
from medgui.record import variables


@pytest.fixture(autouse=True, scope="module")
def _own_variables() -> Iterator[None]:
    """Forget at the end of a file the inputs of models that it made: the next would know its columns by them."""
    Catalogue.load(models_dir())  # what ships is known to everybody
    before = dict(variables._declared)
    yield
    if variables._declared != before:
        variables._declared.clear()
        variables._declared.update(before)
        variables._load.cache_clear()
        variables._aliases.cache_clear()
