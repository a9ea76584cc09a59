"""DICOM files to a Record: who, when, what kind of image; the pixels stay in the file."""

from __future__ import annotations

from medgui.errors import UnreadableFile
from medgui.files import reason
from medgui.i18n import _, format_count, format_number
from medgui.readers import dicom_tags as tags
from medgui.readers.chosen import Person, choose
from medgui.readers.collected import Collected
from medgui.readers.dicom_directory import read_directory
from medgui.readers.dicom_person import check_human, read_person, read_values
from medgui.readers.dicom_report import report_text
from medgui.readers.dicom_stream import MEDIA_CLASS, Cut, Damaged, Head, read_head
from medgui.readers.dicom_text import PersonName, Texts, iso_moment
from medgui.readers.patient_file import PatientFile
from medgui.record.model import Completeness, Document, Record, Source, Unread

DIRECTORY_CLASS = "1.2.840.10008.1.3.10"
MEDIA_TYPE = "application/dicom"


def read_dicom(file: PatientFile) -> Record:
    """Read the header of an image, report or directory.

    Raises `UnreadableFile` (cut off, damaged, an animal's), for a directory `SeveralPatients`, and `UserError` for
    a patient that is not in the file.
    """
    head, size = _head(file)
    texts = Texts(head.header)
    media = head.meta.get(MEDIA_CLASS)
    if texts.has(tags.RECORDS) or (media and media.value.rstrip(b"\x00 ") == DIRECTORY_CLASS.encode()):
        return read_directory(file, texts, head.header)
    check_human(file.name, texts)
    got = Collected()
    day = next(filter(None, map(texts.date, _DAYS)), "")
    person, named = read_person(file.name, texts, got)
    choose(file, [Person(person.id, "", {item.value for item in person.identifiers})])
    read_values(file.name, texts, person, day, got)
    got.documents.append(_document(file, texts, named, day, size))
    _notes(head, texts, got)
    completeness = {"allergies": Completeness.PARTIAL} if texts.has(tags.ALLERGIES) else {}
    return got.record(file, person, completeness, document_date=day)


_DAYS = (tags.STUDY_DATE, tags.SERIES_DATE, tags.ACQUISITION_DATE, tags.ACQUISITION_MOMENT, tags.CONTENT_DATE)


def _head(file: PatientFile) -> tuple[Head, int]:
    """The header and the size of the file. `UnreadableFile` where it cannot be read."""
    try:
        size = file.path.stat().st_size
        with file.path.open("rb") as stream:
            head = read_head(stream, size, tags.WANTED, tags.ENTERED)
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        raise UnreadableFile(sentence.format(file=file.name, reason=reason(error))) from error
    except Cut as cut:
        sentence = _("{file} is cut off: it stops after byte {byte}, in the middle of its header.")
        raise UnreadableFile(sentence.format(file=file.name, byte=format_count(cut.args[0]))) from cut
    except Damaged as problem:
        sentence = _("{file} is a damaged DICOM file: its header is not as DICOM says.")
        raise UnreadableFile(sentence.format(file=file.name)) from problem
    if not head.header:
        sentence = _("{file} is marked as DICOM but holds no header that medgui can read.")
        raise UnreadableFile(sentence.format(file=file.name))
    return head, size


def _document(file: PatientFile, texts: Texts, named: PersonName, day: str, size: int) -> Document:
    parts = [texts.one(tag) for tag in (tags.MODALITY, tags.STUDY_TEXT, tags.SERIES_TEXT)]
    title = " · ".join(dict.fromkeys(filter(None, parts))) or file.name
    return Document(
        id=texts.one(tags.INSTANCE) or file.name,
        title=title,
        media_type=MEDIA_TYPE,
        time=iso_moment(day, texts.one(tags.STUDY_TIME)),
        source=Source(file.name),
        text=report_text(texts),
        facts=_facts(texts, named),
        size=size,
        path=str(file.path),
    )


def _facts(texts: Texts, named: PersonName) -> tuple[tuple[str, str], ...]:
    facts = [(_(label), texts.one(tag)) for label, tag in tags.FACTS]
    sides = {"L": _("left"), "R": _("right"), "B": _("both sides"), "U": ""}
    side = texts.one(tags.IMAGE_LATERALITY) or texts.one(tags.LATERALITY)
    frames, rows, columns = (texts.whole(tag) for tag in (tags.FRAMES, tags.ROWS, tags.COLUMNS))
    region = next(filter(None, (item.one(tags.MEANING) for item in texts.items(tags.REGION))), "")
    facts += [
        (_("Region"), region),
        (_("Side"), sides.get(side, side)),
        (_("Rows and columns"), f"{rows} × {columns}" if rows and columns else ""),
        (_("Frames"), format_number(frames, 0) if frames and frames > 1 else ""),
        (_("Name in its own signs"), named.ideographic),
        (_("Name by its sound"), named.phonetic),
    ]
    if texts.one(tags.BURNED_IN).upper() == "YES":
        facts.append((_("Text in the picture"), _("The pixels hold text that can name the patient.")))
    if texts.one(tags.IDENTITY_REMOVED).upper() == "YES":
        facts.append((_("Identity"), _("Removed from the header")))
    return tuple((label, value) for label, value in facts if value)


def _notes(head: Head, texts: Texts, got: Collected) -> None:
    """What the doctor should know about how far the file was read."""
    reasons = []
    if texts.one(tags.IDENTITY_REMOVED).upper() == "YES":
        reasons.append(_("The identity was removed from this file; it cannot be checked whose it is."))
    if texts.doubtful:
        reasons.append(
            _("The texts are not in the character set that the header states. Check names and texts.")
        )
    if head.shortened:
        reasons.append(_("The header is very long; its end was not read."))
    if head.missing:
        sentence = _("The image is cut off: {missing} of {all} bytes of its pixels are not there.")
        missing, whole = format_count(head.missing), format_count(head.pixels or 0)
        reasons.append(sentence.format(missing=missing, all=whole))
    got.unread += [Unread("DICOM", reason_) for reason_ in reasons]
