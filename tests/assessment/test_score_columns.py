"""Names of columns and words in cells that a model takes from a table, and those that it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from medgui.assessment.cohort import read_cohort
from medgui.assessment.model_rows import ModelRows
from medgui.assessment.score_columns import answers_of, numbers_of
from medgui.errors import DamagedData, UnreadableFile, UserError
from medgui.inference.catalogue import Catalogue
from medgui.inference.manifest_io import parse_manifest
from tests.helpers import bundles

INPUTS = [
    bundles.age(columns=["age_years", "AGE"]),
    bundles.sex(columns=["Gender"], spellings={"Weiblich": "female"}),
    {"name": "current_smoker", "unit": "1", "required": False, "missing": "branch", "columns": ["smoke"]},
    {
        "name": "stage",
        "unit": "1",
        "required": False,
        "missing": "branch",
        "categories": {"early": 0, "late": 1},
        "spellings": {"I": "early", "IV": "late"},
    },
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    names = [spec["name"] for spec in INPUTS]
    attributes = bundles.random_trees(5, 3, 4, 1)
    golden = np.array([[50.0, 0, 1, np.nan], [60, 1, 0, 1]])
    table = bundles.manifest(
        "words",
        INPUTS,
        [bundles.output("risk")],
        explanation={"method": "none"},
        sexes=["female", "male"],
    )
    bundles.write(tmp_path / "models", table, bundles.tree_graph(names, attributes), golden)
    return Catalogue.load(tmp_path / "models", bundles.TRUST)


def read(catalogue: Catalogue, tmp_path: Path, text: str, *others: str) -> np.ndarray:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    return read_cohort(catalogue, "words", path, others).batch.x


def test_another_name_of_a_column_is_taken_where_the_first_is_absent(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    x = read(catalogue, tmp_path, "Gender,age_years,smoke\nfemale,50,Yes\nmale,61,No\n")
    np.testing.assert_array_equal(x, [[50, 0, 1, np.nan], [61, 1, 0, np.nan]])


def test_the_first_name_wins_over_another_name(catalogue: Catalogue, tmp_path: Path) -> None:
    x = read(catalogue, tmp_path, "AGE,age,sex\n70,50,female\n")
    assert x[0, 0] == 50


def test_two_other_names_of_one_input_are_refused_with_both(catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match=r"AGE.*Keep one") as caught:
        ModelRows(catalogue, "words", ["age_years", "sex", "AGE"])
    assert "age_years" in str(caught.value)


def test_a_column_that_would_be_read_and_stands_twice_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match="two columns AGE"):
        ModelRows(catalogue, "words", ["AGE", "sex", "AGE"])


@pytest.mark.parametrize(
    ("cell", "code"),
    [("female", 0), ("F", 0), ("Women", 0), ("女", 0), ("weiblich", 0), ("MALE", 1), ("m", 1), ("Men", 1)],
)
def test_words_for_a_sex_are_understood(catalogue: Catalogue, tmp_path: Path, cell: str, code: float) -> None:
    assert read(catalogue, tmp_path, f"age,sex\n50,{cell}\n")[0, 1] == code


@pytest.mark.parametrize("cell", ["1", "0", "2", "1.0", "other", "unknown"])
def test_a_number_for_a_sex_is_never_read(catalogue: Catalogue, tmp_path: Path, cell: str) -> None:
    """1 is a man in one data set and a woman in another."""
    assert np.isinf(read(catalogue, tmp_path, f"age,sex\n50,{cell}\n")[0, 1])


@pytest.mark.parametrize(
    ("cell", "code"), [("Never", 0), ("former", 0), ("Current", 1), ("yes", 1), ("0", 0), ("", np.nan)]
)
def test_smoking_history_answers_who_smokes_now(
    catalogue: Catalogue, tmp_path: Path, cell: str, code: float
) -> None:
    x = read(catalogue, tmp_path, f"age,sex,current_smoker\n50,f,{cell}\n")
    np.testing.assert_array_equal(x[0, 2], code)


@pytest.mark.parametrize(
    ("cell", "code"), [("early", 0), ("iv", 1), ("I", 0), ("1", 1), ("III", np.inf), ("never", np.inf)]
)
def test_a_manifest_lists_other_words_of_its_categories(
    catalogue: Catalogue, tmp_path: Path, cell: str, code: float
) -> None:
    assert read(catalogue, tmp_path, f"age,sex,stage\n50,f,{cell}\n")[0, 3] == code


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        ({"I": "middle"}, "inputs[1].spellings"),
        ({"Early": "late"}, "inputs[1].spellings"),
        ({"I": ""}, "spellings"),
        (["I"], "spellings"),
    ],
)
def test_a_wrong_list_of_words_is_refused_by_its_key(spellings: object, key: str) -> None:
    stage = {**INPUTS[3], "spellings": spellings}
    if isinstance(spellings, dict):
        content = bundles.toml(
            bundles.manifest("m", [stage], [bundles.output("risk")], explanation={"method": "none"})
        )
    else:
        content = bundles.toml(bundles.manifest("m", [stage], [bundles.output("risk")]))
    content += '[hashes]\n"model.onnx" = "' + "0" * 64 + '"\n"golden.npz" = "' + "0" * 64 + '"\n'
    content += '"recipe.py" = "' + "0" * 64 + '"\n'
    with pytest.raises(DamagedData) as caught:
        parse_manifest(content.encode(), "manifest.toml", "m")
    assert key in str(caught.value)


def test_a_cohort_has_values_answers_facts_and_further_columns(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "age,sex,died,site,days\n50,f,yes,A,1\n\n61,m,0,,x\n40,f,1\n30,x,,B,2\n", encoding="utf-8"
    )
    seen: list[tuple[int, int]] = []
    cohort = read_cohort(
        catalogue, "words", path, ("died", "site", "days"), progress=lambda *at: seen.append(at)
    )
    assert [cohort.batch.status_of(row) for row in range(4)] == [
        "ready",
        "ready",
        "out_of_scope",
        "out_of_scope",
    ]
    np.testing.assert_array_equal(answers_of(cohort.others["died"]), [1, 0, 1, np.nan])
    np.testing.assert_array_equal(numbers_of(cohort.others["days"]), [1, np.inf, np.nan, 2])
    assert cohort.others["site"].fillna("").tolist() == ["A", "", "", "B"]
    assert cohort.absent == ("current_smoker", "stage")
    assert seen[-1][0] == seen[-1][1] == path.stat().st_size


def test_a_cohort_without_rows_is_empty(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("age,sex,died\n", encoding="utf-8")
    cohort = read_cohort(catalogue, "words", path, ("died",))
    assert len(cohort.batch.status) == len(cohort.others["died"]) == 0


@pytest.mark.parametrize(
    ("header", "words"), [("age,sex", "no column died"), ("age,died,died", "two columns")]
)
def test_a_further_column_must_be_there_once(
    catalogue: Catalogue, tmp_path: Path, header: str, words: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(UserError, match=words):
        read_cohort(catalogue, "words", path, ("died",))


def test_a_row_with_too_many_cells_is_named(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("age,sex\n50,f\n50,f,1\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="Row 3"):
        read_cohort(catalogue, "words", path)


def test_numbers_may_come_as_numbers() -> None:
    np.testing.assert_array_equal(numbers_of(pd.Series([1.0, 2.5])), [1.0, 2.5])
