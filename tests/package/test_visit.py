"""A whole visit with every demo patient in the installed window, offline, writes down what the source's does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.helpers.command_line import Done
from tests.package.answers import Both, changed_since, first_difference
from tests.package.machine import Machine

pytestmark = pytest.mark.package


def told(done: Done) -> dict[str, Any]:
    """The document of a self-test; no check of it is wrong."""
    document: dict[str, Any] = json.loads(done.out)
    wrong = [check["sentence"] for check in document["checks"] if check["state"] == "failed"]
    assert not wrong, wrong
    return document


@pytest.fixture(scope="module")
def visits(both: Both) -> tuple[dict[str, Any], dict[str, Any]]:
    """What both programs wrote down."""
    assert not changed_since(both.machine), changed_since(both.machine)
    ask = ("selftest", "--visit", "--json", "--lang", "en")
    return told(both.packaged(*ask)), told(both.source(*ask))


def test_the_installed_program_finds_nothing_wrong_with_itself(visits: tuple[dict[str, Any], Any]) -> None:
    packaged, _source = visits
    assert packaged["build"]["form"] == "deb"


def test_visits_with_every_patient_are_the_same_bytes(visits: tuple[dict[str, Any], dict[str, Any]]) -> None:
    packaged, source = (json.dumps(each["visit"], ensure_ascii=False, indent=1).encode() for each in visits)
    assert packaged == source, first_difference(packaged, source)
    assert len(visits[0]["visit"]["patients"]) >= 6


def test_a_technician_gets_one_page(clinic: Machine) -> None:
    for name, start in (("page.txt", b""), ("page.pdf", b"%PDF")):
        done = clinic.run("medgui", "selftest", "--quick", "-o", name)
        assert done.code == 0, done.err
        page = clinic.path(f"/home/doctor/{name}").read_bytes()
        assert page.startswith(start)
        assert page
