"""The short form, a part of `make test` wherever a package was built and its bare Debian is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.package import base, questions
from tests.package.answers import Both, changed_since
from tests.package.machine import DATA, Machine

NAME = "marlow_helen.json"


@pytest.fixture(autouse=True, scope="module")
def _kept(deb: Path) -> None:
    if not base.folder(deb).is_dir():
        pytest.skip("no bare Debian is kept for this package (make package-test fetches one)")


def test_the_installed_program_answers_as_this_checkout_does(clinic: Machine, tmp_path: Path) -> None:
    changed = changed_since(clinic)
    if changed:
        pytest.skip(changed)
    both = Both(clinic, "/home/doctor", tmp_path)
    both.put(NAME, questions.patients()[NAME])
    told = both.agree("assess", NAME, "--json", "--model", "prevent")
    assert json.loads(told)["findings"]
    assert clinic.run("medgui", "report", DATA / "resources" / "demo" / NAME, "-o", "short.pdf").code == 0
