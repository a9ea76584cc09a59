"""The PDF says what was found, to whom it belongs and what is open, on every page and in both languages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pypdfium2
import pytest

from medgui import report
from medgui.assessment.finding import Assessment, Caution, Finding
from medgui.charts.text import NOT_FIRST
from medgui.i18n import using_language
from medgui.record.model import Allergy, Question, Record, Source, Unread
from tests.helpers import findings

NOW = datetime(2026, 11, 21, 9, 46)


def pages_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    texts = []
    for page in document:
        textpage = page.get_textpage()
        texts.append(textpage.get_text_range().replace("\r\n", "\n"))
        textpage.close()
        page.close()
    document.close()
    return texts


def made(
    record: Record | None = None,
    found: Sequence[Finding] | None = None,
    lang: str = "en",
    *,
    include_prognosis: bool = False,
) -> bytes:
    with using_language(lang):
        chosen = record or findings.record(lang)
        shown = tuple(found) if found is not None else findings.assessment(lang).findings
    assessment = Assessment(chosen.key, "2026-11-21", shown)
    return report.render(chosen, assessment, lang=lang, now=NOW, include_prognosis=include_prognosis)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_carries_the_patient_and_its_number(lang: str) -> None:
    many = [replace(findings.prevent(lang), model=f"m{n}") for n in range(9)]
    pages = pages_of(made(found=many, lang=lang))
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        count = f"第 {number} 页，共 {len(pages)} 页" if lang == "zh" else f"Page {number} of {len(pages)}"
        assert count in flat(page)
        assert ("林慧敏" if lang == "zh" else "MARLOW, Helen") in page
        assert "4471-0928" in page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_word_for_a_test_patient_stands_on_every_page(lang: str) -> None:
    word = "测试或演示患者" if lang == "zh" else "Test or demonstration patient"
    pages = pages_of(made(findings.record(lang, is_test=True), lang=lang))
    assert all(word in page for page in pages)
    assert not any(word in page for page in pages_of(made(lang=lang)))


def test_letters_of_many_languages_are_extracted_as_written() -> None:
    name = "Łukasz Şahin Nguyễn 𠮷 Ωμέγα Жук"
    pages = pages_of(made(findings.record(family="Ł", given=name)))
    for page in pages:
        for letter in "ŁŞễ𠮷γЖ":
            assert letter in page, letter


def test_a_chinese_family_name_beyond_gbk_is_extracted_and_has_no_box() -> None:
    page = pages_of(made(findings.record("zh", family="𠮷", given="䶮"), lang="zh"))[0]
    assert "𠮷䶮" in page
    assert "\ufffd" not in page


def test_a_decomposed_name_is_composed() -> None:
    page = pages_of(made(findings.record(family="Nguyen", given="Tha\u0302\u0301t")))[0]
    assert "Thất" in page


def test_a_character_in_no_face_is_its_code_point_with_a_caution_on_page_1() -> None:
    page = flat(pages_of(made(findings.record(given="A\U0001f600B")))[0])
    assert "AU+1F600B" in page
    assert "Characters without a glyph are printed as code points: U+1F600." in page


def test_figures_of_the_main_finding_are_on_page_1() -> None:
    page = flat(pages_of(made())[0])
    for words in (
        "10-year cardiovascular disease",
        "14.7 %",
        "11.3–18.7 %",
        "+5.8",
        "+4.0",
        "−0.7",
        "160 mmHg",
    ):
        assert words in page, words
    assert "Of 100 women like her, about 15" in page
    assert "above the reference person" in page
    assert "on treatment" in page


def test_chinese_figures_use_si_units_and_no_space_before_the_sign() -> None:
    page = flat(pages_of(made(lang="zh"))[0])
    assert "14.7%" in page
    assert "1.16 mmol/L" in page
    assert "高于参照" in page


def test_units_can_be_chosen() -> None:
    record = findings.record()
    assessment = Assessment(record.key, "", findings.assessment().findings)
    data = report.render(record, assessment, lang="en", now=NOW, units="si")
    assert "5.17 mmol/L" in flat(pages_of(data)[0])


def test_open_questions_and_cautions_are_on_page_1_even_with_forty_findings() -> None:
    many = [replace(findings.egfr(), model=f"m{n}", title=f"Model number {n}") for n in range(40)]
    caution = Caution("x", "Creatinine is not steady.")
    many[33] = replace(many[33], cautions=(caution,))
    pages = pages_of(made(found=many))
    assert "Was there ever a heart attack or stroke?" in pages[0]
    assert "Creatinine is not steady (Model number 33)." in flat(pages[0])
    whole = "\n".join(pages)
    assert all(f"Model number {n}\n" in whole or f"Model number {n} " in whole for n in range(40))


def test_an_answered_question_is_a_note_and_no_longer_open() -> None:
    pages = pages_of(made())
    assert "194 kg? 194 lb" not in pages[0]
    assert "Weight: the file says 194 kg. Read as 88.0 kg; confirmed 21 Nov 2026, 09:44." in flat(
        " ".join(pages)
    )


def test_a_death_risk_is_printed_only_when_asked() -> None:
    assert "death" not in "".join(pages_of(made()))
    with_it = "".join(pages_of(made(include_prognosis=True)))
    assert "10-year death, any cause" in with_it
    assert "4.2 %" in flat(with_it)


def test_what_has_no_number_says_why_and_shows_none() -> None:
    text = flat(" ".join(pages_of(made())))
    assert "Coronary disease, demonstration: not calculated. Age 82 y; the model is for 28 to 77 y." in text
    assert "Breast mass, malignant: not run. File changed since it was signed: model.onnx." in text
    assert "30-year figures are meant for 30 to 59 years" in text
    assert "0.6–9.6 %" in text


def test_inputs_have_their_place_in_the_file() -> None:
    text = flat(" ".join(pages_of(made())))
    assert "entry[3] Observation/bp-1, line 120" in text
    assert "none listed (list of 21 Nov 2026)" in text
    assert "derived (Creatinine)" in text


def test_unread_entries_are_counted_and_listed() -> None:
    unread = tuple(Unread(f"entry[{n}]", "no value") for n in range(30))
    text = flat(" ".join(pages_of(made(replace(findings.record(), unread=unread)))))
    assert "30 entries of the file were not understood and are not used:" in text
    assert "entry[5] (no value)" in text
    assert "24 more" in text
    assert "entry[6]" not in text


def test_it_is_decision_support_and_says_so_on_every_page() -> None:
    assert all("Decision support, not a diagnosis." in page for page in pages_of(made()))


def test_hashes_of_file_and_models_are_printed() -> None:
    text = "".join(pages_of(made())).replace("\n", "")
    assert "ab" * 32 in text
    assert "9f2c41d7" * 8 in text


def test_known_allergies_are_never_cut() -> None:
    names = [f"Allergen number {n} of a long list" for n in range(12)]
    source = Source("f")
    many = tuple(Allergy(n, (), n, "", "active", "confirmed", False, "", source) for n in names)
    page = flat(pages_of(made(replace(findings.record(), allergies=many)))[0])
    assert all(re.sub(r" ", "", name) in page.replace(" ", "") for name in names)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_leaves_the_page(lang: str) -> None:
    """Long names, values and places are wrapped or cut; all characters lie inside of the margins."""
    long = "Wolfeschlegelsteinhausenbergerdorff" * 4
    finding = findings.prevent(lang)
    used = tuple(replace(i, source=Source("f", "a/very/long/place/" * 30)) for i in finding.inputs)
    record = replace(
        findings.record(lang, family=long, given="名字很长" * 20 if lang == "zh" else long),
        questions=(Question("q", "c", long * 3), Question("r", "c", "问题，" * 120)),
        file="a" * 150 + ".json",
    )
    data = made(record, [replace(finding, inputs=used, title=long), findings.out_of_scope(lang)], lang)
    document = pypdfium2.PdfDocument(data)
    for page in document:
        width, height = page.get_size()
        textpage = page.get_textpage()
        for index in range(textpage.count_chars()):
            left, bottom, right, top = textpage.get_charbox(index)
            assert left >= 34, textpage.get_text_range(index, 20)
            assert right <= width - 34, textpage.get_text_range(max(0, index - 20), 21)
            assert bottom >= 20
            assert top <= height - 20
        textpage.close()
        page.close()
    document.close()


def test_no_chinese_line_starts_with_closing_punctuation() -> None:
    words = "血压，血脂（总胆固醇、高密度脂蛋白胆固醇）；肌酐。" * 12
    record = replace(
        findings.record("zh"), questions=(Question("q", "c", words), Question("r", "c", "（" + words))
    )
    for page in pages_of(made(record, lang="zh")):
        for above, below in pairwise(page.split("\n")):
            assert not below or not above or below[0] not in NOT_FIRST, below


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_same_input_gives_the_same_bytes_and_little_of_them(lang: str) -> None:
    many = [replace(findings.prevent(lang), model=f"m{n}") for n in range(12)]
    first, second = (made(found=many, lang=lang) for _ in range(2))
    assert first == second
    assert len(first) <= 400_000


def test_metadata_hold_no_patient_text() -> None:
    document = pypdfium2.PdfDocument(made())
    assert document.get_metadata_value("Title") == "Clinical decision support report"
    meta = " ".join(document.get_metadata_dict().values())
    document.close()
    assert "marlow" not in meta.lower()
    assert "4471" not in meta


def test_fonts_are_embedded_subsets() -> None:
    data = made(findings.record(given="Łukasz 𠮷"))
    used = set(re.findall(rb"/BaseFont /([A-Z]{6}\+[\w-]+)", data))
    assert len(used) >= 4
    assert data.count(b"/FontFile2") == data.count(b"/Subtype /TrueType")


def test_results_of_another_patient_are_never_printed() -> None:
    record = findings.record()
    other = Assessment(("another", "p2", 0), "2026-11-21", findings.assessment().findings)
    with pytest.raises(ValueError, match="another record"):
        report.render(record, other, lang="en", now=NOW)


def test_a_run_that_was_stopped_says_so_on_page_1() -> None:
    record = findings.record()
    part = Assessment(record.key, "", (findings.prevent(),), complete=False)
    page = pages_of(report.render(record, part, lang="en", now=NOW))[0]
    assert "The run was stopped: results are missing from this report." in flat(page)


def test_no_findings_still_make_a_page() -> None:
    page = flat(pages_of(made(found=[]))[0])
    assert "No model gave a number for this patient." in page
    assert "MARLOW, Helen" in page


def test_an_unknown_name_birth_date_and_number_are_said() -> None:
    record = findings.record()
    patient = replace(record.patient, family="", given="", birth_date="", sex=None, identifiers=(),
                      administrative_gender="unknown")  # fmt: skip
    page = flat(pages_of(made(replace(record, patient=patient)))[0])
    assert "Name not in the file" in page
    assert "not settled (unknown)" in page


def test_a_patient_who_has_died_is_named_as_such_on_every_page() -> None:
    record = findings.record(is_test=True)
    dead = replace(record, patient=replace(record.patient, deceased="2026-03-04"))
    for page in pages_of(made(dead)):
        assert "Test or demonstration patient" in page
        assert "Deceased 4 Mar 2026" in flat(page)


def test_a_missing_input_prints_its_range_and_what_the_value_would_change() -> None:
    text = flat(" ".join(pages_of(made())))
    assert "Kidney failure within 5 years: 0.6–9.6 %, Input missing" in text
    assert "The result goes from 0.6 % at Urine ACR 5 mg/g to 9.6 % at 3,000 mg/g." in text
