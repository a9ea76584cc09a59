"""Which of the people of a file is read: the one who was asked for, or the only one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from medgui.errors import SeveralPatients, UserError
from medgui.frozen import frozen
from medgui.i18n import _, format_list, ngettext
from medgui.readers.patient_file import PatientFile


@frozen
class Person:
    """Someone to choose: the id that is asked for, words for a list, and other names that mean the same person."""

    id: str
    label: str
    aliases: Collection[str] = ()


def choose(file: PatientFile, people: Sequence[Person]) -> int:
    """The index of the person to read.

    `SeveralPatients` where there are several and none was chosen, `UserError` where the chosen one is not there.
    """
    if file.patient is not None:
        for index, person in enumerate(people):
            if file.patient == person.id or file.patient in person.aliases:
                return index
        if not any(person.id for person in people):
            raise UserError(_("{file} holds no patient.").format(file=file.name))
        listed = format_list([person.id for person in people[:10]])
        sentence = _("{file} holds no patient {patient}; it holds: {list}.")
        raise UserError(sentence.format(file=file.name, patient=file.patient, list=listed))
    if len(people) == 1:
        return 0
    sentence = ngettext(
        "{file} holds {n} patient; choose one.", "{file} holds {n} patients; choose one.", len(people)
    )
    found = [(person.id, person.label) for person in people]
    raise SeveralPatients(sentence.format(file=file.name, n=len(people)), found)
