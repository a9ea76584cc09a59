"""`medgui validate`: a cohort in, figures and a verdict out, and on request a recalibrated version that stands in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medgui.cli import main
from medgui.evaluation.figures import logit, sigmoid
from medgui.inference.catalogue import Catalogue
from medgui.paths import user_data_dir
from medgui.settings import Settings
from tests.helpers import cohorts

Capture = pytest.CaptureFixture[str]
HEADER = ("age", "sex", "died")


def cohort(path: Path, people: int = 600, shift: float = 0.0, seed: int = 2) -> Path:
    """People of whom only age and sex are known; their log odds are those of `mortality_10y` plus *shift*."""
    bundle = Catalogue.load().get("mortality_10y")
    random = np.random.default_rng(seed)
    age, male = random.integers(30, 85, people), random.integers(0, 2, people)
    x = np.full((people, len(bundle.input_names)), np.nan)
    x[:, bundle.input_names.index("age")] = age
    x[:, bundle.input_names.index("sex")] = male
    p = bundle.run(x)["death_10y"]
    died = random.random(people) < sigmoid(shift + logit(p))
    lines = [[str(a), ("female", "male")[m], str(int(d))] for a, m, d in zip(age, male, died, strict=True)]
    return cohorts.write(path, lines, HEADER)


def run(capsys: Capture, *arguments: str | Path) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def as_json(capsys: Capture, *arguments: str | Path) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_json_is_the_documented_schema_and_without_rows_of_patients(tmp_path: Path, capsys: Capture) -> None:
    result = as_json(capsys, "validate", "mortality_10y", cohort(tmp_path / "c.csv"), "--label", "died")
    assert result["schema"] == "medgui.validation/1"
    assert (result["model"], result["output"]) == ("mortality_10y", "death_10y")
    assert result["cohort"]["rows"] == result["cohort"]["used"] == 600
    assert result["cohort"]["outcome_assumed"] is False
    assert result["verdict"]["code"] in ("fits", "unclear")
    figures = {(row["group"], row["metric"]): row for row in result["figures"]}
    for metric in ("auroc", "average_precision", "brier", "calibration_slope", "sensitivity@0.1"):
        row = figures["all", metric]
        assert row["lo"] <= row["value"] <= row["hi"], metric
    assert ("sex: female", "auroc") in figures
    assert ("sex", "calibration_gap") in figures
    assert len(result["decision_curve"]) == 50


def test_the_text_begins_with_the_verdict_and_says_which_column_was_taken(
    tmp_path: Path, capsys: Capture
) -> None:
    code, out, _err = run(capsys, "validate", "mortality_10y", cohort(tmp_path / "c.csv", shift=1.0))
    assert code == 0
    lines = out.splitlines()
    assert "predicts too low here: of 100 people" in lines[2]
    assert "Nobody named the outcome: the last column, died, was taken." in out
    assert "Recalibration on local patients is advisable." in out


def test_the_result_is_kept_for_the_models_page_and_written_where_asked(
    tmp_path: Path, capsys: Capture
) -> None:
    path = cohort(tmp_path / "c.csv")
    for name in ("out.json", "out.txt"):
        assert run(capsys, "validate", "mortality_10y", path, "-o", tmp_path / name)[0] == 0
    kept = json.loads((user_data_dir() / "validation" / "mortality_10y.json").read_text(encoding="utf-8"))
    assert kept == json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert "AUROC" in (tmp_path / "out.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "options", "code", "said"),
    [
        ("age,sex,died\n", (), 2, "no rows"),
        ("", (), 3, "The file is empty."),
        ("age,sex,died\n50,male,2\n", (), 2, "The outcome “died” holds “2”"),
        ("age,sex,died\n" + "50,male,1\n" * 40, (), 2, "is 1 in all 40 rows"),
        ("age,sex,died\n" + "50,male,1\n" * 9 + "50,male,0\n" * 30, (), 2, "too few to judge"),
        ("age,sex,died\n50,male,1\n", ("--label", "gone"), 2, "no column gone"),
        ("age,sex,died\n50,male,1\n", ("--label", "age"), 2, "is an input of the model"),
        ("age,sex,died\n50,male,1\n", ("--threshold", "1.5"), 2, "between 0 and 1"),
        ("age,sex,died\n50,male,1\n", ("--time", "age"), 2, "give --time and --event"),
        ("age,sex,died\n50,male,1,9\n", (), 3, "Row 2 has 4 cells"),
        ("age,sex,died\n" + "5,male,1\n" * 40, (), 2, "No row of the file can be judged"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing_behind(
    tmp_path: Path, capsys: Capture, content: str, options: tuple[str, ...], code: int, said: str
) -> None:
    path = tmp_path / "c.csv"
    path.write_text(content)
    out = tmp_path / "out.json"
    try:
        found = main(["validate", "mortality_10y", str(path), "-o", str(out), *options])
    except SystemExit as error:
        found = error.code  # type: ignore[assignment]
    shown = capsys.readouterr()
    assert found == code
    assert said in shown.err
    assert len(shown.err.strip().splitlines()) == 1
    assert shown.out == ""
    assert not out.exists()
    assert not (user_data_dir() / "validation").exists()


@pytest.mark.parametrize(
    ("model", "file", "code", "said"),
    [
        ("absent", "c.csv", 4, "There is no model “absent”."),
        ("mortality_10y", "absent.csv", 3, "absent.csv cannot be opened"),
        ("ckd_epi_2021", "c.csv", 2, "gives no probability"),
        ("prevent", "c.csv", 2, "several outputs"),
    ],
)
def test_what_cannot_be_judged_is_said(
    tmp_path: Path, capsys: Capture, model: str, file: str, code: int, said: str
) -> None:
    cohort(tmp_path / "c.csv", 50)
    found, out, err = run(capsys, "validate", model, tmp_path / file)
    assert (found, out) == (code, "")
    assert said in err


def test_an_output_that_cannot_be_written_ends_with_6(tmp_path: Path, capsys: Capture) -> None:
    path = cohort(tmp_path / "c.csv", 300)
    code, _out, err = run(capsys, "validate", "mortality_10y", path, "-o", tmp_path / "no" / "out.json")
    assert code == 6
    assert "its folder does not exist" in err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions bind others than root")
def test_where_the_result_cannot_be_kept_it_is_printed_all_the_same(tmp_path: Path, capsys: Capture) -> None:
    user_data_dir().mkdir(parents=True)
    user_data_dir().chmod(0o500)
    code, out, err = run(capsys, "validate", "mortality_10y", cohort(tmp_path / "c.csv", 300))
    user_data_dir().chmod(0o700)
    assert code == 0
    assert "AUROC" in out
    assert "cannot be kept" in err


def test_a_recalibrated_version_stands_in_and_the_original_can_be_had_again(
    tmp_path: Path, capsys: Capture, repository: Path
) -> None:
    path = cohort(tmp_path / "c.csv", 1200, shift=1.0)
    result = as_json(capsys, "validate", "mortality_10y", path, "--recalibrate")
    made = result["recalibration"]
    assert (made["model"], made["version"]) == ("mortality_10y_local", f"{result['version']}+local.1")
    patient = repository / "resources" / "demo" / "bauer_anna.json"

    def deaths(*options: str) -> dict[str, dict[str, Any]]:
        found = as_json(capsys, "assess", patient, *options)["findings"]
        return {f["model"]: f for f in found if f["model"].startswith("mortality")}

    shown = deaths()
    assert set(shown) == {"mortality_10y_local"}
    assert any(c["code"] == "recalibrated_here" for c in shown["mortality_10y_local"]["cautions"])
    asked = deaths("--model", "mortality_10y")
    assert set(asked) == {"mortality_10y"}
    old, new = (next(iter(d.values()))["outputs"][0]["value"] for d in (asked, shown))
    assert new == pytest.approx(
        float(sigmoid(made["intercept"] + made["slope"] * logit(np.array(old)))), abs=1e-5
    )
    settings = Settings.load()
    settings.use_original("mortality_10y", True)
    settings.save()
    assert set(deaths()) == {"mortality_10y"}
    settings.use_original("mortality_10y", False)
    settings.save()
    assert set(deaths()) == {"mortality_10y_local"}
    assert run(capsys, "models", "verify")[0] == 0
    assert "recalibrated in this clinic" in run(capsys, "models", "show", "mortality_10y_local")[1]


def test_a_version_of_another_file_of_the_original_does_not_stand_in(
    tmp_path: Path, capsys: Capture, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_json(capsys, "validate", "mortality_10y", cohort(tmp_path / "c.csv", 1200, shift=1.0), "--recalibrate")
    catalogue = Catalogue.load()
    catalogue.bundles["mortality_10y"].files = {
        **catalogue.bundles["mortality_10y"].files,
        "model.onnx": "0" * 64,
    }
    from medgui.assessment.stand_ins import left_out

    assert left_out(catalogue) == {"mortality_10y_local"}


def test_a_recalibration_that_is_refused_says_why_and_makes_nothing(tmp_path: Path, capsys: Capture) -> None:
    path = cohort(tmp_path / "c.csv", 600)
    code, out, err = run(capsys, "validate", "mortality_10y", path, "--recalibrate")
    assert (code, out) == (2, "")
    assert "stays as it is" in err
    assert not (user_data_dir() / "models").exists()


def test_it_speaks_chinese(tmp_path: Path, capsys: Capture) -> None:
    _code, out, _err = run(
        capsys, "validate", "mortality_10y", cohort(tmp_path / "c.csv", shift=1.0), "--lang", "zh"
    )
    assert "AUROC" in out
    assert "建议" in out
    assert "Recalibration" not in out
