"""What follows from the country of the clinic stands where the file says nothing, and says so."""

import pytest

from medgui.record.clinic import FROM_CLINIC
from medgui.record.countries import class_of, countries, guideline_region
from medgui.record.model import Answer, Origin
from medgui.record.resolve import resolve
from medgui.record.value import Gap
from medgui.record.variables import VARIABLES
from tests.record.build import AS_OF, record


def of(rec, name: str):
    return resolve(rec, name, as_of=AS_OF)


@pytest.mark.parametrize(
    ("country", "name", "value"),
    [
        ("NLD", "region", "low"),
        ("DEU", "region", "moderate"),
        ("POL", "region", "high"),
        ("ROU", "region", "very_high"),
        ("CHN", "region_asia_pacific", "high"),
        ("JPN", "region_asia_pacific", "low"),
        ("BRA", "country", "BRA"),
        ("CAN", "north_america", 1.0),
        ("MEX", "north_america", 0.0),
    ],
)
def test_a_setting_gives_the_value_and_names_itself_as_its_origin(country: str, name: str, value) -> None:
    found = of(record().at_clinic(country), name)
    assert (found.value, found.origin) == (value, Origin.CLINIC)
    assert found.source.text == countries()[country]["en"]


@pytest.mark.parametrize("name", FROM_CLINIC)
def test_without_a_country_nothing_is_assumed(name: str) -> None:
    assert of(record(), name).gap is Gap.NOT_STATED


@pytest.mark.parametrize(
    ("country", "name"),
    [("USA", "region"), ("CHN", "region"), ("AUS", "region_asia_pacific"), ("FRA", "region_asia_pacific")],
)
def test_a_country_that_a_table_does_not_know_is_left_to_the_doctor(country: str, name: str) -> None:
    assert of(record().at_clinic(country), name).gap is Gap.NOT_STATED


def test_an_answer_for_the_patient_overrules_the_clinic() -> None:
    rec = record().at_clinic("NLD").with_answer(Answer("region", "very_high", "", AS_OF))
    assert (of(rec, "region").value, of(rec, "region").origin) == ("very_high", Origin.ENTERED)


def test_the_patients_own_country_decides_before_the_clinics() -> None:
    rec = record().at_clinic("NLD").with_answer(Answer("country", "ROU", "", AS_OF))
    found = of(rec, "region")
    assert (found.value, found.origin, found.derived_from) == ("very_high", Origin.DERIVED, ("country",))
    abroad = record().at_clinic("NLD").with_answer(Answer("country", "USA", "", AS_OF))
    assert of(abroad, "region").gap is Gap.NOT_STATED
    assert of(abroad, "north_america").value == 1.0


def test_a_record_is_not_made_anew_for_the_same_country() -> None:
    rec = record().at_clinic("NLD")
    assert rec.at_clinic("NLD") is rec
    assert rec.key == record().key


def test_each_country_is_in_one_class_of_a_table_and_known_by_name() -> None:
    for table in ("region", "region_asia_pacific", "north_america", "guidelines"):
        from medgui.record.countries import _table

        listed = [code for codes in _table()[table].values() for code in codes.split()]
        assert len(listed) == len(set(listed))
        assert set(listed) <= set(countries())
    classes = VARIABLES["region"].categories
    assert {class_of("region", code) for code in countries()} == {"", *classes}
    assert set(VARIABLES["country"].categories) == set(countries())


def test_guidelines_of_a_country() -> None:
    found = [guideline_region(code) for code in ("USA", "GBR", "CHN", "DEU", "EGY", "BRA")]
    assert found == ["us", "uk", "china", "europe", "europe", "other"]
