"""All words that a model is found by: its id, its titles and names in both languages, its question."""

from typing import TYPE_CHECKING

from medgui.i18n import LANGUAGES, localised, using_language
from medgui.inference.questions import question_title
from medgui.ui.palette import searchable

if TYPE_CHECKING:
    from medgui.inference.header import Header


def found_by(header: "Header") -> str:
    """Give the words in lower case, with and without hyphens, and pinyin initials; the id first."""
    said = [header.id, header.id.replace("_", "")]
    for code in LANGUAGES:
        with using_language(code):
            said += [localised(header.title), localised(header.name), question_title(header.question)]
    words = " ".join(said)
    return searchable(f"{words} {words.replace('-', '')}")
