"""The narrative of C-CDA sections: as text to show, and the rows that no entry stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medgui.readers.ccda_file import Section
from medgui.readers.limits import clean, shortened
from medgui.readers.xml_place import Node

_LONGEST = 200_000
_MOST_COMPARISONS = 1_000_000
"""Rows times names up to which names are looked for in rows; beyond, only references tell (a second of work)."""
_HEADS = frozenset({
    "name", "code", "system", "date", "dates", "status", "type", "description", "problem", "condition", "medication",
    "dose", "route", "frequency", "instructions", "substance", "allergen", "allergy", "reaction", "reactions",
    "severity", "vaccine", "vaccination", "immunization", "procedure", "provider", "comments", "notes", "diagnosis",
    "onset", "location", "dosage", "start", "stop", "end", "directions", "drug", "lot", "manufacturer", "member",
    "relationship", "reason", "product", "time", "details",
})  # fmt: skip
"""Words in heads of columns, where a table does not mark its head."""
_BLOCKS = frozenset({"paragraph", "item", "caption", "footnote", "title", "p", "div"})


def narrative_text(node: Node) -> str:
    """The text of a narrative block: a line for each paragraph, list item and table row ("a | b | c")."""
    lines = [" ".join(line.split()) for line in "".join(_pieces(node)).split("\n")]
    return shortened("\n".join(line for line in lines if line), _LONGEST)


def _pieces(node: Node) -> Iterator[str]:
    yield clean(node.text or "").replace("\n", " ")
    for part in node:
        if not isinstance(part, Node):
            continue
        if part.tag == "tr":
            cells = [child.words() for child in part.children("td", "th")]
            yield "\n" + " | ".join(cells) + "\n" if any(cells) else ""
        elif part.tag == "br":
            yield "\n"
        elif part.tag in _BLOCKS:
            yield "\n"
            yield from _pieces(part)
            yield "\n"
        else:
            yield from _pieces(part)
        yield clean(part.tail or "").replace("\n", " ")


def rows_without_entry(section: Section, names: Iterable[str], items: int) -> int:
    """How many rows of the section's tables and lists none of the *items* that were read stands for.

    A row has one where an entry refers to an ID in or around it, or where it holds one of *names* (names and
    codes of what was read). Heads, rows with one cell of several, and as many rows as there are entries do not count.
    """
    rows = list(_rows(section.node.child("text"), frozenset()))
    entries = max(items, sum(1 for _entry in section.entries))
    if len(rows) <= entries:
        return 0
    referred = _referred(section)
    known = {name.lower() for name in names if len(name) > 3}
    if len(rows) * len(known) > _MOST_COMPARISONS:
        known = set()
    lost = [
        words
        for words, ids in rows
        if not ids & referred and not any(name in words.lower() for name in known)
    ]
    return min(len(lost), len(rows) - entries)


def _referred(section: Section) -> set[str]:
    found = set()
    for entry in section.node.children("entry"):
        found |= {(node.get("value") or "").removeprefix("#") for node in entry.iter("reference")}
    return found


def _rows(node: Node, around: frozenset[str]) -> Iterator[tuple[str, set[str]]]:
    """Outermost rows and list items with the IDs in and around them."""
    for part in node:
        if not isinstance(part, Node) or part.tag == "thead":
            continue
        if part.tag in ("tr", "item"):
            if part.tag == "item" or _is_row(part):
                own = {item.get("ID", "") for item in part.iter()} - {""}
                yield part.words(), own | around
            continue
        name = part.get("ID")
        yield from _rows(part, around | {name} if name and part.tag in ("tbody", "list") else around)


def _is_row(row: Node) -> bool:
    """Whether a table row lists something: a cell that is no head, and more than one that is not empty."""
    cells = list(row.children("td", "th"))
    filled = [cell for cell in cells if cell.words()]
    if not any(cell.tag == "td" for cell in filled):
        return False
    if _is_head(filled):
        return False
    return len(filled) > 1 or len(cells) == 1


def _is_head(cells: list[Node]) -> bool:
    """Whether cells are names of columns: no figure, and words of heads in two of them."""
    texts = [cell.words().lower() for cell in cells]
    if any(sign.isdigit() for text in texts for sign in text):
        return False
    return sum(not _HEADS.isdisjoint(text.replace(":", " ").split()) for text in texts) > 1
