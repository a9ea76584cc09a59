"""Check of the PDF: a demonstration patient with a difficult name, in both languages, read back by PDFium."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from medgui import i18n
from medgui.errors import MedguiError
from medgui.i18n import _
from medgui.paths import resources_dir
from medgui.selftest.fonts import SAMPLES
from medgui.selftest.outcome import Check, Surroundings, right, wrong

if TYPE_CHECKING:
    from medgui.record.model import Record

DEMO = "marlow_helen.json"
_ASKED = ("prevent",)
"""The model whose result is printed; a whole assessment is the visit's matter."""


def check_report(around: Surroundings) -> Check:
    """The words of the page and the name come out of the PDF as they went in."""
    missing: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for lang in ("en",) if around.quick else ("en", "zh"):
        try:
            pdf, expected = make(around, lang)
            text = "".join(text_of(pdf))
        except (MedguiError, OSError, ValueError) as error:
            sentence = _("No PDF could be made: {reason}")
            return wrong("report", sentence.format(reason=str(error) or type(error).__name__))
        sizes[lang] = len(pdf)
        lost = [words for words in expected if _bare(words) not in _bare(text)]
        if lost:
            missing[lang] = lost
    if missing:
        words = next(iter(missing.values()))[0]
        return wrong("report", _("The PDF lacks “{words}”.").format(words=words), missing=missing)
    if around.quick:
        return right("report", _("A report in English opens and holds its words."), bytes=sizes)
    return right("report", _("Reports in English and Chinese open and hold their words."), bytes=sizes)


def _bare(text: str) -> str:
    """Without blanks and line ends, in small letters: names are printed in capitals, and lines are broken."""
    return "".join(text.split()).lower()


def make(around: Surroundings, lang: str) -> tuple[bytes, list[str]]:
    """The report of a demo patient who bears all sample names, and what has to stand in it."""
    from medgui.assessment.run import assess
    from medgui.report import render

    with i18n.using_language(lang):
        record = named()
        found = assess(record, around.catalogue(), models=_ASKED, country="USA")
        moment = datetime.now().astimezone()
        pdf = render(record, found, lang=lang, now=moment, catalogue=around.catalogue())
        return pdf, [
            _("Clinical decision support report"),
            _("Decision support, not a diagnosis. Estimates describe groups of similar people."),
            SAMPLES["extended_latin"],
            SAMPLES["chinese"],
            SAMPLES["rare_chinese"],
        ]


def named() -> Record:
    """The demo patient under a name that needs every face."""
    from medgui.readers import open_record

    record = open_record(resources_dir() / "demo" / DEMO)
    family = f"{SAMPLES['extended_latin']} {SAMPLES['chinese']}{SAMPLES['rare_chinese']}"
    return replace(record, patient=replace(record.patient, family=family))


def text_of(pdf: bytes) -> list[str]:
    """The text of each page. Raises `ValueError` where PDFium opens no page of it."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    try:
        found = []
        for number in range(len(document)):
            page = document[number]
            words = page.get_textpage()
            found.append(words.get_text_range())
            words.close()
            page.close()
    finally:
        document.close()
    if not found:
        raise ValueError("no page")
    return found
