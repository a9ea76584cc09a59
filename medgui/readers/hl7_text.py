"""HL7 v2 as text: character sets, frames, line ends, messages, segments, fields and escapes.

A message names its own separators in its first segment (HL7 v2.9 chapter 2); nothing here knows what a field means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.i18n import _, format_count
from medgui.readers.hl7_charset import decoded_message
from medgui.readers.limits import clean
from medgui.readers.patient_file import PatientFile
from medgui.record.model import Source, Unread

HEADERS = ("MSH", "FHS", "BHS")
_LINE = re.compile("\r\n|\r|\n")
_FRAME = "\x00\x0b\x1c\ufeff"
"""Signs around messages on a line (MLLP), marks of byte order and padding."""
_NAME = re.compile("[A-Za-z][A-Za-z0-9]{2}")
_MOST_FIELDS, _MOST_PARTS = 400, 1000
"""Far above any segment of the standard (PID has 40 fields); what lies beyond stays in the last part."""
_MOST_LINES = 600_000
_PROSE = ("TX", "FT", "ST", "")


@frozen
class Delimiters:
    """The signs that one message separates its parts with."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    codec: str = "utf-8"

    def plain(self, text: str) -> str:
        """A part with its escapes resolved; highlighting and changes of the character set are left out."""
        if not self.escape or self.escape not in text:
            return text
        sign = re.escape(self.escape)
        return re.sub(f"{sign}([^{sign}\r\n]{{1,200}}?){sign}", lambda found: self._resolved(found), text)

    def _resolved(self, found: re.Match[str]) -> str:
        inner = found[1]
        letter, rest = inner[0].upper(), inner[1:]
        if not rest and letter in "FSTREHN":
            signs = (self.field, self.component, self.subcomponent, self.repetition, self.escape, "", "")
            return signs["FSTREHN".index(letter)]
        if letter == "." and re.fullmatch(r"(br|sp|ce|in|ti|fi|nf|sk)\s?[+-]?\d*", rest, re.IGNORECASE):
            return _layout(rest.lower())
        if letter == "X" and rest and not len(rest) % 2 and re.fullmatch("[0-9A-Fa-f]+", rest):
            return bytes.fromhex(rest).decode(self.codec, "replace").replace("\r\n", "\n").replace("\r", "\n")
        if (letter == "C" and re.fullmatch("[0-9A-Fa-f]{4}", rest)) or (
            letter == "M" and re.fullmatch("[0-9A-Fa-f]{4,6}", rest)
        ):
            return ""
        return "" if letter == "Z" and rest else found[0]


def _layout(command: str) -> str:
    if command.startswith("sk"):
        return " " * min(int(command[2:].strip(" +-") or 1), 80)
    return "\n" if command[:2] in ("br", "sp", "ce") else ""


class Part:
    """One repetition of a field. Components and subcomponents are counted from 1, as the standard does."""

    __slots__ = ("_pieces", "raw", "signs")

    def __init__(self, raw: str, signs: Delimiters) -> None:
        self.raw = raw
        self.signs = signs
        self._pieces = raw.split(signs.component, _MOST_PARTS)

    def text(self, component: int = 1, subcomponent: int = 1) -> str:
        """A subcomponent on one line, fit to be shown; "" where it is absent or the explicit null `""`."""
        prose = self.prose(component, subcomponent)
        return clean(" ".join(prose.split())) if prose else ""

    def prose(self, component: int = 1, subcomponent: int = 1) -> str:
        """A subcomponent with its line breaks, else as `text`."""
        if component > len(self._pieces):
            return ""
        piece = self._pieces[component - 1]
        if not piece:
            return ""
        if self.signs.subcomponent in piece:
            inner = piece.split(self.signs.subcomponent, _MOST_PARTS)
            piece = inner[subcomponent - 1] if subcomponent <= len(inner) else ""
        elif subcomponent > 1:
            return ""
        return "" if piece == '""' else self.signs.plain(piece).strip(" \t\r\n")

    def whole(self) -> str:
        """All of it, escapes resolved, for a value whose type has no components."""
        return "" if self.raw == '""' else self.signs.plain(self.raw).strip(" \t\r\n")

    def words(self) -> str:
        """All parts on one line, separated by blanks: a name, an address, a number with its kind."""
        bare = self.raw.replace(self.signs.subcomponent, " ").replace(self.signs.component, " ")
        return clean(" ".join(self.signs.plain(bare.replace('""', "")).split()))


@dataclass(slots=True)
class Segment:
    """One segment with its place in the file. Fields are counted from 1 as in the standard."""

    name: str
    fields: list[str]
    line: int
    signs: Delimiters

    def parts(self, number: int) -> list[Part]:
        """The repetitions of a field that hold something."""
        raw = self.fields[number] if number < len(self.fields) else ""
        if not raw or raw.isspace():
            return []
        if self.signs.repetition not in raw:
            return [Part(raw, self.signs)]
        cut = raw.split(self.signs.repetition, _MOST_PARTS)
        return [Part(piece, self.signs) for piece in cut if piece.strip()]

    def part(self, number: int) -> Part:
        """The first repetition of a field; an empty one where it holds nothing."""
        found = self.parts(number)
        return found[0] if found else Part("", self.signs)

    def text(self, number: int, component: int = 1, subcomponent: int = 1) -> str:
        """A part of a field's first repetition, fit to be shown."""
        return self.part(number).text(component, subcomponent)

    def raw(self, number: int) -> str:
        """A field as it stands, fit to be shown."""
        return clean(self.fields[number].strip()) if number < len(self.fields) else ""

    def source(self, file: str, text: str = "", section: str = "") -> Source:
        """Provenance of what this segment says."""
        place = _("{place}, line {line}").format(place=self.name, line=self.line)
        return Source(file, place, text, self.line, section)

    def not_read(self, reason: str, section: str = "") -> Unread:
        """The note that this segment, or a part of it, was not read."""
        return Unread(self.name, reason, self.line, section)


@dataclass(slots=True)
class Message:
    """One message: its first segment and the others in file order."""

    header: Segment
    segments: list[Segment] = field(default_factory=list)

    @property
    def kind(self) -> tuple[str, str]:
        """Type and event: ("ORU", "R01"). Version 2.1 writes the type alone; some write "ORU_R01"."""
        part = self.header.part(9)
        first, event = part.text(1).upper(), part.text(2).upper()
        if not event and "_" in first:
            first, event = first.split("_", 1)
        return first, event


@dataclass(slots=True)
class Hl7File:
    """All messages of a file with what of it is no segment."""

    name: str
    messages: list[Message]
    unread: list[Unread]


def open_hl7(file: PatientFile) -> Hl7File:
    """Take a file apart. `UnreadableFile` where it has no message or more lines than are read."""
    text, codec, note = decoded_message(file)
    count = text.count("\n") + text.count("\r")
    if count > _MOST_LINES:
        sentence = _("{file} holds {count} lines; medgui reads up to {limit}.")
        shown, limit = format_count(count), format_count(_MOST_LINES)
        raise UnreadableFile(sentence.format(file=file.name, count=shown, limit=limit))
    for sign in _FRAME:
        text = text.replace(sign, "")
    found = Hl7File(file.name, [], [Unread(file.name, note)] if note else [])
    _Splitter(found, codec).split(_LINE.split(text))
    if not found.messages:
        raise UnreadableFile(_("{file} holds no complete HL7 message.").format(file=file.name))
    return found


# Segments


@dataclass(slots=True)
class _Splitter:
    """Goes through the lines of a file once; joins what was broken over lines, segments and messages."""

    file: Hl7File
    codec: str
    signs: Delimiters = field(default_factory=Delimiters)
    message: Message | None = None
    last: Segment | None = None
    waiting: dict[str, Message] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    """What the lines that followed add to the end of the last segment."""

    def split(self, lines: list[str]) -> None:
        """Take all lines of the file."""
        for number, line in enumerate(lines, 1):
            text = line.lstrip(" \t")
            if not text.strip():
                continue
            name = text[:3].upper()
            if name in HEADERS:
                self._header(name, text, number)
            elif _NAME.fullmatch(text[:3]) and text[3:4] in (self.signs.field, ""):
                self._segment(name, text, number)
            else:
                self._loose(line, number)
        self._join()
        for pointer, message in self.waiting.items():
            reason = _("The message goes on in another one ({pointer}) that is not in the file.")
            self.file.unread.append(message.header.not_read(reason.format(pointer=pointer)))

    def _header(self, name: str, text: str, line: int) -> None:
        self._join()
        signs = _delimiters(text, self.codec)
        if signs is None:
            self.message = self.last = None
            self.file.unread.append(Unread(name, _("The segment does not state its separators."), line))
            return
        self.signs = signs
        if name != "MSH":
            return
        cells = text.rstrip().split(signs.field, _MOST_FIELDS)
        header = Segment(name, [name, signs.field, *cells[1:]], line, signs)
        continued = self.waiting.pop(header.text(14), None) if header.text(14) else None
        self.message = continued or Message(header)
        self.last = continued.segments[-1] if continued and continued.segments else None
        if continued is None:
            self.file.messages.append(self.message)

    def _segment(self, name: str, text: str, line: int) -> None:
        cells = text.split(self.signs.field, _MOST_FIELDS)
        segment = Segment(name, [name, *cells[1:]], line, self.signs)
        if name in ("BTS", "FTS"):
            return
        if self.message is None:
            self.file.unread.append(segment.not_read(_("The segment belongs to no message.")))
        elif name == "DSC":
            if segment.text(1):
                self.waiting[segment.text(1)] = self.message
        elif name == "ADD":
            self._add(segment)
        else:
            self._join()
            self.message.segments.append(segment)
            self.last = segment

    def _append(self, cells: list[str]) -> None:
        """Let the last field of the last segment go on with the first of *cells*; the others are further fields."""
        self.rest += cells[:1]
        if self.last is not None and len(cells) > 1:
            self._join()
            self.last.fields.extend(cells[1:])

    def _join(self) -> None:
        if self.last is not None and self.rest:
            self.last.fields[-1] += "".join(self.rest)
        self.rest = []

    def _add(self, rest: Segment) -> None:
        """The rest of a segment that was cut: its first field ends the last one before it."""
        if self.last is None:
            self.file.unread.append(rest.not_read(_("The segment continues one that is not in the file.")))
            return
        self._append(rest.fields[1:])

    def _loose(self, line: str, number: int) -> None:
        """A line that is no segment: more lines of a text, or something foreign."""
        last = self.last
        if last is not None and _ends_in_prose(last):
            cells = line.split(self.signs.field, _MOST_FIELDS)
            self._append(["\n" + cells[0], *cells[1:]])
            return
        reason = _("The line is no HL7 segment: {text}").format(text=clean(line.strip()[:60]))
        self.file.unread.append(Unread(self.file.name, reason, number))


def _ends_in_prose(segment: Segment) -> bool:
    """Whether the last field that is there may hold text of several lines."""
    if segment.name == "NTE":
        return len(segment.fields) == 4
    return segment.name == "OBX" and len(segment.fields) == 6 and segment.text(2).upper() in _PROSE


def _delimiters(text: str, codec: str) -> Delimiters | None:
    """The separators that a first segment states; None where it is cut off before them or they make no sense."""
    sign = text[3:4]
    if not sign or sign.isalnum() or sign.isspace():
        return None
    stated = text[4:].partition(sign)[0].strip()
    if any(each.isalnum() for each in stated) or not stated:
        return None
    once = "".join(dict.fromkeys(stated))
    if len(once) == 3 and once.endswith("&"):  # the escape sign was lost on the way
        return Delimiters(sign, once[0], once[1], "\\", "&", codec)
    padded = once + "^~\\&"[len(once) :]
    return Delimiters(sign, padded[0], padded[1], padded[2], padded[3], codec)
