"""What the workshop makes of a table: roles of columns, units, and what is wrong, each in one sentence."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from medgui.errors import UnreadableFile, UserError
from medgui.workshop import table as tables
from medgui.workshop.plan import Plan, inspect_table
from tests.workshop.tables import clinic, write


@pytest.fixture
def frame() -> pd.DataFrame:
    return clinic(300)


def plan_of(frame: pd.DataFrame, path: Path, label: str = "", **options: object) -> Plan:
    return inspect_table(write(frame, path / "table.csv"), label, **options)  # type: ignore[arg-type]


def blocking(plan: Plan) -> list[str]:
    return [note.code for note in plan.notes if note.blocks]


def test_each_column_gets_its_role_and_standard_inputs_are_recognised(
    frame: pd.DataFrame, tmp_path: Path
) -> None:
    plan = plan_of(frame, tmp_path)
    roles = {column.name: column.role for column in plan.columns}
    assert roles == {
        "patient_id": "id",
        "age": "input",
        "sex": "input",
        "marker (ng/mL)": "input",
        "stain": "input",
        "smokes": "input",
        "ethnicity": "group",
        "visit date": "leave_out",
        "ill": "label",
    }
    assert (plan.label, plan.positive) == ("ill", "1")
    age, sex, marker, stain = (plan.column(name) for name in ("age", "sex", "marker (ng/mL)", "stain"))
    assert (age.input, age.unit, age.standard) == ("age", "a", True)
    assert sex.categories == {"female": 0.0, "male": 1.0}
    assert sex.codes == {"F": 0.0, "M": 1.0}
    assert (marker.input, marker.unit, marker.standard) == ("marker", "ng/mL", False)
    assert marker.title == {"en": "marker", "zh": "marker"}
    assert stain.categories == {"none": 0.0, "strong": 1.0, "weak": 2.0}
    assert not blocking(plan)


def test_the_outcome_may_be_named_and_its_event_chosen(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame = frame.assign(ill=np.where(frame.ill == 1, "relapse", "remission"))
    plan = plan_of(frame, tmp_path, "ill")
    assert blocking(plan) == ["no_event"]
    assert plan_of(frame, tmp_path, "ill", positive="relapse").positive == "relapse"
    with pytest.raises(UserError, match="no column “ills”"):
        plan_of(frame, tmp_path, "ills")


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda f: f.assign(ill=0), "one_class", "nothing to learn"),
        (lambda f: f.head(12), "few_rows", "12 rows with an outcome are too few"),
        (
            lambda f: f.assign(ill=(np.arange(len(f)) < 4).astype(int)),
            "few_events",
            "4 people with the event",
        ),
        (lambda f: f.assign(leak=f.ill * 2 + 1, ill=f.ill), "leak", "Column “leak” alone tells the outcome"),
        (
            lambda f: f.assign(lab=["<5" if n == 7 else str(n % 40) for n in range(len(f))], ill=f.ill),
            "words_in_numbers",
            "Column “lab” holds “<5” in row 9, where a number belongs",
        ),
        (lambda f: f.assign(glucose=np.linspace(4, 7, len(f)), ill=f.ill), "unit_unsure", "look like mmol/L"),
    ],
)
def test_what_stands_in_the_way_is_a_note_that_blocks(
    change: object, code: str, said: str, frame: pd.DataFrame, tmp_path: Path
) -> None:
    changed = change(frame)  # type: ignore[operator]
    changed = changed[[name for name in changed if name != "ill"] + ["ill"]]
    found = [note for note in plan_of(changed, tmp_path).notes if note.blocks]
    assert [note.code for note in found] == [code]
    assert said in found[0].message


@pytest.mark.parametrize(
    ("values", "code", "kind"),
    [
        (lambda n: ["same"] * n, "constant", "constant"),
        (lambda n: [""] * n, "empty", "empty"),
        (lambda n: [f"word {i}" for i in range(n)], "free_text", "identifier"),
    ],
)
def test_a_column_that_tells_nothing_is_left_out_and_named(
    values: object, code: str, kind: str, frame: pd.DataFrame, tmp_path: Path
) -> None:
    frame.insert(1, "odd", values(len(frame)))  # type: ignore[operator]
    plan = plan_of(frame, tmp_path)
    assert (plan.column("odd").role, plan.column("odd").kind) == ("leave_out", kind)
    assert code in [note.code for note in plan.notes if note.column == "odd"]
    assert not blocking(plan)


def test_leaving_a_leaking_column_out_settles_it(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame.insert(1, "leak", frame.ill)
    assert blocking(plan_of(frame, tmp_path)) == ["leak"]
    assert not blocking(plan_of(frame, tmp_path, roles=[("leak", "leave_out")]))


def test_numbers_for_the_sexes_are_never_guessed(frame: pd.DataFrame, tmp_path: Path) -> None:
    plan = plan_of(frame.assign(sex=(frame.sex == "M").astype(int)), tmp_path)
    assert (plan.column("sex").input, plan.column("sex").standard) == ("sex_code", False)
    assert "sex_codes" in [note.code for note in plan.notes]


def test_an_own_input_never_has_the_name_of_a_standard_one(frame: pd.DataFrame, tmp_path: Path) -> None:
    words = np.resize(["low", "high"], len(frame))
    plan = plan_of(frame.assign(glucose=words, Age=frame.age * 1.01, ill=frame.ill), tmp_path, "ill")
    found = {column.name: (column.input, column.standard) for column in plan.columns}
    assert found["glucose"] == ("own_glucose", False)
    assert found["age"] == ("age", True)
    assert found["Age"] == ("own_age", False)


def test_people_who_stand_twice_in_the_table_are_counted(frame: pd.DataFrame, tmp_path: Path) -> None:
    twice = pd.concat([frame, frame.head(20)])
    assert plan_of(twice, tmp_path).repeated == 40
    without = twice.drop(columns="patient_id").assign(a=twice["marker (ng/mL)"] * 3, b=twice.age * 1.5)
    without = without[[name for name in without if name != "ill"] + ["ill"]]
    assert plan_of(without, tmp_path).repeated == 40


def test_two_gigabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.write(b"a,b\n1,0\n")
        stream.truncate(2 << 30)  # a hole: no byte of it is written, and none may be read
    with pytest.raises(UnreadableFile, match=r"huge\.csv has 2,048 MB and the workshop reads up to 128 MB"):
        inspect_table(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a,a\n1,2\n", "Two columns of the table are named “a”"),
        (b"a,b\n1,2,3\n", "Row 2 has 3 cells"),
        ("a,b\n1,é\n".encode("latin-1"), "encoding of table.csv cannot be told for sure"),
        (b"PK\x03\x04", "not a CSV"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(UnreadableFile, match=said):
        inspect_table(tmp_path / "table.csv")


def test_semicolons_and_decimal_commas_are_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id;wert;ill\n" + "".join(f"{n};{n},5;{n % 2}\n" for n in range(60)), encoding="utf-8")
    table = tables.read_table(path)
    values, strange = table.numbers("wert")
    assert not strange
    assert values[:3].tolist() == [0.5, 1.5, 2.5]
