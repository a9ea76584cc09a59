"""HL7 v2 diagnoses, problems, allergies, procedures, vaccinations and drugs."""

from __future__ import annotations

from pathlib import Path

import pytest

from medgui.record.model import Allergy, Condition, Medication
from tests.readers.hl7_build import message, read


def condition(folder: Path, segment: str, kind: str = "ADT^A01") -> Condition:
    """The only problem of one message."""
    return read(folder, message(segment, kind=kind)).conditions[0]


def allergy(folder: Path, segment: str) -> Allergy:
    """The only allergy of one message."""
    return read(folder, message(segment, kind="ADT^A60")).allergies[0]


def drug(folder: Path, *segments: str, kind: str = "RDE^O11") -> Medication:
    """The only drug of one message."""
    (found,) = read(folder, message(*segments, kind=kind)).medications
    return found


@pytest.mark.parametrize(
    ("kind", "verification", "usable"),
    [("F", "confirmed", True), ("A", "provisional", False), ("W", "provisional", False), ("", "", True)],
)
def test_only_a_final_diagnosis_is_confirmed(
    tmp_path: Path, kind: str, verification: str, usable: bool
) -> None:
    found = condition(tmp_path, f"DG1|1||I10^Hypertension^I10C||20200102|{kind}")
    assert (found.verification, found.usable, found.recorded) == (verification, usable, "2020-01-02")
    assert found.codings[0].system == "http://hl7.org/fhir/sid/icd-10-cm"


def test_an_older_diagnosis_names_its_system_and_words_in_other_fields(tmp_path: Path) -> None:
    found = condition(tmp_path, "DG1|1|I9|401.9|ESSENTIAL HYPERTENSION||F")
    assert (found.name, found.codings[0].system) == (
        "ESSENTIAL HYPERTENSION",
        "http://hl7.org/fhir/sid/icd-9-cm",
    )


def test_a_deleted_diagnosis_is_no_fact(tmp_path: Path) -> None:
    cells = ["DG1", "1", "", "I10^Hypertension^I10C", "", "", "F"] + [""] * 14 + ["D"]
    record = read(tmp_path, message("|".join(cells), kind="ADT^A01"))
    assert (record.conditions, [trace.code for trace in record.cleaned]) == ((), ["entered_in_error"])


def test_family_history_is_not_about_the_patient(tmp_path: Path) -> None:
    found = condition(tmp_path, "DG1|1||Z82.49^Family history of heart disease^I10C|||F")
    assert (found.subject, found.usable) == ("family member", False)


@pytest.mark.parametrize(
    ("action", "confirmed", "life", "clinical", "usable"),
    [
        ("AD", "C^Confirmed", "ACTIVE", "active", True),
        ("AD", "", "RESOLVED", "resolved", True),
        ("AD", "P^Provisional", "ACTIVE", "active", False),
    ],
)
def test_a_problem_carries_its_states(
    tmp_path: Path, action: str, confirmed: str, life: str, clinical: str, usable: bool
) -> None:
    segment = (
        f"PRB|{action}|20200102|73211009^Diabetes mellitus^SCT|1|||20190101||||||{confirmed}|{life}||20180301"
    )
    found = condition(tmp_path, segment, "PPR^PC1")
    assert (found.clinical_status, found.usable, found.onset) == (clinical, usable, "2018-03-01")


def test_an_allergy_carries_its_reactions(tmp_path: Path) -> None:
    found = allergy(tmp_path, "AL1|1|DA|70618^Penicillin^RXNORM|SV|Hives~Wheeze|20190101")
    assert (found.name, found.reaction, found.recorded, found.negated) == (
        "Penicillin",
        "Hives, Wheeze",
        "2019-01-01",
        False,
    )
    assert found.codings[0].system == "http://www.nlm.nih.gov/research/umls/rxnorm"


@pytest.mark.parametrize(
    "code", ["NKDA^No known drug allergies^L", "^No Known Allergies", "716186003^No known allergy^SCT", "NKA"]
)
def test_no_known_allergy_is_a_statement(tmp_path: Path, code: str) -> None:
    assert allergy(tmp_path, f"AL1|1|DA|{code}").negated


@pytest.mark.parametrize(
    ("status", "expected"),
    [("C", ("active", "confirmed")), ("S", ("active", "unconfirmed"))],
)
def test_an_allergy_of_version_2_4_carries_its_status(
    tmp_path: Path, status: str, expected: tuple[str, str]
) -> None:
    found = allergy(tmp_path, "IAM|1|DA|P^Penicillin^L|SV|Hives|A" + "|" * 11 + status)
    assert (found.status, found.verification) == expected


def test_a_problem_or_allergy_that_was_withdrawn_is_left_out_with_a_trace(tmp_path: Path) -> None:
    problem = "PRB|DE|20200102|73211009^Diabetes mellitus^SCT|1|||20190101||||||C|ACTIVE||20180301"
    record = read(tmp_path, message(problem, kind="PPR^PC1"))
    assert (record.conditions, [trace.code for trace in record.cleaned]) == ((), ["entered_in_error"])
    withdrawn = "IAM|1|DA|P^Penicillin^L|SV|Hives|A" + "|" * 11 + "E"
    record = read(tmp_path, message(withdrawn, kind="ADT^A60"))
    assert (record.allergies, [trace.code for trace in record.cleaned]) == ((), ["entered_in_error"])


@pytest.mark.parametrize(
    ("when", "status"), [("20200101", "completed"), ("20270101", "preparation"), ("", "")]
)
def test_a_procedure_is_past_only_where_its_date_is(tmp_path: Path, when: str, status: str) -> None:
    found = condition(tmp_path, f"PR1|1||232717009^Coronary bypass^SCT||{when}")
    assert (found.kind, found.clinical_status, found.usable) == ("procedure", status, status == "completed")


@pytest.mark.parametrize(
    ("status", "expected", "usable"),
    [("CP", "completed", True), ("RE", "not-done", False), ("NA", "not-done", False)],
)
def test_a_vaccination_is_an_immunization(tmp_path: Path, status: str, expected: str, usable: bool) -> None:
    segment = f"RXA|0|1|20251001||140^Influenza^CVX|0.5|mL||00{'|' * 11}{status}"
    found = condition(tmp_path, segment, "VXU^V04")
    assert (found.kind, found.clinical_status, found.usable) == ("immunization", expected, usable)
    assert (found.onset, found.codings[0].system) == ("2025-10-01", "http://hl7.org/fhir/sid/cvx")


def test_no_vaccine_given_is_no_immunization(tmp_path: Path) -> None:
    record = read(tmp_path, message("RXA|0|1|20251001||998^No vaccine^CVX|999", kind="VXU^V04"))
    assert (record.conditions, record.medications) == ((), ())


def test_an_encoded_order_is_a_drug_that_is_taken(tmp_path: Path) -> None:
    found = drug(
        tmp_path,
        "ORC|NW|P9|F9",
        "RXO|860975^Metformin^RXNORM|500||mg",
        "RXE|^BID^^20260101|860975^Metformin 500 MG^RXNORM|500||mg|TAB^Tablet|with meals",
        "RXR|PO^Oral^HL70162",
    )
    assert (found.name, found.status, found.usable) == ("Metformin 500 MG", "active", True)
    assert (found.dose, found.route, found.frequency, found.start) == (
        "500 mg, Tablet, with meals",
        "Oral",
        "BID",
        "2026-01-01",
    )


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ("ORC|CA|P9|F9", "not-taken"),
        ("ORC|DC|P9|F9", "stopped"),
        ("ORC|HD|P9|F9", "stopped"),
        ("ORC|SC|P9|F9||CM", "completed"),
        ("ORC|NW|P9|F9", "active"),
    ],
)
def test_order_control_says_whether_a_drug_is_taken(tmp_path: Path, order: str, status: str) -> None:
    found = drug(tmp_path, order, "RXE||860975^Metformin^RXNORM|500||mg")
    assert (found.status, found.usable) == (status, status == "active")


def test_a_drug_that_starts_after_the_message_is_planned(tmp_path: Path) -> None:
    found = drug(tmp_path, "ORC|NW|P9", "TQ1|1||QD||||20270101", "RXE||M^Metformin^L|500||mg")
    assert (found.status, found.usable, found.frequency) == ("planned", False, "QD")
    assert drug(tmp_path, "RXE|^QD^^20270101|M^Metformin^L|500||mg").status == "planned"


def test_a_later_message_stops_a_drug(tmp_path: Path) -> None:
    rxe = "RXE||M^Metformin^L|500||mg"
    text = message("ORC|NW|P9", rxe, kind="RDE^O11") + message("ORC|DC|P9", rxe, kind="RDE^O11")
    assert [(m.status, m.usable) for m in read(tmp_path, text).medications] == [("stopped", False)] * 2


def test_a_drug_that_was_given_once_is_over(tmp_path: Path) -> None:
    found = drug(tmp_path, "ORC|RE|P9", f"RXA|0|1|20261101||M^Morphine^L|5|mg{'|' * 13}CP", kind="RAS^O17")
    assert (found.status, found.dose, found.start) == ("completed", "5 mg", "2026-11-01")


def test_components_of_a_compound_add_their_codes(tmp_path: Path) -> None:
    found = drug(tmp_path, "RXE||MIX^Infusion^L|1||L", "RXC|B|9863^Sodium chloride^RXNORM|1|L")
    assert [c.code for c in found.codings] == ["MIX", "9863"]


def test_a_drug_without_a_name_goes_to_unread(tmp_path: Path) -> None:
    record = read(tmp_path, message("RXE|||5", kind="RDE^O11"))
    assert ([n.line for n in record.unread], record.medications) == ([3], ())
