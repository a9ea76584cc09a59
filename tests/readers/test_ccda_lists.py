"""C-CDA problems, procedures, vaccines, relatives, drugs and allergies; and how far each list was read."""

from pathlib import Path

import pytest

from tests.readers.build_ccda import (
    CODES,
    RXNORM,
    SNOMED,
    allergy,
    choice,
    coded,
    drug,
    nested,
    observation,
    problem,
    quantity,
    read,
    section,
    state,
    value,
)

HYPERTENSION = choice("38341003", "Hypertension")
FATHER = f"<subject><relatedSubject>{coded('code', 'FTH', name='Father')}</relatedSubject></subject>"


# Problems


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"more": state("55561003", "Active")}, "active"),
        ({"more": state("413322009", "Resolved")}, "resolved"),
        ({"more": state("277022003", "In remission")}, "remission"),
        ({"time": '<low value="2010"/><high value="2012"/>'}, "resolved"),
        ({"time": '<low value="2010"/><high nullFlavor="UNK"/>'}, "active"),
        ({"concern": "completed"}, "unknown"),
        ({"concern": "suspended"}, "inactive"),
        ({"concern": "active"}, "active"),
    ],
)
def test_the_status_of_a_problem_is_its_own_then_its_end_then_the_concerns(
    tmp_path: Path, changes: dict[str, str], status: str
) -> None:
    found = read(tmp_path, section("problems", problem(HYPERTENSION, **changes))).conditions[0]  # type: ignore[arg-type]
    assert (found.name, found.clinical_status, found.usable) == ("Hypertension", status, True)


def test_a_problem_is_named_by_the_narrative_it_refers_to(tmp_path: Path) -> None:
    text = '<list><item ID="p1">Sleep <content>apnoea</content></item></list>'
    held = value("CD", 'nullFlavor="OTH"', '<originalText><reference value="#p1"/></originalText>')
    found = read(tmp_path, section("problems", problem(held), text=text)).conditions[0]
    assert found.name == "Sleep apnoea"


def test_a_problem_without_a_name_is_named_by_the_row_with_its_code(tmp_path: Path) -> None:
    row = "<table><tbody><tr><td>SNOMED CT</td><td>73430006</td><td>Sleep apnoea</td></tr></tbody></table>"
    found = read(tmp_path, section("problems", problem(choice("73430006")), text=row)).conditions[0]
    assert found.name == "Sleep apnoea"


def test_denied_suspected_and_foreign_problems_are_kept_and_never_used(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        section(
            "problems",
            problem(HYPERTENSION, denied=True),
            problem(HYPERTENSION, kind="148006"),
            problem(choice("1", "Suspected stroke")),
            problem(choice("1", "Family history of stroke")),
            problem(HYPERTENSION, more=FATHER),
        ),
    )
    assert [c.usable for c in record.conditions] == [False] * 5
    assert [c.verification for c in record.conditions][:2] == ["refuted", "provisional"]
    assert [c.subject for c in record.conditions][3:] == ["family member", "Father"]


@pytest.mark.parametrize(
    "entry",
    [
        problem(choice("55607006", "Problem"), denied=True),
        problem(choice("160245001", "No current problems or disability")),
        problem(value("CD", 'nullFlavor="NA"'), denied=True),
        problem(value("CD", 'nullFlavor="NI"', "<originalText>No known problems</originalText>")),
    ],
)
def test_no_known_problems_is_an_empty_list_that_is_stated(tmp_path: Path, entry: str) -> None:
    record = read(tmp_path, section("problems", entry))
    assert (record.conditions, record.completeness["conditions"]) == ((), "complete")


def test_what_tells_of_a_problem_is_no_problem(tmp_path: Path) -> None:
    priority = nested(
        "REFR", f"<observation>{coded('code', '225773000')}{choice('394849002', 'High')}</observation>"
    )
    age = nested("SUBJ", f"<observation>{coded('code', '445518008')}{quantity('40', 'a')}</observation>")
    entry = problem(HYPERTENSION, more=age).replace("</act>", f"{priority}</act>")
    record = read(tmp_path, section("problems", entry))
    assert [c.name for c in record.conditions] == ["Hypertension"]


def test_diagnoses_of_an_encounter_are_read_and_are_no_problem_list(tmp_path: Path) -> None:
    act = f"<act>{nested('SUBJ', f'<observation>{HYPERTENSION}</observation>')}</act>"
    encounter = f'<encounter moodCode="EVN">{coded("code", "99213")}{nested("SUBJ", act)}</encounter>'
    record = read(tmp_path, section("encounters", encounter))
    assert [c.name for c in record.conditions] == ["Hypertension"]
    assert record.completeness["conditions"] == "partial"
    assert "1 entry of the section “Encounters”" in record.unread[0].reason


# Procedures, vaccines, relatives


@pytest.mark.parametrize(
    ("mood", "status", "shown", "usable"),
    [
        ("EVN", "completed", "completed", True),
        ("EVN", "", "completed", True),
        ("INT", "active", "preparation", False),
        ("RQO", "completed", "preparation", False),
        ("EVN", "cancelled", "not-done", False),
        ("EVN", "aborted", "stopped", False),
    ],
)
def test_only_procedures_that_were_done_are_used(
    tmp_path: Path, mood: str, status: str, shown: str, usable: bool
) -> None:
    entry = (
        f'<procedure moodCode="{mood}">{coded("code", "232717009", name="Bypass")}<statusCode code="{status}"/>'
        '<effectiveTime value="20150101"/></procedure>'
    )
    found = read(tmp_path, section("procedures", entry)).conditions[0]
    assert (found.kind, found.clinical_status, found.usable) == ("procedure", shown, usable)


def test_a_vaccine_that_was_refused_is_kept_as_not_done(tmp_path: Path) -> None:
    given = drug("88", "influenza", material=coded("code", "88", "2.16.840.1.113883.12.292", "influenza"))
    refused = given.replace('moodCode="EVN"', 'moodCode="EVN" negationInd="true"')
    record = read(tmp_path, section("immunizations", given, refused))
    assert [(c.kind, c.clinical_status, c.usable) for c in record.conditions] == [
        ("immunization", "completed", True), ("immunization", "not-done", False),
    ]  # fmt: skip
    assert record.conditions[0].codings[0].system == "http://hl7.org/fhir/sid/cvx"


def test_diseases_of_relatives_are_never_the_patients(tmp_path: Path) -> None:
    entry = f"<organizer>{FATHER}<component>{observation('x', HYPERTENSION)}</component></organizer>"
    found = read(tmp_path, section("family", entry)).conditions[0]
    assert (found.kind, found.subject, found.usable) == ("family_history", "Father", False)


# Drugs

PAST = '<effectiveTime xsi:type="IVL_TS"><low value="20250101"/><high value="20250201"/></effectiveTime>'


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "active"),
        ({"attributes": 'moodCode="INT"'}, "active"),
        ({"attributes": 'moodCode="PRP"'}, "planned"),
        ({"status": "completed"}, "unknown"),
        ({"status": ""}, "unknown"),
        ({"status": "completed", "time": PAST}, "completed"),
        ({"status": "active", "time": PAST}, "completed"),
        ({"status": "aborted"}, "stopped"),
        ({"status": "suspended"}, "stopped"),
        ({"status": "cancelled"}, "not-taken"),
        ({"status": "completed", "more": state("55561003", "Active")}, "active"),
        ({"status": "active", "more": state("73425007", "No longer active")}, "stopped"),
        ({"attributes": 'moodCode="EVN" negationInd="true"'}, "not-taken"),
    ],
)
def test_only_a_drug_that_is_stated_as_taken_is_active(
    tmp_path: Path, changes: dict[str, str], status: str
) -> None:
    record = read(tmp_path, section("medications", drug(**changes)))
    found = record.medications[0]
    assert (found.status, found.usable) == (status, status == "active")
    assert record.completeness["medications"] == ("partial" if status == "unknown" else "complete")


def test_a_drug_given_during_the_visit_is_not_a_current_one(tmp_path: Path) -> None:
    record = read(tmp_path, section("given", drug()))
    assert record.medications[0].status == "completed"
    assert record.completeness["medications"] == "partial"


def test_a_drug_taken_before_an_admission_is_not_known_to_be_taken_now(tmp_path: Path) -> None:
    record = read(tmp_path, section("before", drug()), section("medications", drug("2", "Aspirin")))
    assert [(m.status, m.usable) for m in record.medications] == [("unknown", False), ("active", True)]
    assert record.completeness["medications"] == "complete"


def test_dose_frequency_and_route_are_in_words(tmp_path: Path) -> None:
    how = (
        '<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="12" unit="h"/></effectiveTime>'
        '<routeCode code="C38288" codeSystem="2.16.840.1.113883.3.26.1.1"/><doseQuantity value="5" unit="mg"/>'
    )
    sig = nested("COMP", '<act><code code="76662-6"/><text>Take with water</text></act>')
    found = read(tmp_path, section("medications", drug(more=how + sig))).medications[0]
    assert (found.dose, found.frequency, found.route) == ("5 mg (Take with water)", "every 12 hours", "oral")
    assert (found.start, found.codings[0].system) == (
        "2025-01-01",
        "http://www.nlm.nih.gov/research/umls/rxnorm",
    )


@pytest.mark.parametrize(
    ("unit", "words"), [("BID", "2 times a day"), ("PRN", "as needed"), ("QWK", "once a week")]
)
def test_a_short_form_in_place_of_a_period_is_understood(tmp_path: Path, unit: str, words: str) -> None:
    how = f'<effectiveTime xsi:type="PIVL_TS"><period value="1" unit="{unit}"/></effectiveTime>'
    assert read(tmp_path, section("medications", drug(more=how))).medications[0].frequency == words


def test_no_known_medications_is_an_empty_list_that_is_stated(tmp_path: Path) -> None:
    denied = drug(
        attributes='moodCode="EVN" negationInd="true"', material='<code nullFlavor="NI"/>', status=""
    )
    record = read(tmp_path, section("medications", denied))
    assert (record.medications, record.completeness["medications"]) == ((), "complete")


# Allergies

PENICILLIN = coded("code", "7980", RXNORM, "Penicillin G")


def test_an_allergy_has_its_substance_reaction_and_severity(tmp_path: Path) -> None:
    severity = nested("SUBJ", f"<observation>{coded('code', 'SEV')}{choice('6736007')}</observation>")
    rash = nested(
        "MFST", f"<observation><code code='ASSERTION'/>{choice('247472004', 'Hives')}{severity}</observation>"
    )
    found = read(tmp_path, section("allergies", allergy(PENICILLIN, more=rash))).allergies[0]
    assert (found.name, found.reaction, found.status, found.recorded) == (
        "Penicillin G", "Hives (moderate)", "active", "1998-05-01",
    )  # fmt: skip
    assert found.codings[0].code == "7980"


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (allergy(kind="419199007", denied=True), "No known allergies"),
        (allergy(kind="416098002", denied=True), "No known drug allergies"),
        (allergy(coded("code", "410942007", SNOMED, "Drug"), denied=True), "No known drug allergies"),
        (allergy(kind="716186003"), "No known allergies"),
        (allergy(kind="409137002"), "No known drug allergies"),
        (allergy("<code nullFlavor='NA'/>", kind="420134006", denied=True), "No known allergies"),
    ],
)
def test_no_known_allergies_is_a_statement_of_its_own(tmp_path: Path, entry: str, name: str) -> None:
    record = read(tmp_path, section("allergies", entry))
    assert [(a.negated, a.name) for a in record.allergies] == [(True, name)]
    assert record.completeness["allergies"] == "complete"


def test_a_denied_allergy_to_one_substance_is_not_the_absence_of_all(tmp_path: Path) -> None:
    found = read(tmp_path, section("allergies", allergy(PENICILLIN, denied=True))).allergies[0]
    assert (found.negated, found.verification) == (False, "refuted")


# How far a list was read


def test_a_section_in_words_only_is_partial_and_an_empty_one_absent(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        section("problems", text="Hypertension since 2010"),
        section("allergies", text="No Known Drug Allergies"),
        section("medications", text="No data available"),
        section("procedures", extra='nullFlavor="NI"', text="none"),
    )
    assert dict(record.completeness) == {
        "conditions": "partial", "allergies": "complete", "medications": "absent", "procedures": "absent",
    }  # fmt: skip
    assert [a.negated for a in record.allergies] == [True]
    assert "holds text only" in record.unread[0].reason


def test_rows_of_the_text_without_an_entry_make_the_list_partial(tmp_path: Path) -> None:
    rows = "<thead><tr><th>Name</th></tr></thead><tbody><tr><td>Hypertension</td><td>2010</td></tr>{more}</tbody>"
    table = f"<table>{rows}</table>"
    whole = section("problems", problem(HYPERTENSION), text=table.format(more=""))
    assert read(tmp_path, whole).completeness["conditions"] == "complete"
    missing = section(
        "problems", problem(HYPERTENSION), text=table.format(more="<tr><td>Gout</td><td>2012</td></tr>")
    )
    record = read(tmp_path, missing)
    assert record.completeness["conditions"] == "partial"
    assert "1 row of the text" in record.unread[0].reason


def test_a_head_without_marks_is_no_row(tmp_path: Path) -> None:
    rows = "<tr><td>Problem</td><td>Start date</td></tr><tr><td>Hypertension</td><td>2010</td></tr>"
    entry = section("problems", problem(HYPERTENSION), text=f"<table><tbody>{rows}</tbody></table>")
    assert read(tmp_path, entry).completeness["conditions"] == "complete"


def test_sections_are_known_by_template_and_by_title_too(tmp_path: Path) -> None:
    entry = f"<entry>{problem(HYPERTENSION)}</entry>"
    old = f'<section><templateId root="2.16.840.1.113883.10.20.1.11"/><title>x</title>{entry}</section>'
    named = f"<section><code nullFlavor='UNK'/><title>Problem list</title>{entry}</section>"
    inner = f"<section><title>History</title><component>{named}</component></section>"
    for written in (old, named, inner):
        assert [c.name for c in read(tmp_path, written).conditions] == ["Hypertension"]


def test_what_is_planned_is_listed_and_never_read(tmp_path: Path) -> None:
    record = read(
        tmp_path, section("plan", drug(), observation("2093-3", value("PQ", 'value="1"'))), section("payers")
    )
    assert (record.medications, record.observations) == ((), ())
    assert [u.reason for u in record.unread] == [
        "2 entries of the section “Plan” are of a kind that is not read."
    ]


def test_one_broken_entry_is_listed_and_the_others_are_read(tmp_path: Path) -> None:
    record = read(tmp_path, section("allergies", allergy(PENICILLIN), "<act><code code='CONC'/></act>"))
    assert [a.name for a in record.allergies] == ["Penicillin G"]
    assert record.completeness["allergies"] == "partial"
    assert record.unread[0].location == "Allergies › act CONC"
    assert record.unread[0].line is not None


def test_the_text_of_each_section_is_kept_to_be_shown(tmp_path: Path) -> None:
    rows = "<tr><th>Drug</th><th>Dose</th></tr><tr><td>A</td><td>5 mg</td></tr>"
    text = f"<paragraph>Seen today.</paragraph><table>{rows}</table>"
    kept = read(tmp_path, section("plan", text=text, title="Plan of care")).documents[0]
    assert (kept.title, kept.media_type, kept.source.line) == ("Plan of care", "text/plain", 6)
    assert kept.text == "Seen today.\nDrug | Dose\nA | 5 mg"


def test_every_kind_of_section_has_its_part(tmp_path: Path) -> None:
    record = read(tmp_path, *(section(kind, extra='nullFlavor="NI"') for kind in CODES))
    assert set(record.completeness.values()) == {"absent"}
    assert set(record.completeness) == {
        "conditions", "allergies", "medications", "observations", "procedures", "immunizations", "social_history",
        "family_history",
    }  # fmt: skip
