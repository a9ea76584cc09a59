"""Checks of the program itself: which build, the clock, the compiled tables, both languages, the workshop."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from functools import partial

from medgui.errors import DamagedData, UserError
from medgui.i18n import LANGUAGES, _, format_count, format_date, format_list
from medgui.paths import models_dir, resources_dir
from medgui.selftest.outcome import Check, Surroundings, note, right, wrong

OLDEST_YEARS = 15
"""A clock that is this far ahead of the build is noted: more likely wrong than a program so old in use."""
LEAST_MESSAGES = 1000
"""The Chinese catalogue holds several thousand; fewer than this is a part of it."""


def check_build(around: Surroundings) -> Check:
    """Name what is installed. A build file that is damaged or of another version is a fault of the installation."""
    build = around.build
    shown = {
        "form": build.form_title,
        "python": build.python,
        "system": build.system,
        "machine": build.machine,
    }
    if build.commit:
        sentence = _("{form}, Python {python}, {system} {machine}, commit {commit} of {date}.")
        words = sentence.format(commit=build.commit[:12], date=build.date, **shown)
    else:
        words = _("{form}, Python {python}, {system} {machine}.").format(**shown)
    return wrong("build", f"{_(build.problem)} {words}") if build.problem else right("build", words)


def check_clock(around: Surroundings, today: date | None = None) -> Check:
    """A clock that stands before the day of the build makes wrong ages, hence wrong risks.

    One day of grace: the build names the day in another time zone than the clinic's.
    """
    today = today or date.today()
    built = _built_on(around)
    shown = format_date(today)
    if built is None:
        return note("clock", _("Today is {today}; there is no date to hold it against.").format(today=shown))
    details = {"today": today.isoformat(), "built": built.isoformat()}
    if today < built - timedelta(days=1):
        sentence = _("Today is {today}, before this build of {built}: set the clock, ages would be wrong.")
        return wrong("clock", sentence.format(today=shown, built=format_date(built)), **details)
    if (today - built).days > OLDEST_YEARS * 366:
        sentence = _("Today is {today}, long after this build of {built}: check the clock.")
        return note("clock", sentence.format(today=shown, built=format_date(built)), **details)
    return right("clock", _("Today is {today}, after this build.").format(today=shown), **details)


def _built_on(around: Surroundings) -> date | None:
    """The newest day that the program itself knows: of its build, or of the signature of its models."""
    from medgui.inference.signatures import default_trust, read_signatures

    days = [around.build.date]
    with suppress(DamagedData):  # which the check of signatures says
        days.append(read_signatures(models_dir(), default_trust()).date)
    known = []
    for day in days:
        try:
            known.append(date.fromisoformat(day[:10]))
        except ValueError:
            continue
    return max(known, default=None)


def check_tables(around: Surroundings) -> Check:
    """Each table of knowledge is what was compiled of it: else it was changed, or damaged, after it was made."""
    from medgui.tables import FILE_NAME, compile_tables, read_table

    folder = resources_dir()
    damaged = _("A table of knowledge is damaged ({kind}); install the program again.")
    try:
        fresh = compile_tables(folder)
        kept = (folder / FILE_NAME).read_bytes()
        names = [line.split(" ", 2)[2] for line in fresh.decode("utf-8").split("\n")[1:-1:2]]
        for name in names:
            read_table(name)
    except (OSError, ValueError, LookupError) as error:
        return wrong("tables", damaged.format(kind=type(error).__name__))
    if kept != fresh:
        sentence = _("A table of knowledge is not what it was when the program was made; install it again.")
        return wrong("tables", sentence, tables=names)
    sentence = _("{n} tables of knowledge are what was compiled of them.")
    return right("tables", sentence.format(n=format_count(len(names))), tables=names)


def check_languages(_around: Surroundings) -> Check:
    """English and Chinese load, and Qt's own words for Chinese are there."""
    from PySide6.QtCore import QLibraryInfo, QTranslator

    from medgui import i18n, po

    messages = len(po.read_folder(resources_dir() / "locale" / "zh"))
    with i18n.using_language("zh"):
        spoken = _("right") != "right"
    own = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    shipped = own.load("qtbase_zh_CN", folder)
    details = {"languages": list(LANGUAGES), "messages": messages, "qtbase_zh_CN": shipped}
    if messages < LEAST_MESSAGES or not spoken:
        return wrong("languages", _("The Chinese words are missing; install the program again."), **details)
    if not shipped:
        sentence = _("Qt’s own Chinese words (qtbase_zh_CN.qm) are missing; install the program again.")
        return wrong("languages", sentence, **details)
    sentence = _("{languages}: {n} messages, and the Chinese words of Qt.")
    words = sentence.format(languages=format_list(list(LANGUAGES.values())), n=format_count(messages))
    return right("languages", words, **details)


def check_workshop(around: Surroundings) -> Check:
    """The libraries that train. A packaged program carries them; a Python package may do without."""
    from medgui.workshop.training import require_extra

    told = partial(wrong if around.build.packaged else note, "workshop")
    try:
        require_extra()
    except UserError as error:
        return told(str(error))
    found = {}
    if not around.quick:
        try:
            found = _versions()
        except ImportError as error:
            return told(_("A library that trains does not load: {name}.").format(name=error.name or "?"))
    return right("workshop", _("The libraries that train models of the clinic are here."), versions=found)


def _versions() -> dict[str, str]:
    import lightgbm
    import scipy
    import sklearn

    return {module.__name__: str(module.__version__) for module in (lightgbm, scipy, sklearn)}
