"""How real systems write lists in C-CDA: what must not count as a fact, and what a clinician reads without a doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from medgui.record.model import Completeness
from tests.readers.build_ccda import (
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

ICD9 = "2.16.840.1.113883.6.103"


def taken_from(first: str, last: str = "", length: str = "") -> str:
    """The time of taking a drug."""
    ends = f'<high value="{last}"/>' if last else f'<width value="{length}" unit="d"/>' if length else ""
    return f'<effectiveTime xsi:type="IVL_TS"><low value="{first}"/>{ends}</effectiveTime>'


def named_problem(words: str) -> str:
    """A problem that is written in words only."""
    return problem(f'<value xsi:type="CD" nullFlavor="UNK"><originalText>{words}</originalText></value>')


# Drugs


@pytest.mark.parametrize(
    ("code", "words", "status", "reason"),
    [
        ("421139008", "On Hold", "stopped", "The drug is on hold."),
        ("385655000", "Suspended", "stopped", "The drug is on hold."),
        ("392521001", "Prior History", "completed", "The course is over."),
        ("73425007", "No Longer Active", "stopped", "The drug was stopped."),
        ("X-1", "Discontinued", "stopped", "The drug was stopped."),
    ],
)
def test_a_status_observation_overrules_an_active_drug(
    tmp_path: Path, code: str, words: str, status: str, reason: str
) -> None:
    """Medication statuses that the list of problem statuses lacks are statuses too."""
    (found,) = read(tmp_path, section("medications", drug(more=state(code, words)))).medications
    assert (found.status, found.usable, found.unusable_reason) == (status, False, reason)


@pytest.mark.parametrize(
    ("time", "status"),
    [
        (taken_from("20270101"), "planned"),
        (taken_from("20260301"), "active"),
        (taken_from("20260302"), "active"),
        (taken_from("20260303"), "planned"),
        (taken_from("20250101", "20300101"), "active"),
        (taken_from("20250101", length="10"), "completed"),
        (taken_from("20260225", length="90"), "active"),
    ],
)
def test_times_of_a_drug_are_held_against_the_day_of_the_document(
    tmp_path: Path, time: str, status: str
) -> None:
    """What begins later is planned; a beginning with a length has an end."""
    (found,) = read(tmp_path, section("medications", drug(time=time))).medications
    assert (found.status, found.usable) == (status, status == "active")


@pytest.mark.parametrize(
    ("words", "state_of_list"),
    [("No known medications", Completeness.COMPLETE), ("None", Completeness.ABSENT)],
)
def test_a_coded_drug_named_none_is_no_drug(tmp_path: Path, words: str, state_of_list: Completeness) -> None:
    """Systems give codes of their own to the statement that there is no drug."""
    record = read(tmp_path, section("medications", drug("0", words)))
    assert record.medications == ()
    assert record.completeness["medications"] is state_of_list


def test_a_range_of_tablets_keeps_its_form(tmp_path: Path) -> None:
    """One to two tablets, not one to two."""
    dose = (
        '<doseQuantity><low value="1"/><high value="2"/></doseQuantity>'
        '<administrationUnitCode code="C48542" displayName="Tablet"/>'
    )
    (found,) = read(tmp_path, section("medications", drug(more=dose))).medications
    assert found.dose == "1–2 Tablet"


# Allergies


@pytest.mark.parametrize(
    ("code", "words"),
    [("NKDA", "No Known Drug Allergies"), ("0", "NKA"), ("1", "No known allergies to medications"),
     ("2", "No Known Drug Allergies (NKDA)")],
)  # fmt: skip
def test_a_coded_substance_that_denies_all_allergies_is_no_allergy(
    tmp_path: Path, code: str, words: str
) -> None:
    """Not an allergy to something named NKDA."""
    (found,) = read(tmp_path, section("allergies", allergy(coded("code", code, RXNORM, words)))).allergies
    assert found.negated
    assert found.name == words


def test_a_substance_that_is_denied_alone_is_not_the_denial_of_all(tmp_path: Path) -> None:
    """No allergy to penicillin says nothing of others."""
    record = read(
        tmp_path, section("allergies", allergy(coded("code", "1", RXNORM, "No allergy to penicillin")))
    )
    assert [(item.negated, item.verification) for item in record.allergies] == [(False, "refuted")]


def test_a_table_that_states_no_known_allergies_is_the_statement(tmp_path: Path) -> None:
    """Empty cells beside the words do not hide it."""
    table = (
        "<table><thead><tr><th>Substance</th><th>Reaction</th></tr></thead>"
        "<tbody><tr><td>No known allergies</td><td/></tr></tbody></table>"
    )
    record = read(tmp_path, section("allergies", text=table))
    assert [(item.name, item.negated) for item in record.allergies] == [("No known allergies", True)]


def test_each_substance_of_one_observation_is_an_allergy(tmp_path: Path) -> None:
    """None is lost because another stands before it."""
    both = (coded("code", "7982", RXNORM, "Penicillin G"), coded("code", "2670", RXNORM, "Codeine"))
    second = (
        '<participant typeCode="CSM"><participantRole><playingEntity>'
        f"{both[1]}</playingEntity></participantRole></participant>"
    )
    record = read(tmp_path, section("allergies", allergy(both[0], more=second)))
    assert [item.name for item in record.allergies] == ["Penicillin G", "Codeine"]


# Problems and procedures


@pytest.mark.parametrize(
    "words",
    ["No diabetes", "No coronary artery disease", "Diabetes mellitus, ruled out", "R/O pneumonia", "Diabetes?",
     "? stroke", "Pneumonia (suspected)", "Asthma - possible", "Likely heart failure", "Presumed sepsis"],
)  # fmt: skip
def test_a_problem_that_doubts_or_denies_itself_is_not_used(tmp_path: Path, words: str) -> None:
    """Its own words count, wherever in the name they stand."""
    (found,) = read(tmp_path, section("problems", named_problem(words))).conditions
    assert not found.usable


@pytest.mark.parametrize(
    "words", ["No-reflow phenomenon", "Nocturia", "Non-ST elevation myocardial infarction", "Normal pregnancy",
              "Myocardial infarction not excluded"],
)  # fmt: skip
def test_a_name_that_only_begins_like_a_denial_is_used(tmp_path: Path, words: str) -> None:
    """Words are not cut into syllables."""
    (found,) = read(tmp_path, section("problems", named_problem(words))).conditions
    assert found.usable


@pytest.mark.parametrize(
    "held",
    [
        choice("V17.3", "", ICD9),
        choice("V18.0", "", ICD9),
        choice("1", "Family hx of diabetes"),
        choice("2", "Maternal history of breast cancer"),
    ],
)
def test_a_problem_about_relatives_is_not_the_patients(tmp_path: Path, held: str) -> None:
    """ICD-9 has its own codes of family history, also where no name stands beside them."""
    (found,) = read(tmp_path, section("problems", problem(held))).conditions
    assert (found.subject, found.usable) == ("family member", False)


@pytest.mark.parametrize(
    ("last", "status"), [("20991231", "active"), ("20260401", "active"), ("20260301", "resolved")]
)
def test_a_problem_ends_only_when_its_end_has_come(tmp_path: Path, last: str, status: str) -> None:
    """Systems write the end of time where a problem has none."""
    time = f'<low value="20150301"/><high value="{last}"/>'
    (found,) = read(
        tmp_path, section("problems", problem(choice("44054006", "Diabetes"), time=time))
    ).conditions
    assert found.clinical_status == status


def test_a_problem_may_be_written_as_a_text(tmp_path: Path) -> None:
    """A value of the type ST is its name."""
    (found,) = read(tmp_path, section("problems", problem(value("ST", "", "Hypertension")))).conditions
    assert (found.name, found.usable) == ("Hypertension", True)


def test_a_procedure_after_the_day_of_the_document_is_planned(tmp_path: Path) -> None:
    """Whatever its status says."""
    entry = (
        f'<procedure classCode="PROC" moodCode="EVN">{coded("code", "232717009", SNOMED, "Bypass")}'
        '<statusCode code="completed"/><effectiveTime value="20260401"/></procedure>'
    )
    (found,) = read(tmp_path, section("procedures", entry)).conditions
    assert (found.clinical_status, found.usable) == ("preparation", False)


def test_a_relatives_age_at_onset_and_death_are_kept_in_words(tmp_path: Path) -> None:
    """They are read beside the disease; it stays family history."""
    age = observation("445518008", quantity("57", "a"), system=SNOMED, time="")
    dead = observation("ASSERTION", choice("419099009", "Dead"), time="")
    entry = (
        '<organizer classCode="CLUSTER" moodCode="EVN"><subject><relatedSubject><code code="FTH" '
        'displayName="Father"/></relatedSubject></subject><component><observation classCode="OBS" moodCode="EVN">'
        f"{coded('code', '64572001')}{choice('22298006', 'Myocardial infarction')}"
        f"{nested('SUBJ', age)}{nested('CAUS', dead)}</observation></component></organizer>"
    )
    (found,) = read(tmp_path, section("family", entry)).conditions
    assert (found.subject, found.note, found.usable) == (
        "Father",
        "Onset: 57\N{NO-BREAK SPACE}y, Cause of death",
        False,
    )


# Encounters


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        (
            '<code nullFlavor="UNK"><originalText>Emergency Department Visit</originalText></code>',
            "emergency",
        ),
        ('<code code="X" codeSystem="1.2.3" displayName="Hospital admission"/>', "inpatient"),
        ('<code code="AMB" displayName="emergency clinic"/>', "outpatient"),
        ('<code code="X" codeSystem="1.2.3" displayName="Office visit"/>', ""),
    ],
)
def test_an_acute_encounter_is_known_by_its_words_too(tmp_path: Path, code: str, setting: str) -> None:
    """Its values are marked (SAFETY 10); a code that is known decides first."""
    header = (
        f"<componentOf><encompassingEncounter>{code}<effectiveTime><low value='20260219'/>"
        "<high value='20260222'/></effectiveTime></encompassingEncounter></componentOf>"
    )
    record = read(tmp_path, section("results", observation("2160-0", quantity("1", "mg/dL"))), header=header)
    assert record.observations[0].setting == setting


# Whose it is


NEWBORN = '<subject><relatedSubject><code code="NCHILD" displayName="Newborn"/></relatedSubject></subject>'


def about_the_newborn(section_of: str) -> str:
    """A section of a mother's document that is about her child."""
    return section_of.replace("<title>", f"{NEWBORN}<title>", 1)


def test_a_section_about_the_newborn_says_nothing_of_the_mother(tmp_path: Path) -> None:
    """A section may have another subject than the document; the parts are not complete, and nothing is used."""
    record = read(
        tmp_path,
        about_the_newborn(section("vitals", observation("29463-7", quantity("3.2", "kg")))),
        about_the_newborn(section("problems", problem(choice("387712008", "Neonatal jaundice")))),
        about_the_newborn(section("social", observation("76689-9", choice("M", "Male")))),
        about_the_newborn(section("allergies", text="No known allergies")),
    )
    assert (record.observations, record.conditions, record.allergies) == ((), (), ())
    assert record.patient.sex == "female"
    assert {note.reason for note in record.unread} == {"About someone or something else (Newborn)."}
    assert set(record.completeness.values()) == {Completeness.PARTIAL}


def test_a_section_below_one_about_the_newborn_is_about_the_newborn(tmp_path: Path) -> None:
    """The subject holds for what is nested."""
    inner = section("vitals", observation("29463-7", quantity("3.2", "kg")))
    outer = section("plan").replace("</section>", f"<component>{inner}</component></section>")
    record = read(tmp_path, about_the_newborn(outer))
    assert record.observations == ()


def test_an_allergy_of_someone_else_is_not_the_patients(tmp_path: Path) -> None:
    """It is noted as not read, and the list is not complete."""
    child = allergy(coded("code", "7982", RXNORM, "Penicillin G")).replace("<code", f"{NEWBORN}<code", 1)
    record = read(tmp_path, section("allergies", child))
    assert record.allergies == ()
    assert record.completeness["allergies"] is Completeness.PARTIAL


def test_a_surgical_history_is_a_list_of_procedures(tmp_path: Path) -> None:
    """It has a code of its own; a bypass in it counts."""
    entry = (
        f'<procedure classCode="PROC" moodCode="EVN">{coded("code", "232717009", SNOMED, "Bypass")}'
        '<statusCode code="completed"/><effectiveTime value="2010"/></procedure>'
    )
    surgical = section("procedures", entry).replace("47519-4", "10167-5")
    (found,) = read(tmp_path, surgical).conditions
    assert (found.kind, found.usable) == ("procedure", True)
