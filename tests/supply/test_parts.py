"""The list of parts of a packaged program: nothing is left out, nothing is shipped that must not be."""

import json
import tomllib
from pathlib import Path

import pytest

pytest.importorskip(
    "cyclonedx", reason="the list is made where cyclonedx-python-lib is installed (extra dev)"
)

import parts  # packaging/parts.py
from supply import reviewed as decisions
from supply.part import Refused

from tests.supply.conftest import NATIVE, ROOT, Small


def refusals(small: Small) -> str:
    with pytest.raises(Refused) as caught:
        parts.inventory_of(small.tree, small.environment, decisions.load())
    return str(caught.value)


def made(small: Small) -> Path:
    assert parts.main([str(small.tree), "--environment", str(small.environment)]) == 0
    return small.tree / parts.ABOUT


def test_every_file_has_its_part_and_every_part_its_text(small: Small) -> None:
    small.install("Fine_Lib", {"fine_lib/core.so": NATIVE}, "License-Expression: MIT OR GPL-2.0-only")
    about = made(small)
    content = json.loads((about / "sbom.cdx.json").read_text())
    (listed,) = content["components"]
    assert (listed["name"], listed["version"], listed["purl"]) == ("fine-lib", "1.0", "pkg:pypi/fine-lib@1.0")
    assert listed["evidence"]["occurrences"][0]["location"] == "_internal/fine_lib/core.so"
    assert listed["components"][0]["hashes"][0]["alg"] == "SHA-256"
    assert content["metadata"]["component"]["name"] == "medgui"
    index = json.loads((about / "licences" / "index.json").read_text())
    row = next(part for part in index["parts"] if part["name"] == "fine-lib")
    assert (about / "licences" / row["files"][0]).read_bytes() == b"The terms."


def test_the_same_program_gives_the_same_bytes(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    first = {file: file.read_bytes() for file in made(small).rglob("*") if file.is_file()}
    again = {file: file.read_bytes() for file in made(small).rglob("*") if file.is_file()}
    assert first == again
    content = json.loads(first[small.tree / parts.ABOUT / "sbom.cdx.json"])
    assert content["metadata"]["timestamp"] == "2026-11-18T11:06:40+00:00"


def test_a_file_that_nothing_explains_is_refused_by_name(small: Small) -> None:
    small.ship("libstranger.so.1", NATIVE)
    assert "_internal/libstranger.so.1: nothing in the environment" in refusals(small)


def test_a_file_that_was_changed_after_installation_is_refused(small: Small) -> None:
    small.install("lib", {"lib/core.so": NATIVE}, "License-Expression: MIT")
    small.ship("lib/core.so", NATIVE + b"!")
    assert "_internal/lib/core.so: is not the file that lib installed." in refusals(small)


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-or-later", "MIT AND GPL-2.0-only", "LGPL-2.1-or-later", "AGPL-3.0-only"]
)
def test_a_licence_that_asks_more_than_a_notice_needs_a_reason(small: Small, licence: str) -> None:
    small.install("strict", {"strict/core.so": NATIVE}, f"License-Expression: {licence}")
    assert "strict: " in refusals(small)


def test_readline_is_refused_whoever_brings_it(small: Small) -> None:
    small.install("lib", {"lib/libreadline.so.8": NATIVE}, "License-Expression: MIT")
    assert "must not be shipped: GPL-3.0-or-later" in refusals(small)


def test_a_part_without_a_text_or_without_a_licence_is_refused(small: Small) -> None:
    small.install("silent", {"silent/core.so": NATIVE}, "License-Expression: ISC", text=None)
    small.install("vague", {"vague/core.so": NATIVE}, "License: see the web")
    sentences = refusals(small)
    assert "silent: no licence text" in sentences
    assert "vague: no licence is known" in sentences


def test_words_of_metadata_that_changed_since_the_review_are_refused(small: Small) -> None:
    small.install("reportlab", {"reportlab/core.so": NATIVE}, "License: All rights reserved")
    assert "reportlab: its metadata say “All rights reserved” now" in refusals(small)


def test_what_a_wheel_lists_itself_stands_inside_it(small: Small) -> None:
    listed = {
        "components": [{"name": "zstd", "version": "1.5", "licenses": [{"license": {"id": "BSD-3-Clause"}}]}]
    }
    files = {"packer/core.so": NATIVE, "packer-1.0.dist-info/sboms/own.json": json.dumps(listed).encode()}
    small.install("packer", files, "License-Expression: MIT")
    content = json.loads((made(small) / "sbom.cdx.json").read_text())
    (part,) = content["components"]
    inside = next(each for each in part["components"] if each["type"] == "library")
    assert (inside["name"], inside["version"]) == ("zstd", "1.5")


def test_a_list_that_is_not_of_this_program_is_found_out(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    small.install("lib", {"lib/core.so": NATIVE}, "License-Expression: MIT")
    made(small)
    assert parts.main([str(small.tree), "--check"]) == 0
    small.ship("lib/core.so", NATIVE + b"!")
    small.ship("lib/more.so", NATIVE)
    assert parts.main([str(small.tree), "--check"]) == 1
    said = capsys.readouterr().err
    assert "_internal/lib/core.so: is another file than the list names." in said
    assert "_internal/lib/more.so: is in the program and not in the list." in said


def test_every_model_and_table_of_this_tree_is_reviewed() -> None:
    reviewed = decisions.load()
    for manifest in (ROOT / "models").glob("*/manifest.toml"):
        assert tomllib.loads(manifest.read_text(encoding="utf-8"))["licence"] in reviewed.models, manifest
    for folder in ("knowledge", "fonts"):
        for file in (ROOT / "resources" / folder).iterdir():
            entry = reviewed.shipped_for(f"resources/{folder}/{file.name}")
            assert entry is not None or file.name == "README.md", file


def test_every_text_that_the_review_names_is_there() -> None:
    reviewed = decisions.load()
    named = {name for line in reviewed.common.values() for name in line.split()}
    named |= {name for each in reviewed.distributions.values() for name in each.texts}
    named |= {name for each in reviewed.shipped for name in each.texts}
    assert named
    assert all(decisions.text(name) for name in named)
