"""What a clinic's own model brings: readers know its columns, and never at the price of a standard input."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from medgui.readers import open_record
from medgui.readers.table_mapping import heading_target
from medgui.record import variables
from medgui.record.resolve import resolve
from medgui.record.variables import DisplayUnit, Variable, by_alias, declare


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Leave no declared input to the next test."""
    before = dict(variables._declared)
    yield
    variables._declared.clear()
    variables._declared.update(before)
    variables._load.cache_clear()
    variables._aliases.cache_clear()
    heading_target.cache_clear()


def own(name: str, title: str, *aliases: str) -> Variable:
    shown = DisplayUnit("ng/mL", 2)
    return Variable(
        name, {"en": title, "zh": title}, "quantity", "own", "ng/mL", shown, shown, aliases=aliases
    )


def test_a_column_is_recognised_as_soon_as_its_model_is_known(tmp_path: Path) -> None:
    path = tmp_path / "patient.csv"
    path.write_text("patient_id,sex,birth_date,date,own marker (ng/mL)\nP1,F,1970-01-01,2026-01-02,3.5\n")
    assert heading_target("own marker", "wide") == ""
    assert resolve(open_record(path), "own_marker", as_of="2026-01-03").value is None
    declare([own("own_marker", "Own marker")])
    assert heading_target("own marker", "wide") == "own_marker"
    assert resolve(open_record(path), "own_marker", as_of="2026-01-03").value == 3.5


def test_an_own_input_never_takes_a_name_from_a_standard_one() -> None:
    declare([own("own_creatinine", "Creatinine", "creatinine", "sex", "age")])
    for heading in ("Creatinine", "creatinine", "age"):
        found = by_alias(heading)
        assert found is not None
        assert found.name == heading.lower()
    assert heading_target("sex", "wide") == "sex"
