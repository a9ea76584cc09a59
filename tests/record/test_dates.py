from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.record.dates import age_range, age_years, completed_years, day, days_between, moment, span


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-11-03", date(2026, 11, 3), date(2026, 11, 3)),
        ("2026-11-03T23:30:00-05:00", date(2026, 11, 3), date(2026, 11, 3)),
        ("20261103", date(2026, 11, 3), date(2026, 11, 3)),
    ],
)
def test_a_partial_date_spans_all_days_it_may_mean(iso: str, first: date, last: date) -> None:
    assert span(iso) == (first, last)


@pytest.mark.parametrize("iso", ["", "yes", "2026-13-01", "2026-02-30", "03.11.2026"])
def test_what_is_no_iso_date_is_none(iso: str) -> None:
    assert span(iso) is None
    assert day(iso) is None


def test_a_day_is_only_what_is_exact() -> None:
    assert day("2026-11") is None
    assert day("2026-11-03T10:00") == date(2026, 11, 3)


def test_an_age_changes_on_the_birthday() -> None:
    born = date(1976, 5, 1)
    assert completed_years(born, date(2026, 4, 30)) == 49
    assert completed_years(born, date(2026, 5, 1)) == 50
    assert age_years(born, date(2026, 5, 1)) == 50.0
    assert age_years(date(2000, 2, 29), date(2001, 2, 28)) < 1.0


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 2), date(2100, 1, 1)))
def test_age_as_a_fraction_agrees_with_completed_years(born: date, at: date) -> None:
    assert int(age_years(born, at)) == completed_years(born, at)
    assert 0 <= age_years(born, at) - completed_years(born, at) < 1


def test_a_partial_birth_date_gives_a_range_of_ages() -> None:
    assert age_range("1976", "2026-11-10") == (49, 50)
    assert age_range("1976-05", "2026-11-10") == (50, 50)
    assert age_range("1976-11", "2026-11-10") == (49, 50)
    assert age_range("", "2026-11-10") is None


def test_days_between_partial_dates_are_the_most_they_can_be() -> None:
    assert days_between("2026-01-01", "2026-01-31") == 30
    assert days_between("2026-01", "2026-01-31") == 30
    assert days_between("", "2026-01-31") is None


def test_times_of_one_day_sort_by_the_clock_and_no_time_sorts_first() -> None:
    times = ["2026-11-03T09:00", "", "2026-11-03T08:00", "2025"]
    assert sorted(times, key=moment) == ["", "2025", "2026-11-03T08:00", "2026-11-03T09:00"]
