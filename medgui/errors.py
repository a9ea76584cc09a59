"""Three kinds of error, three kinds of words.

`UserError` is a sentence for the user with something to do about it. `DamagedData` names the file and the
place. Anything else is a bug. Each carries the exit code of the command line (docs/command_line.md).
"""

from __future__ import annotations


class MedguiError(Exception):
    """Base of every error that has words for a user; `str(error)` is one clear, translated sentence."""

    exit_code = 5


class UserError(MedguiError):
    """The user can do something about it."""

    exit_code = 2


class UnreadableFile(UserError):
    """A patient file cannot be read; the sentence says why."""

    exit_code = 3


class NoPatient(UnreadableFile):
    """A file says of whom its entries are, but holds no patient: bulk exports keep these in a file of their own.

    `people` lists the ids that the entries refer to.
    """

    def __init__(self, message: str, people: tuple[str, ...]) -> None:
        super().__init__(message)
        self.people = people


class SeveralPatients(UserError):
    """The file holds several patients and none was chosen.

    `patients` lists them as (id, label) pairs in file order; the id is what `--patient` takes.
    """

    exit_code = 7

    def __init__(self, message: str, patients: list[tuple[str, str]]) -> None:
        super().__init__(message)
        self.patients = patients


class DifferentPeople(UserError):
    """Files that were to be one record are about different people; the sentence names two of them and what differs.

    `people` lists (id, label) pairs as in `SeveralPatients`; the id chooses one.
    """

    exit_code = 3

    def __init__(self, message: str, people: list[tuple[str, str]]) -> None:
        super().__init__(message)
        self.people = people


class DamagedData(MedguiError):
    """A file of medgui's own (bundle, settings, catalogue) is damaged or changed; names file and place."""

    exit_code = 4


class ModelRefused(UserError):
    """A model that the user named was refused; the sentence says why."""

    exit_code = 4


class UpdateRefused(UserError):
    """An update file is not applied; the sentence says why, and nothing was changed."""

    exit_code = 4


class OutputNotWritable(UserError):
    """The output cannot be written (read-only folder, full disk)."""

    exit_code = 6


class Cancelled(MedguiError):
    """The user stopped the work; not an error to show."""

    exit_code = 0
