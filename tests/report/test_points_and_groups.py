"""Points with their source and the models of one question in the PDF."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pypdfium2

from medgui.assessment.run import assess
from medgui.report import render
from tests.assessment.people import example, seen, shipped
from tests.assessment.test_point_scores import answered, fibrillating


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def printed(record: object, **options: object) -> tuple[bytes, str]:
    made = assess(record, shipped(), **options)  # type: ignore[arg-type]
    pdf = render(record, made, lang="en", now=datetime(2026, 11, 21), catalogue=shipped())  # type: ignore[arg-type]
    return pdf, text_of(pdf)


def test_a_point_score_lists_its_points_with_item_and_place() -> None:
    record = fibrillating()
    for answer in answered(hypertension=1.0):
        record = record.with_answer(answer)  # type: ignore[attr-defined]
    pdf, text = printed(record, region="europe")
    assert "+1" in text
    assert "Hypertension" in text
    assert "Other models of this question" in text
    assert "CHA2DS2-VASc" in text
    assert len(pdf) < 400_000


def test_an_unfinished_score_is_printed_as_at_least() -> None:
    record = fibrillating()
    _pdf, text = printed(record, region="europe")
    assert "≥" in text


def test_models_of_one_question_are_one_table_and_not_ten_sections() -> None:
    record = example()
    record = replace(record, observations=(*record.observations, seen("prior_ascvd", False, "")))
    pdf, text = printed(record)
    assert text.count("Other models of this question") >= 1
    assert "Pooled cohort equations" in text
    assert len(pdf) < 400_000


def test_outputs_without_a_number_for_one_reason_are_one_sentence_and_a_stage_has_the_title_of_the_finding() -> (
    None
):
    record = replace(example(), patient=replace(example().patient, birth_date="1956-03-14"))
    _pdf, text = printed(record)
    assert text.count("30-year figures are meant for 30 to 59 years") == 1
    assert "Not calculated: 30-year" in text
    kidneys = (seen("creatinine", 1.4, "mg/dL"), seen("uacr", 240, "mg/g"))
    _pdf, text = printed(replace(record, observations=(*record.observations, *kidneys)))
    assert "Stage of kidney disease and its outlook: G" in text
