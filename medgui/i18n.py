"""Words and figures in the language of the reader.

`_("English sentence")` looks the sentence up at the moment of the call, so the language can change while the
program runs. The catalogue of a language is every `.po` fragment in `resources/locale/<language>/`. Numbers,
dates and ranges follow section 9 of the design: "14.7 %" and "3 Nov 2026" in English, "14.7%" and
2026-11-03 in Chinese, the minus sign U+2212 and the en dash in both.
"""

import math
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from medgui import po
from medgui.paths import resources_dir

LANGUAGES = {"en": "English", "zh": "简体中文"}
"""Languages a user can choose, each named in itself."""

PSEUDO = "pseudo"
"""A stretched English (+40 %) for layout tests; chosen by `MEDGUI_LANG=pseudo`, never offered to a user."""

NBSP = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_language = "en"
_override: ContextVar[str | None] = ContextVar("medgui_language", default=None)


def language() -> str:
    """Return the language in force here: `en`, `zh` or `pseudo`."""
    return _override.get() or _language


def set_language(code: str) -> None:
    """Choose the language of the whole program; `ValueError` for one that does not exist."""
    global _language
    _language = _known(code)


def preferred_language(setting: str = "system") -> str:
    """Return the language to start in: `MEDGUI_LANG` before the user's *setting* before the system's own."""
    forced = os.environ.get("MEDGUI_LANG", "")
    if forced in LANGUAGES or forced == PSEUDO:
        return forced
    if setting in LANGUAGES:
        return setting
    return "zh" if _system_locale().startswith(("zh", "chinese")) else "en"


def _system_locale() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return os.environ[variable].lower()
    if sys.platform == "win32":
        from medgui.system import windows_language

        return windows_language()
    if sys.platform == "darwin":
        from medgui.system import mac_language

        return mac_language()
    return ""


@contextmanager
def using_language(code: str) -> Iterator[None]:
    """Speak *code* inside the block and in this thread only: a Chinese PDF from an English window."""
    token = _override.set(_known(code))
    try:
        yield
    finally:
        _override.reset(token)


def _known(code: str) -> str:
    if code not in LANGUAGES and code != PSEUDO:
        raise ValueError(f"unknown language {code!r}")
    return code


@cache
def _catalogue(code: str) -> po.Catalogue:
    return {} if code == "en" else po.read_folder(resources_dir() / "locale" / code)


def _look_up(context: str, message: str) -> str:
    code = language()
    if code == "en" or not message:
        return message
    if code == PSEUDO:
        return _stretch(message)
    forms = _catalogue(code).get((context, message))
    return forms[0] if forms else message


def _(message: str) -> str:
    """Translate a whole English sentence; the sentence itself where there is no translation."""
    return _look_up("", message)


def pgettext(context: str, message: str) -> str:
    """Translate *message* as it is meant in *context* ("verb", "laboratory"), where English is ambiguous."""
    return _look_up(context, message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate by number. Write `{n}` in both forms and call `.format(n=n)` on the result."""
    code = language()
    if code in ("en", PSEUDO):
        message = singular if n == 1 else plural
        return _stretch(message) if code == PSEUDO else message
    forms = _catalogue(code).get(("", singular))
    if not forms:
        return singular if n == 1 else plural
    return forms[0] if len(forms) == 1 or n == 1 else forms[1]


def N_(message: str) -> str:
    """Mark *message* for the catalogue without translating it yet; give it to `_` where it is shown."""
    return message


def localised(text: Mapping[str, str]) -> str:
    """Choose from texts that carry their own languages (`{"en": …, "zh": …}`, as a manifest does)."""
    code = _override.get() or _language
    if code == PSEUDO:
        return _stretch(text.get("en", ""))
    return text.get(code) or text.get("en", "")


def _stretch(message: str) -> str:
    """Lengthen by 40 % and bracket, outside of `{placeholders}`, so that clipped text shows."""
    extra = math.ceil(len(message) * 0.4) - 2
    return f"[{message}{'~' * max(extra, 0)}]"


# Figures


_EXACT = Context(prec=400)
"""Enough digits for any number that a float holds: an absurd value is shown as it is, not a fault."""


def format_number(value: float, decimals: int, *, signed: bool = False, grouped: bool = False) -> str:
    """Write *value* with a fixed number of decimals, halves rounded away from zero.

    *signed* puts "+" before a positive number (differences); *grouped* puts "," between thousands (counts).
    Raises `ValueError` for NaN and infinity: they are a fault upstream, never something to show.
    """
    if not math.isfinite(value):
        raise ValueError("a number to show must be finite")
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP, context=_EXACT)
    text = f"{abs(rounded):,f}" if grouped else f"{abs(rounded):f}"
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def format_count(value: int) -> str:
    """Write a count of people or rows: "7,674"."""
    return format_number(value, 0, grouped=True)


def percent_decimals(fraction: float) -> int:
    """Return how many decimals a risk is shown with: 1, and 2 below 1 %."""
    return 2 if 0 < abs(fraction) < 0.00995 else 1


def percent_figure(fraction: float, decimals: int | None = None) -> str:
    """Write a risk in percent without the sign, for places that print the unit beside it: 0.147 → "14.7".

    A risk above 0 never reads 0 and one below 1 never reads 100: "< 0.01", "> 99.9".
    """
    places = percent_decimals(fraction) if decimals is None else decimals
    percent = Decimal(repr(float(fraction))).scaleb(2)
    step = Decimal(1).scaleb(-places)
    if 0 < percent < step / 2:
        return f"<{NBSP}{step:f}"
    if 100 - step / 2 <= percent < 100:
        return f">{NBSP}{100 - step:f}"
    return format_number(float(percent), places)


def format_percent(fraction: float, decimals: int | None = None) -> str:
    """Write a risk or share (0-1): 0.147 → "14.7 %" in English (no-break space), "14.7%" in Chinese."""
    return percent_figure(fraction, decimals) + percent_sign()


def percent_sign() -> str:
    """Return "%" with the space, if any, that the language puts before it."""
    return "%" if language() == "zh" else f"{NBSP}%"


def format_points(fraction: float, decimals: int = 1) -> str:
    """Write a difference of two risks (0-1) in percentage points, signed and without a unit: "+5.8"."""
    return format_number(float(Decimal(repr(float(fraction))).scaleb(2)), decimals, signed=True)


def format_range(lo: str, hi: str, unit: str = "") -> str:
    """Join two written figures by an en dash: "11.3–18.7 %"; the unit stands once, after the second."""
    dash = EN_DASH if MINUS not in lo + hi else f"{NBSP}{EN_DASH}{NBSP}"
    return with_unit(f"{lo}{dash}{hi}", unit)


def format_percent_range(lo: float, hi: float, decimals: int | None = None) -> str:
    """Write an interval of risks (0-1) with equal decimals: "11.3–18.7 %"."""
    places = max(percent_decimals(lo), percent_decimals(hi)) if decimals is None else decimals
    if decimals is None and hi >= 0.00995:
        places = 1
    return format_range(percent_figure(lo, places), percent_figure(hi, places)) + percent_sign()


def with_unit(figure: str, unit: str) -> str:
    """Put a unit after a written figure: "88.0 kg" with a no-break space; "%" by the language's rule."""
    if not unit:
        return figure
    return figure + percent_sign() if unit == "%" else f"{figure}{NBSP}{unit}"


def format_date(day: date) -> str:
    """Write a day: "3 Nov 2026" (no-break spaces) or "2026-11-03"."""
    if language() == "zh":
        return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    return f"{day.day}{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}"


def format_datetime(moment: datetime) -> str:
    """Write a day and a time to the minute: "3 Nov 2026, 09:42" or "2026-11-03 09:42"."""
    time = f"{moment.hour:02d}:{moment.minute:02d}"
    return f"{format_date(moment)} {time}" if language() == "zh" else f"{format_date(moment)}, {time}"


def format_age(years: int) -> str:
    """Write an age in whole years: "50 y" or "50 岁"."""
    return f"{years} 岁" if language() == "zh" else f"{years}{NBSP}y"


def format_list(items: list[str]) -> str:
    """Join items of one kind: "a, b, c" or "a、b、c"."""
    return ("、" if language() == "zh" else ", ").join(items)
