"""Open questions put together where they are one and the same: "194, 191, 188: kg or lb?". No Qt here."""

from collections.abc import Mapping, Sequence

from medgui.assessment.words import when
from medgui.frozen import frozen
from medgui.i18n import _, format_count, with_unit
from medgui.readers.measured import plain_number
from medgui.record.dates import moment
from medgui.record.model import Answer, Observation, Question, Record
from medgui.record.units import printed

LISTED = 4
"""Values that a card names before it says how many more there are."""


@frozen
class Group:
    """Questions with the same answers, earliest value first, each with the observation it is about."""

    questions: tuple[Question, ...]
    observations: tuple[Observation, ...] = ()

    @property
    def key(self) -> str:
        """Stays the same while the group does."""
        return self.questions[0].id

    def units(self) -> tuple[str, ...]:
        """The units that the questions offer."""
        return tuple(offered.unit for offered in self.questions[0].suggestions)

    def facts(self) -> list[tuple[str, str]]:
        """The values concerned: date and figure as written."""
        listed = [
            (
                when(found.time) if found.time else _("no date"),
                with_unit(found.value_as_written, found.unit_as_written),
            )
            for found in self.observations[:LISTED]
        ]
        more = len(self.observations) - LISTED
        return [*listed, (_("Further values"), format_count(more))] if more > 0 else listed

    def answers(self, choice: int) -> list[Answer]:
        """The same unit for each; a choice beyond the units leaves all of them out."""
        made = []
        for question, found in zip(self.questions, self.observations, strict=True):
            if choice < len(question.suggestions):
                taken = question.suggestions[choice]
                made.append(
                    Answer(
                        question.variable, taken.value, taken.unit, found.time, question.id, note=taken.label
                    )
                )
            else:
                made.append(Answer(question.variable, None, "", found.time, question.id, left_out=True))
        return made


def unit_words(unit: str, count: int) -> str:
    """The words of an answer for all."""
    return _("{unit} for all {n}").format(unit=printed(unit) or unit, n=count)


def groups(record: Record, apart: frozenset[str] = frozenset()) -> list[Group]:
    """Open questions in their order, those of one kind together; a group whose key is in *apart* stays single."""
    by_id = {found.id: found for found in record.observations}
    together: dict[tuple[object, ...], list[Question]] = {}
    for question in record.open_questions:
        together.setdefault(_kind(question, by_id), []).append(question)
    made = []
    for listed in together.values():
        group = _group(listed, by_id)
        if len(listed) == 1 or group.key in apart or any(q.id in apart for q in listed):
            made += [Group((question,)) for question in listed]
        else:
            made.append(group)
    return made


def _group(listed: Sequence[Question], by_id: Mapping[str, Observation]) -> Group:
    if len(listed) == 1:
        return Group(tuple(listed))
    pairs = [(question, by_id[question.observation]) for question in listed]
    pairs.sort(key=lambda pair: moment(pair[1].time))
    return Group(tuple(question for question, _found in pairs), tuple(found for _question, found in pairs))


def _kind(question: Question, by_id: Mapping[str, Observation]) -> tuple[object, ...]:
    """What questions share that are about the unit alone; the id of any other question."""
    found = by_id.get(question.observation)
    number = plain_number(found.value_as_written) if found is not None else None
    offered = question.suggestions
    if found is None or number is None or not offered or any(s.value != number.value for s in offered):
        return (question.id,)
    units = tuple(s.unit for s in offered)
    if len(set(units)) != len(units):
        return (question.id,)
    return question.code, question.variable, found.unit_as_written, units
