import threading
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui import i18n
from medgui.i18n import (
    _,
    format_age,
    format_count,
    format_date,
    format_datetime,
    format_list,
    format_number,
    format_percent,
    format_percent_range,
    format_points,
    format_range,
    localised,
    ngettext,
    set_language,
    using_language,
    with_unit,
)

NB = "\u00a0"


def test_a_sentence_follows_the_language_in_force() -> None:
    assert _("High contrast") == "High contrast"
    set_language("zh")
    assert _("High contrast") == "高对比度"


def test_a_sentence_without_translation_stays_english() -> None:
    set_language("zh")
    assert _("A sentence that no catalogue knows.") == "A sentence that no catalogue knows."


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        set_language("xx")


def test_a_language_can_hold_for_one_thread_only() -> None:
    seen: list[str] = []

    def elsewhere() -> None:
        seen.append(i18n.language())

    with using_language("zh"):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert i18n.language() == "zh"
    assert seen == ["en"]
    assert i18n.language() == "en"


def test_english_plurals_follow_the_number() -> None:
    assert ngettext("{n} result", "{n} results", 1).format(n=1) == "1 result"
    assert ngettext("{n} result", "{n} results", 0).format(n=0) == "0 results"


def test_the_pseudo_locale_stretches_by_two_fifths_and_keeps_placeholders() -> None:
    set_language("pseudo")
    stretched = _("{n} of {total} people")
    assert len(stretched) >= 1.4 * len("{n} of {total} people")
    assert "3 of 5" in stretched.format(n=3, total=5)


def test_texts_of_a_manifest_fall_back_to_english() -> None:
    set_language("zh")
    assert localised({"en": "Age", "zh": "年龄"}) == "年龄"
    assert localised({"en": "Age"}) == "Age"


@pytest.mark.parametrize(
    ("fraction", "english", "chinese"),
    [
        (0.147, f"14.7{NB}%", "14.7%"),
        (0.0045, f"0.45{NB}%", "0.45%"),
        (0.00996, f"1.0{NB}%", "1.0%"),
        (0.0, f"0.0{NB}%", "0.0%"),
        (1.0, f"100.0{NB}%", "100.0%"),
        (0.00001, f"<{NB}0.01{NB}%", f"<{NB}0.01%"),
        (0.99999, f">{NB}99.9{NB}%", f">{NB}99.9%"),
        (0.0745, f"7.5{NB}%", "7.5%"),
    ],
)
def test_a_risk_is_written_by_the_rules_of_its_language(fraction: float, english: str, chinese: str) -> None:
    assert format_percent(fraction) == english
    set_language("zh")
    assert format_percent(fraction) == chinese


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_a_risk_between_none_and_certain_is_never_written_as_either(fraction: float) -> None:
    written = format_percent(fraction)
    assert not written.startswith(("0.0\u00a0", "0.00\u00a0", "100"))


@given(st.floats(min_value=-1e6, max_value=1e6), st.integers(min_value=0, max_value=4))
def test_a_written_number_is_within_half_a_step_of_its_value(value: float, decimals: int) -> None:
    written = float(format_number(value, decimals).replace(i18n.MINUS, "-"))
    assert abs(written - value) <= 0.5 * 10**-decimals * (1 + 1e-9)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_never_written(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        format_number(value, 1)


def test_an_absurd_number_is_written_and_no_fault() -> None:
    assert float(format_number(1e300, 2)) == 1e300


def test_a_number_that_rounds_to_zero_has_no_sign() -> None:
    assert format_number(-0.04, 1) == "0.0"
    assert format_number(0.04, 1, signed=True) == "0.0"


def test_differences_carry_a_sign_and_a_real_minus() -> None:
    assert format_points(0.058) == "+5.8"
    assert format_points(-0.075) == "\u22127.5"


def test_counts_are_grouped() -> None:
    assert format_count(7674) == "7,674"


def test_ranges_have_an_en_dash_and_one_unit() -> None:
    assert format_percent_range(0.113, 0.187) == f"11.3–18.7{NB}%"
    assert format_range("30", "79", "mg/dL") == f"30–79{NB}mg/dL"
    assert format_range("\u22121.0", "2.0") == f"\u22121.0{NB}–{NB}2.0"


def test_both_ends_of_a_range_have_equal_decimals() -> None:
    assert format_percent_range(0.004, 0.016) == f"0.4–1.6{NB}%"
    assert format_percent_range(0.004, 0.006) == f"0.40–0.60{NB}%"


def test_dates_ages_units_and_lists_follow_the_language() -> None:
    day, moment = date(2026, 11, 3), datetime(2026, 11, 3, 9, 42)
    assert format_date(day) == f"3{NB}Nov{NB}2026"
    assert format_datetime(moment) == f"3{NB}Nov{NB}2026, 09:42"
    assert format_age(50) == f"50{NB}y"
    assert format_list(["a", "b"]) == "a, b"
    assert with_unit("5.6", "%") == f"5.6{NB}%"
    set_language("zh")
    assert format_date(day) == "2026-11-03"
    assert format_datetime(moment) == "2026-11-03 09:42"
    assert format_age(50) == "50 岁"
    assert format_list(["a", "b"]) == "a、b"
    assert with_unit("5.6", "%") == "5.6%"


@pytest.mark.parametrize(
    ("setting", "environment", "expected"),
    [
        ("system", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("system", {"LANG": "de_DE.UTF-8"}, "en"),
        ("system", {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("zh", {}, "zh"),
        ("zh", {"MEDGUI_LANG": "en"}, "en"),
        ("en", {"MEDGUI_LANG": "pseudo"}, "pseudo"),
    ],
)
def test_the_starting_language_comes_from_variable_then_setting_then_system(
    monkeypatch: pytest.MonkeyPatch, setting: str, environment: dict[str, str], expected: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "MEDGUI_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert i18n.preferred_language(setting) == expected
