"""`medgui train` from a CSV to a signed, explained result; what is wrong is one sentence and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

pytest.importorskip("sklearn", reason="needs the extra train")
pytest.importorskip("lightgbm", reason="needs the extra train")

from tests.helpers.command_line import environment, medgui, sentence
from tests.shared_data import data_file
from tests.workshop.tables import clinic, write

WORDS = """
title = "Illness of the example"
title_zh = "示例疾病"
intended_use = "To test the workshop"
not_for = "Patients"
population = "Made-up people"
data_licence = "None needed"
developer = "The tests"
"""
TRAIN = ("train", "table.csv", "--details", "words.toml", "--quick", "-o", "models")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words.toml").write_text(WORDS, encoding="utf-8")
    write(clinic(240), tmp_path / "table.csv")
    return tmp_path


def left(folder: Path) -> list[str]:
    """What a command left in the folder beside what the test put there."""
    given = {"words.toml", "table.csv", "home"}
    return sorted(path.name for path in folder.iterdir() if path.name not in given)


@pytest.mark.slow
def test_from_a_csv_to_a_signed_installed_and_explained_result(tmp_path: Path) -> None:
    table = data_file("tabular/breast_wdbc.csv")
    (tmp_path / "words.toml").write_text(WORDS, encoding="utf-8")
    done = medgui(
        "train", table, "--target", "malignant", "--details", "words.toml", "--quick", "--id", "aspirate",
        "-o", "models", "--install", "--json", folder=tmp_path,
    )  # fmt: skip
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["schema"], told["model"], told["rows"], told["events"]) == (
        "medgui.trained/1",
        "aspirate",
        569,
        212,
    )
    assert told["figures"]["auroc"]["value"] > 0.98
    assert told["largest_difference"] <= 1e-6
    assert told["evidence"] == "demonstration"
    verified = medgui("models", "verify", "--json", folder=tmp_path)
    assert verified.code == 0
    assert "aspirate" in [each["id"] for each in json.loads(verified.out)["verified"]]
    assert (tmp_path / "models" / "SIGNATURES").is_file()
    row = pd.read_csv(table).drop(columns="malignant").iloc[[0]]
    row.insert(0, "patient_id", "P1")
    row.insert(1, "birth_date", "1970-02-03")
    row.insert(2, "sex", "female")
    row.insert(3, "date", "2026-11-01")
    row.to_csv(tmp_path / "patient.csv", index=False)
    read = json.loads(medgui("read", "patient.csv", "--json", folder=tmp_path).out)
    assert len(read["observations"]) == 30
    assessed = medgui(
        "assess", "patient.csv", "--as-of", "2026-11-02", "--model", "aspirate", "--json", folder=tmp_path
    )
    finding = json.loads(assessed.out)["findings"][0]
    assert (finding["status"], finding["evidence"]) == ("ready", "demonstration")
    output, explained = finding["outputs"][0], finding["explanation"]
    assert output["value"] > 0.9
    assert output["interval"]["kind"] == "model"
    total = explained["baseline"] + sum(part["value"] for part in explained["contributions"])
    assert total == pytest.approx(output["value"], abs=2e-3)
    assert finding["inputs"][0]["source"]["file"] == "patient.csv"


def test_without_the_words_it_says_which_are_missing_and_writes_a_template(folder: Path) -> None:
    text = sentence(medgui("train", "table.csv", "-o", "models", "--title", "A title", folder=folder), 2)
    assert "card lacks: intended_use (what it is to be used for), not_for" in text
    assert "title" not in text.partition("lacks:")[2].partition("(")[0]
    assert medgui("train", "--template", "new.toml", folder=folder).code == 0
    assert 'data_licence = ""' in (folder / "new.toml").read_text(encoding="utf-8")
    assert left(folder) == ["new.toml"]


@pytest.mark.parametrize(
    ("change", "said", "code"),
    [
        (lambda f: f.assign(ill=1), "there is nothing to learn", 2),
        (lambda f: f.head(12), "12 rows with an outcome are too few", 2),
        (
            lambda f: f.assign(leak=f.ill, z=f.ill)[["leak", "age", "sex", "ill"]],
            "alone tells the outcome",
            2,
        ),
        (lambda f: f.assign(age=["x" if n == 3 else n for n in range(len(f))]), "holds “x” in row 5", 2),
        (lambda f: f[["patient_id", "visit date", "ill"]], "No column is left", 2),
        (lambda f: f[[]], "empty", 3),
    ],
)
def test_a_table_that_cannot_be_learnt_from_is_one_sentence_and_nothing_is_written(
    change: object, said: str, code: int, folder: Path
) -> None:
    write(change(clinic(240)), folder / "table.csv")  # type: ignore[operator]
    assert said in sentence(medgui(*TRAIN, folder=folder), code)
    assert left(folder) == []
    assert not (folder / "home" / "data" / "models").exists()


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("--target", "cured"), "The table has no column “cured”.", 2),
        (("--exclude", "nothing"), "The table has no column “nothing”.", 2),
        (("--id", "Not An Id"), "cannot be the id of a model", 2),
        (("--unit", "age=furlong"), "the unit is not understood", 2),
        (("--positive", "9"), "say which one is the event", 2),
        (("--details", "none.toml"), "none.toml cannot be opened", 3),
        (("-o", "words.toml"), "words.toml is no folder.", 2),
    ],
)
def test_a_wrong_argument_is_said_before_any_work(
    arguments: tuple[str, ...], said: str, code: int, folder: Path
) -> None:
    assert said in sentence(medgui(*TRAIN, *arguments, folder=folder), code)
    assert left(folder) == []


def test_without_a_place_for_temporary_files_nothing_is_trained_in_vain(folder: Path) -> None:
    (folder / "full").write_text("no folder", encoding="utf-8")
    places = {name: str(folder / "full") for name in ("TMPDIR", "TEMP", "TMP")}
    code = "import sys, tempfile; tempfile.tempdir = sys.argv.pop(1); from medgui.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, places["TMPDIR"], *TRAIN],
        cwd=folder,
        env=environment(folder / "home", **places),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 6
    assert done.stderr.decode().startswith("No temporary file can be written")
    assert not (folder / "models").exists()


def test_two_gigabytes_are_refused_at_once(folder: Path) -> None:
    with (folder / "table.csv").open("wb") as stream:
        stream.write(b"age,ill\n1,0\n")
        stream.truncate(2 << 30)
    assert "reads up to 128 MB" in sentence(medgui(*TRAIN, folder=folder), 3)
    assert left(folder) == []


def test_without_the_libraries_that_train_one_sentence_says_so(folder: Path) -> None:
    blocked = folder / "home" / "blocked"
    blocked.mkdir(parents=True)
    hide = (
        "import importlib.util as u\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda n, *a: None if n == 'lightgbm' else real(n, *a)\n"
    )
    (blocked / "sitecustomize.py").write_text(hide)
    path = os.pathsep.join([str(blocked), environment(folder)["PYTHONPATH"]])
    assert "needs the extra “train”" in sentence(medgui(*TRAIN, folder=folder, PYTHONPATH=path), 2)


def test_an_interrupt_leaves_nothing_behind(folder: Path) -> None:
    arguments = [sys.executable, "-m", "medgui", *TRAIN, "--install"]
    write(clinic(3000), folder / "table.csv")
    with subprocess.Popen(
        arguments,
        cwd=folder,
        env=environment(folder / "home"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert said == b""
    assert left(folder) == []
    assert not (folder / "home" / "data" / "models").exists()


def test_the_roles_of_the_columns_can_be_looked_at_first(folder: Path) -> None:
    shown = json.loads(medgui("train", "table.csv", "--inspect", "--json", folder=folder).out)
    roles = {column["name"]: column["role"] for column in shown["columns"]}
    assert (roles["patient_id"], roles["visit date"], roles["ill"]) == ("id", "leave_out", "label")
    lines = medgui("train", "table.csv", "--inspect", folder=folder).out
    assert "visit date" in lines
    assert left(folder) == []
