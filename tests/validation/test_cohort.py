"""Who of a clinic's file counts, what its outcome is, and every reason against it in words."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from medgui.errors import UserError
from medgui.inference.catalogue import Catalogue
from medgui.validation.cohort import Local, Roles, load, note_words
from tests.helpers import bundles, cohorts

Load = Callable[..., Local]


@pytest.fixture
def models(tmp_path: Path) -> Catalogue:
    return cohorts.catalogue(tmp_path)


@pytest.fixture
def lines(models: Catalogue) -> list[list[str]]:
    return cohorts.rows(models.get("logistic"), 300)


@pytest.fixture
def read(models: Catalogue, tmp_path: Path) -> Load:
    def _read(rows: list[list[str]], header: tuple[str, ...] = cohorts.HEADER, **roles: object) -> Local:
        path = cohorts.write(tmp_path / "cohort.csv", rows, header)
        return load(models, "logistic", path, Roles(**roles))  # type: ignore[arg-type]

    return _read


def said(local: Local) -> str:
    return " ".join(note_words(note) for note in local.notes)


def changed(lines: list[list[str]], column: str, values: dict[int, str]) -> list[list[str]]:
    place = cohorts.HEADER.index(column)
    return [
        [values.get(n, cell) if i == place else cell for i, cell in enumerate(row)]
        for n, row in enumerate(lines)
    ]


def test_predictions_are_those_of_the_model_and_the_last_column_is_taken_and_said(
    read: Load, models: Catalogue, lines: list[list[str]]
) -> None:
    local = read(lines)
    x = np.array([[float(r[1]), r[2] == "male", float(r[3]), float(r[4])] for r in lines])
    assert np.allclose(local.p, models.get("logistic").run(x)["risk"])
    assert (local.outcome.column, local.outcome.guessed) == ("outcome", True)
    assert local.outcome.y.tolist() == [float(r[5]) for r in lines]
    assert read(lines, label="outcome").outcome.guessed is False


def test_a_column_named_as_the_output_is_the_outcome_wherever_it_stands(
    read: Load, lines: list[list[str]]
) -> None:
    header = ("risk", *cohorts.HEADER[1:5], "note")
    local = read([[r[5], *r[1:5], "x"] for r in lines], header)
    assert (local.outcome.column, local.outcome.guessed) == ("risk", False)


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("TRUE", "false"), ("1.0", "0.0"), ("是", "否")])
def test_yes_and_no_are_understood_as_people_write_them(
    read: Load, lines: list[list[str]], yes: str, no: str
) -> None:
    said = changed(lines, "outcome", {n: yes if r[5] == "1" else no for n, r in enumerate(lines)})
    assert read(said).outcome.y.tolist() == [float(r[5]) for r in lines]


def test_rows_that_do_not_count_are_counted_with_their_reason(read: Load, lines: list[list[str]]) -> None:
    bad = changed(lines, "age", {0: "", 1: "12", 2: "old"})
    bad = changed(bad, "outcome", {3: "", 4: " "})
    bad = changed(bad, "patient_id", {6: "5"})
    local = read(bad)
    assert local.rows == 300
    assert len(local.p) == 300 - 6
    assert sum(local.refused.values()) == 6
    assert local.refused["a person who stands in the file before"] == 1
    assert local.refused["no outcome in column outcome"] == 2
    assert {words for words in local.refused if words.startswith("Age")} == {
        "Age: missing",
        "Age: below the accepted range",
        "Age: not understood",
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (dict.fromkeys(range(300), "0"), "is 0 in all 300 rows"),
        (dict.fromkeys(range(300), "1"), "is 1 in all 300 rows"),
        ({7: "2"}, "holds “2”"),
        ({7: "maybe"}, "holds “maybe”"),
        ({n: "1" if n < 4 else "0" for n in range(300)}, "4 with and 296 without the outcome are too few"),
        (
            dict.fromkeys(range(300), ""),
            "No row of the file can be judged: no outcome in column outcome (300)",
        ),
    ],
)
def test_an_outcome_that_says_nothing_is_refused_in_words(
    read: Load, lines: list[list[str]], values: dict[int, str], said: str
) -> None:
    with pytest.raises(UserError) as error:
        read(changed(lines, "outcome", values))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"label": "glucose"}, "glucose is an input of the model"),
        ({"label": "absent"}, "The file has no column absent."),
        ({"groups": ("ward",)}, "The file has no column ward."),
        ({"time": "age"}, "give --time and --event"),
        ({"time": "glucose", "event": "outcome"}, "Say by --time-unit"),
        ({"output": "other"}, "no output other"),
        ({"time": "glucose", "event": "outcome", "time_unit": "d"}, "states no number of years"),
    ],
)
def test_a_wrong_role_is_refused_in_words(
    read: Load, lines: list[list[str]], roles: dict[str, object], said: str
) -> None:
    with pytest.raises(UserError) as error:
        read(lines, **roles)
    assert said in str(error.value)


def test_a_file_whose_last_column_is_an_input_needs_the_outcome_named(
    read: Load, lines: list[list[str]]
) -> None:
    header = ("outcome", *cohorts.HEADER[1:5])
    with pytest.raises(UserError) as error:
        read([[r[5], *r[1:5]] for r in lines], header)
    assert "say by --label" in str(error.value)


def test_a_header_without_rows_is_refused(read: Load) -> None:
    with pytest.raises(UserError, match="no rows"):
        read([])


def test_people_are_divided_by_sex_age_and_what_is_named(read: Load, lines: list[list[str]]) -> None:
    with_ward = [[*r, "north" if n % 2 else ""] for n, r in enumerate(lines)]
    local = read(with_ward, (*cohorts.HEADER, "ward"), groups=("ward",), label="outcome")
    assert set(local.groups["sex"]) == {"female", "male"}
    assert set(local.groups["ward"]) == {"north", "unknown"}
    assert local.groups["sex"] == [r[2] for r in lines]
    for label, row in zip(local.groups["age"], lines, strict=True):
        lo, hi = (int(part) for part in label.split("-"))
        assert lo <= int(row[1]) <= hi


def test_equal_rows_without_a_patient_number_are_told(read: Load, lines: list[list[str]]) -> None:
    twice = [row[1:] for row in [*lines, *lines[:40]]]
    notes = said(read(twice, cohorts.HEADER[1:]))
    assert "same inputs as an earlier one" in notes


def test_a_patient_number_in_another_spelling_is_the_same_patient(read: Load, lines: list[list[str]]) -> None:
    first = [[f"ab {line[0]}", *line[1:]] for line in lines]
    again = [[f" AB  {line[0]} ", *line[1:]] for line in lines]
    local = read([*first, *again])
    assert (local.rows, len(local.p)) == (2 * len(lines), len(lines))


def test_the_training_data_itself_is_suspected(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    bundle = bundles.tree_bundle(tmp_path / "models")
    models = Catalogue.load(tmp_path / "models", bundles.TRUST)
    own = bundle.reference.background
    others = random.normal(size=(60, 4)).astype(np.float32).astype(float)
    header = ("a", "b", "c", "d", "outcome")

    def notes(x: np.ndarray) -> str:
        cells = [["" if np.isnan(v) else repr(float(v)) for v in row] for row in x]
        path = cohorts.write(tmp_path / "c.csv", [[*row, str(n % 2)] for n, row in enumerate(cells)], header)
        return said(load(models, "trees", path, Roles()))

    assert "whom the model was made from" in notes(np.vstack([own, others]))
    assert "whom the model was made from" not in notes(others)


def test_a_model_of_several_outputs_needs_one_named(tmp_path: Path) -> None:
    bundles.equation_bundle(tmp_path / "models")
    models = Catalogue.load(tmp_path / "models", bundles.TRUST)
    path = cohorts.write(tmp_path / "c.csv", [["50", "120", "1"]], ("age", "pressure", "soon"))
    with pytest.raises(UserError, match="choose one by --output: soon"):
        load(models, "equation", path, Roles())
