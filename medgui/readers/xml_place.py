"""XML with the line of every element, within bounds; no document type, no entity but the five of XML.

The parser is expat driving a tree builder, so that a declared entity is refused where it is declared and nothing
is ever expanded or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.parsers import expat

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.limits import DEFAULT_LIMITS, Limits, clean, cut_off, decode

_PREFIXES = {
    "urn:hl7-org:v3": "",
    "http://hl7.org/fhir": "",
    "urn:hl7-org:sdtc": "sdtc:",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
}
_OWN_ENCODINGS = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UNICODE = frozenset({"utf-8", "utf8", "utf-16"})
_SPACE = re.compile(r"\s+")
_UNCLOSED = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    }
)
_UNDECLARED = expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]


class Node(ET.Element):
    """An element with the line and the column, from 1, at which it begins.

    `tag` is the local name for HL7 version 3 and FHIR, with "sdtc:", "xsi:" or "xhtml:" before it for those, and
    "{address}name" for any other namespace; so are the names of attributes.
    """

    __slots__ = ("column", "line")
    line: int
    column: int

    def child(self, *path: str) -> Node:
        """The first element at the end of *path*, or an empty one."""
        node: ET.Element = self
        for tag in path:
            found = node.find(tag)
            if found is None:
                return EMPTY
            node = found
        return node if isinstance(node, Node) else EMPTY

    def children(self, *tags: str) -> Iterator[Node]:
        """The direct children with one of these tags."""
        found = self.findall(tags[0]) if len(tags) == 1 else [node for node in self if node.tag in tags]
        return iter([node for node in found if isinstance(node, Node)])

    def each(self, *path: str) -> Iterator[Node]:
        """All elements at the end of *path*, through every branch."""
        found = [self]
        for tag in path:
            found = [inner for node in found for inner in node.children(tag)]
        return iter(found)

    def at(self, name: str) -> str:
        """The attribute *name* as it may be shown, or ""."""
        value = self.get(name)
        return clean(value).strip() if value else ""

    def words(self) -> str:
        """All text within, in reading order, as one line."""
        return clean(_SPACE.sub(" ", " ".join(self.itertext()))).strip()

    def __bool__(self) -> bool:
        return self is not EMPTY


EMPTY = Node("")
EMPTY.line = EMPTY.column = 0


class _Refused(Exception):
    """What was met inside the parser, as a sentence."""


class _Names(dict[str, str]):
    """Tags and attributes as expat names them ("address}name") to the names of `Node`, each worked out once."""

    def __missing__(self, name: str) -> str:
        address, brace, local = name.rpartition("}")
        short = f"{_PREFIXES[address]}{local}" if address in _PREFIXES else name
        if brace and address not in _PREFIXES:
            short = f"{{{address}}}{local}"
        self[name] = short
        return short


class _Parser:
    """Builds the tree and counts on the way."""

    def __init__(
        self, name: str, limits: Limits, encoding: str | None, skipped: int, separator: str | None = "}"
    ) -> None:
        self._builder = ET.TreeBuilder(element_factory=Node)
        self._name, self._limits, self._skipped = name, limits, skipped
        self._depth = self._nodes = 0
        self._names = _Names()
        self.expat = expat.ParserCreate(encoding, separator)
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._builder.data
        self.expat.StartDoctypeDeclHandler = self._doctype
        self.expat.EntityDeclHandler = self._entity
        self.expat.ExternalEntityRefHandler = self._reference
        self.expat.SkippedEntityHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._nodes += 1 + len(attributes)
        if self._depth > self._limits.xml_depth:
            sentence = _(
                "{file} nests more than {limit} levels deep; medgui reads up to that. It is not a patient file."
            )
            raise _Refused(sentence.format(file=self._name, limit=format_count(self._limits.xml_depth)))
        if self._nodes > self._limits.xml_nodes:
            sentence = _("{file} holds more than {limit} elements; medgui reads up to that.")
            raise _Refused(sentence.format(file=self._name, limit=format_count(self._limits.xml_nodes)))
        names = self._names
        node = self._builder.start(names[name], {names[key]: value for key, value in attributes.items()})
        if isinstance(node, Node):
            node.line = self.expat.CurrentLineNumber + self._skipped
            node.column = self.expat.CurrentColumnNumber + 1

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(name)

    def _doctype(self, *_parts: object) -> None:
        sentence = _(
            "{file} declares a document type (DOCTYPE), which can hide files and bombs; it is not read."
        )
        raise _Refused(sentence.format(file=self._name))

    def _entity(self, *_parts: object) -> None:
        sentence = _(
            "{file} declares or refers to an entity, which can hide files and bombs; it is not read."
        )
        raise _Refused(sentence.format(file=self._name))

    def _reference(self, *_parts: object) -> int:
        self._entity()
        return 0

    def parse(self, body: bytes) -> Node:
        self.expat.Parse(body, True)
        root = self._builder.close()
        del self.expat, self._builder  # which know this parser in turn, and the whole tree
        if not isinstance(root, Node):
            raise _Refused(_("{file} is not valid XML.").format(file=self._name))
        return root


def parse_xml(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Node:
    """Parse the XML file *name*. `UnreadableFile` where it is cut off, not well-formed, too deep or too large.

    A prefix that is used and nowhere declared ("sdtc:raceCode") is taken for the usual one.
    """
    body, encoding, skipped = _for_parser(data, name)
    parser = _Parser(name, limits, encoding, skipped)
    try:
        try:
            return parser.parse(body)
        except expat.ExpatError as error:
            if error.code != _UNDECLARED:
                raise
            parser = _Parser(name, limits, encoding, skipped, None)
            return parser.parse(body)
    except _Refused as refused:
        raise UnreadableFile(str(refused)) from refused
    except expat.ExpatError as error:
        if error.code in _UNCLOSED or parser.expat.CurrentByteIndex >= len(body.rstrip()):
            raise cut_off(name, len(data), error.lineno + skipped) from error
        sentence = _("{file} is not valid XML: line {line}, column {column}.")
        line, column = format_count(error.lineno + skipped), format_count(error.offset + 1)
        raise UnreadableFile(sentence.format(file=name, line=line, column=column)) from error
    except (ValueError, LookupError) as error:
        raise UnreadableFile(_("{file} is not valid XML.").format(file=name)) from error


def encoding_note(data: bytes, name: str) -> str:
    """A sentence for the user where the bytes are not what the file declares; "" where they are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _stated_encoding(data) not in _UNICODE:
        return ""
    return decode(data, name).note


def _stated_encoding(data: bytes) -> str:
    stated = _OWN_ENCODINGS.match(data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip())
    return stated[1].decode("ascii").lower() if stated else "utf-8"


def _for_parser(data: bytes, name: str) -> tuple[bytes, str | None, int]:
    """Bytes and encoding for expat, which knows UTF-8, UTF-16, Latin-1 and ASCII; others are brought to UTF-8.

    Bytes that are not the UTF-8 that they are declared to be are decoded tolerantly, as in other text files.
    White space before the declaration is taken off; the number of its lines comes third.
    """
    encoding = _stated_encoding(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data, None, 0
    if encoding in ("iso-8859-1", "us-ascii"):
        return _stripped(data, None)
    if encoding in _UNICODE:
        return _stripped(decode(data, name).text.encode("utf-8", "replace"), "utf-8")
    try:
        return _stripped(data.decode(encoding, "replace").encode("utf-8", "replace"), "utf-8")
    except LookupError as error:
        sentence = _("{file} is written in the encoding {encoding}, which medgui does not know.")
        raise UnreadableFile(sentence.format(file=name, encoding=encoding)) from error


def _stripped(body: bytes, encoding: str | None) -> tuple[bytes, str | None, int]:
    bare = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    before = body[: len(body) - len(bare)]
    return bare, encoding, before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
