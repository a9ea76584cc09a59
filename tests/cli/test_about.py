"""`medgui about`: build, parts and licences without a screen."""

import json

import pytest

from medgui.cli import main


def test_about_names_build_and_parts_and_says_what_the_list_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about"]) == 0
    said = capsys.readouterr().out
    assert "not a certified medical device" in said
    assert "packaged program only" in said
    assert "numpy" in said


def test_about_shows_the_licence_of_one_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "NumPy"]) == 0
    assert "Redistribution and use" in capsys.readouterr().out


def test_a_part_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "unobtainium"]) == 2
    assert "No part is called unobtainium" in capsys.readouterr().err


def test_about_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["schema"] == "medgui.about/1"
    assert content["build"]["form"] == "checkout"
    assert {"name", "version", "licence", "kind", "within", "home", "source"} == set(content["parts"][0])
