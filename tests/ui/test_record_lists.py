"""Lists of the Record page on records made for it: documents, traces, groups of questions, courses, long lists."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.record.model import (
    Allergy,
    Cleaned,
    Condition,
    Document,
    FilePart,
    Observation,
    Record,
    Source,
    Unread,
)
from medgui.record.questions import raise_questions
from medgui.ui.pages.record.lists import entries, media_words, section_title
from medgui.ui.pages.record.page import RecordPage
from medgui.ui.pages.record.question_groups import groups
from medgui.ui.window import MainWindow
from tests.record.build import observation, record
from tests.ui.conftest import Fake

LEFT = Qt.MouseButton.LeftButton
Open = Callable[[Record], RecordPage]


def pounds() -> Record:
    """Three weights in pounds that are called kilograms, and a potassium with a slipped point."""
    times = ("2026-01-05", "2026-05-05", "2026-11-03")
    weights = [
        observation("weight", value, "kg", time=time)
        for value, time in zip((194.0, 191.0, 188.0), times, strict=True)
    ]
    return raise_questions(record(observation("height", 160.0, "cm"), *weights))


def local(number: float, time: str, unit: str = "U/L") -> Observation:
    made = observation("weight", number, "kg", time=time, id=f"local{time}")
    return replace(
        made, variable="", code="X1", name="Local enzyme", unit=unit, unit_as_written=unit, codings=()
    )


def page_on(given: Record, fake: Fake, window: MainWindow, qtbot: QtBot) -> RecordPage:
    fake.record = lambda path, **_: given
    window.open_path(Path("visit.json"))
    qtbot.waitUntil(lambda: window.shell.visit.record is not None, timeout=20_000)
    window.shell.go("record")
    page = window.findChild(RecordPage)
    assert page is not None
    qtbot.waitUntil(page.isVisible)
    return page


def test_the_same_question_about_several_values_is_one_card_and_one_answer(
    fake: Fake, window: MainWindow, qtbot: QtBot
) -> None:
    page = page_on(pounds(), fake, window, qtbot)
    card = page.questions.card
    assert card is not None
    assert "3 values" in card.accessibleName()
    for figure in ("194", "191", "188"):
        assert figure in card.accessibleDescription()
    lb = next(button for button in card.buttons if button.text().startswith("lb for all 3"))
    qtbot.mouseClick(lb, LEFT)
    qtbot.waitUntil(lambda: page.questions.card is None)
    answered = window.shell.visit.record
    assert answered is not None
    assert sorted((a.value, a.unit) for a in answered.answers) == [
        (188.0, "[lb_av]"), (191.0, "[lb_av]"), (194.0, "[lb_av]"),
    ]  # fmt: skip
    assert window.shell.visit.undo()
    assert window.shell.visit.record is not None
    assert window.shell.visit.record.answers == ()


def test_a_group_can_be_answered_one_by_one(fake: Fake, window: MainWindow, qtbot: QtBot) -> None:
    page = page_on(pounds(), fake, window, qtbot)
    card = page.questions.card
    assert card is not None
    one_by_one = next(button for button in card.buttons if button.text().startswith("One by one"))
    qtbot.mouseClick(one_by_one, LEFT)
    card = page.questions.card
    assert card is not None
    assert "values" not in card.accessibleName()
    qtbot.mouseClick(card.buttons[0], LEFT)
    qtbot.waitUntil(lambda: bool(window.shell.visit.record and window.shell.visit.record.answers))
    assert window.shell.visit.record is not None
    assert len(window.shell.visit.record.answers) == 1


def test_questions_that_differ_stay_apart() -> None:
    mixed = raise_questions(
        record(
            observation("height", 160.0, "cm"),
            observation("weight", 194.0, "kg", time="2026-01-05"),
            observation("weight", 5000.0, "kg", time="2026-02-05"),
            observation("potassium", 41.0, "mmol/L"),
        )
    )
    assert [len(group.questions) for group in groups(mixed)] == [1] * len(mixed.open_questions)


def test_a_number_without_a_standard_name_has_its_course_too() -> None:
    made = record(local(10.0, "2026-01-05"), local(12.0, "2026-02-05"), local(0.2, "2026-03-05", "ukat/L"))
    (entry,) = [e for e in entries(made, None, "conventional") if e.title == "Local enzyme"]
    assert [reading.value for reading in entry.readings] == ["0.2", "12", "10"]
    assert [moment.value for moment in entry.trend] == [0.2]
    same_unit = record(local(10.0, "2026-01-05"), local(12.0, "2026-02-05"))
    (entry,) = [e for e in entries(same_unit, None, "conventional") if e.title == "Local enzyme"]
    assert [moment.value for moment in entry.trend] == [10.0, 12.0]


def test_an_answered_value_stands_in_the_course_as_it_was_answered() -> None:
    made = pounds()
    (group,) = groups(made)
    for answer in group.answers(0):
        made = made.with_answer(answer)
    entry = next(e for e in entries(made, None, "conventional") if e.key == "weight")
    assert [moment.text for moment in entry.trend] == ["88.0", "86.6", "85.3"]
    assert entry.value == "85.3"


def test_each_of_several_values_shows_its_own_place(
    fake: Fake, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "f.txt"
    path.write_text("first 70\nsecond 71\n", encoding="utf-8")
    values = [
        replace(
            observation("weight", value, "kg", time=time), source=Source("f.txt", f"line {line}", "", line)
        )
        for value, time, line in ((70.0, "2026-01-05", 1), (71.0, "2026-02-05", 2))
    ]
    parts = (FilePart("f.txt", "csv", "", 10, "", str(path)),)
    page = page_on(record(*values, parts=parts), fake, window, qtbot)
    page.show_place("weight")
    assert page.side.lines._fragment.marked == 1
    index = page.side.readings.rows.index(1, 0)
    qtbot.mouseClick(page.side.readings.viewport(), LEFT, pos=page.side.readings.visualRect(index).center())
    assert page.side.lines._fragment.marked == 0


def test_a_document_is_read_as_plain_text_beside_the_list(
    fake: Fake, window: MainWindow, qtbot: QtBot
) -> None:
    text = "<b>Dear colleague</b><img src='x'>"
    letter = Document("d1", "Letter", "text/plain", "2026-11-01", Source("f.txt"), text, (("Ward", "3"),))
    page = page_on(record(documents=(letter,)), fake, window, qtbot)
    page.show_place("document:d1")
    assert page.side.text.isVisible()
    assert page.side.text.toPlainText() == text
    page.clear()
    assert page.side.text.toPlainText() == ""


def test_what_was_left_out_and_not_understood_is_listed_by_kind_and_shows_its_line(
    fake: Fake, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "f.txt"
    path.write_text("one\ntwo\nthree\n", encoding="utf-8")
    where = Source("f.txt", "line 1", "", 1)
    made = record(
        observation("weight", 70.0, "kg"),
        cleaned=(
            Cleaned("duplicate", "A twice", where), Cleaned("corrected", "B corrected", where),
            Cleaned("duplicate", "C twice", where),
        ),
        unread=(Unread("line 2", "not a number", 2, "labs"), Unread("line 3", "no code", 3, "vitals")),
        parts=(FilePart("f.txt", "csv", "", 10, "", str(path)),),
    )  # fmt: skip
    page = page_on(made, fake, window, qtbot)
    rows = [page.table.rows.row_at(page.table.rows.index(n, 0)) for n in range(page.table.rows.rowCount())]
    texts = [row.cells[0].text for row in rows if row is not None]
    assert texts[texts.index("Left out or put together") :] == [
        "Left out or put together", "A twice", "C twice", "B corrected",
        "Not understood, never used", "line 2  •  not a number", "line 3  •  no code",
    ]  # fmt: skip
    page.show_place("unread:0")
    assert page.side.lines._fragment.lines[page.side.lines._fragment.marked] == (2, "two")


def test_procedures_immunisations_findings_and_relatives_have_their_own_groups() -> None:
    def condition(kind: str, **more: str) -> Condition:
        return Condition(
            kind, (), kind, "completed", more.get("sure", ""), "patient", "", "", Source(""), kind
        )

    made = record(
        condition("family_history"), condition("immunization"), condition("phenotype", sure="refuted"),
        condition("procedure"), condition("condition"),
    )  # fmt: skip
    listed = [
        (e.group, e.value) for e in entries(made, None, "conventional") if e.key.startswith("condition:")
    ]
    assert [group for group, _value in listed] == [
        "conditions", "procedures", "phenotypes", "immunizations", "family_history",
    ]  # fmt: skip
    assert dict(listed)["phenotypes"] == "absent"


def test_ten_thousand_values_are_listed_and_found(fake: Fake, window: MainWindow, qtbot: QtBot) -> None:
    many = [
        replace(local(float(n), "2026-01-05"), code=f"C{n}", name=f"Test {n}", id=str(n))
        for n in range(10_000)
    ]
    page = page_on(record(*many), fake, window, qtbot)
    assert page.table.rows.rowCount() > 10_000
    page.find()
    page.search.setText("Test 9999")
    assert page.table.rows.rowCount() == 2


def test_a_value_without_a_standard_name_keeps_the_digits_of_its_range_and_a_readable_unit() -> None:
    gravity = replace(
        local(1.015, "2026-01-05", unit=""), value_as_written="1.015", reference_range=(1.005, 1.03)
    )
    enzyme = replace(
        local(369.0, "2026-01-05", unit="umol/L"), unit_as_written="UMOLL", name="Local salt", code="X2"
    )
    first, second = entries(record(gravity, enzyme), None, "conventional")[:2]
    assert (first.value, first.reference) == ("1.015", "1.005–1.03")
    assert (second.value, second.unit) == ("369", "µmol/L")


def test_a_kind_of_document_is_named_as_people_do() -> None:
    assert [media_words(kind) for kind in ("text/plain", "application/pdf", "audio/ogg")] == [
        "Text",
        "PDF",
        "audio/ogg",
    ]


def test_a_part_of_the_file_is_named_in_words_and_a_title_of_the_file_is_kept() -> None:
    assert section_title("social_history") == "Social history"
    assert section_title("Vital Signs") == "Vital Signs"
    assert section_title("") == ""


def test_a_denied_allergy_is_listed_as_what_it_denies() -> None:
    """A kind of allergy that is denied is not all of them; one that was refuted is not an allergy."""
    place = Source("visit.xml")
    denied = Allergy("1", (), "No known food allergies", "", "", "", negated=True, recorded="", source=place)
    refuted = Allergy("2", (), "Penicillin", "Hives", "", "refuted", negated=False, recorded="", source=place)
    unnamed = replace(denied, id="3", name="")
    given = replace(record(), allergies=(denied, refuted, unnamed))
    listed = [entry for entry in entries(given, None, "conventional") if entry.group == "allergies"]
    assert [(entry.title, entry.value, entry.usable) for entry in listed] == [
        ("No known food allergies", "", True),
        ("Penicillin", "absent", False),
        ("No known allergies", "", True),
    ]
