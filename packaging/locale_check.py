"""Check the Chinese catalogue against the source: `python packaging/locale_check.py`.

Fails when a message has no translation, a translation is fuzzy, twice and different, or names other
placeholders than the English. `--missing` prints what is missing as .po entries, ready to be filled in;
`--unused` lists translations that no source asks for.
"""

import argparse
import io
import re
import string
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Message
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
PERCENT = re.compile(r"%(?:\(\w+\))?[#0 +-]*\d*(?:\.\d+)?[sdifgxr]")

Key = tuple[str, str]


@dataclass
class Report:
    """What was found. `missing` maps a message to the places that ask for it."""

    missing: dict[Key, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.missing and not self.problems


@dataclass(frozen=True)
class Asked:
    """A message that the source asks for; *plural* is its English plural or empty."""

    key: Key
    plural: str
    place: str


def asked_messages(package: Path) -> Iterator[Asked]:
    """Extract every message from the Python files of *package*."""
    for path in sorted(package.rglob("*.py")):
        with path.open("rb") as stream:
            for line, message, _comments, context in extract(
                "python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}
            ):
                singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
                yield Asked((context or "", singular), plural, f"{path.relative_to(ROOT)}:{line}")


def asked_of_models(models: Path) -> Iterator[Asked]:
    """Give the sources of accepted ranges of every manifest: a result beyond a range is told with its source."""
    for path in sorted(models.glob("*/manifest.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8")).get("inputs", ()):
            if table.get("accepted_source"):
                yield Asked(("", table["accepted_source"]), "", f"{path.relative_to(ROOT)}")


def translations(folder: Path) -> Iterator[tuple[str, Message]]:
    """Read every entry of every fragment, fuzzy ones too, with the name of its file."""
    for path in sorted(folder.glob("*.po")):
        catalogue = pofile.read_po(io.BytesIO(path.read_bytes()), locale="zh_CN", abort_invalid=True)
        for entry in catalogue:
            if entry.id:
                yield path.name, entry


def placeholders(text: str) -> set[str]:
    """Return the names in braces and the percent signs with a letter; `ValueError` for unmatched braces."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return names | set(PERCENT.findall(text))


def check(package: Path, folder: Path) -> Report:
    """Compare the source with the fragments in *folder*."""
    report = Report()
    known: dict[Key, tuple[str, ...]] = {}
    for name, entry in translations(folder):
        key, forms = _key_and_forms(entry)
        where = f"{name}: {key[1]!r}"
        if entry.fuzzy:
            report.problems.append(f"{where} is fuzzy")
        elif key in known and known[key] != forms:
            report.problems.append(f"{where} is translated twice, differently")
        report.problems.extend(f"{where}: {problem}" for problem in _mismatches(entry, forms))
        if all(forms) and not entry.fuzzy:
            known[key] = forms
    places: dict[Key, list[str]] = defaultdict(list)
    for asked in (*asked_messages(package), *asked_of_models(ROOT / "models")):
        places[asked.key].append(asked.place)
    report.missing = {key: where for key, where in places.items() if key not in known}
    report.unused = [message for context, message in known if (context, message) not in places]
    return report


def _key_and_forms(entry: Message) -> tuple[Key, tuple[str, ...]]:
    message = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
    forms = tuple(entry.string) if isinstance(entry.string, tuple | list) else (entry.string,)
    return (entry.context or "", message), forms


def _mismatches(entry: Message, forms: tuple[str, ...]) -> Iterator[str]:
    sources = tuple(entry.id) if isinstance(entry.id, tuple | list) else (entry.id,)
    if len(sources) > 1 and len(forms) != 1:
        yield "Chinese has one plural form"
    for form in filter(None, forms):
        try:
            # A plural form may leave the number out ("one of them"), so the union of the English ones counts.
            if placeholders(form) != set().union(*map(placeholders, sources)):
                yield f"other placeholders in {form!r}"
        except ValueError as error:
            yield f"{error} in {form!r}"


def main() -> int:
    """Print what is wrong and return 1, or a short word and 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--missing", action="store_true", help="print missing entries in .po form")
    parser.add_argument("--unused", action="store_true", help="list translations that nothing asks for")
    options = parser.parse_args()
    report = check(ROOT / "medgui", ROOT / "resources" / "locale" / "zh")
    if options.unused:
        print("\n".join(report.unused))
    for (context, message), where in report.missing.items():
        if options.missing:
            escaped = message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            line = f'msgctxt "{context}"\n' if context else ""
            print(f'#: {where[0]}\n{line}msgid "{escaped}"\nmsgstr ""\n')
        else:
            print(f"{where[0]}: no Chinese for {message!r}")
    for problem in report.problems:
        print(problem)
    if report.good:
        print("locale: every message is translated")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
