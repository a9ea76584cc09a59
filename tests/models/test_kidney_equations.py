"""Kidney function, stage and risk: published cells, the edges of each stage, refusals, and what stands beside them."""

import numpy as np
import pytest

from tests.models.equation_rows import answer, bundle, clincalc, score

CKD_INPUTS: dict[str, float | str] = {"age": 60, "sex": "male", "egfr": 35, "uacr": 300, "north_america": 1}
OPTIONAL: dict[str, float | str] = {
    "diabetes": 1,
    "hypertension": 1,
    "albumin": 4.0,
    "phosphate": 3.9,
    "bicarbonate": 25.6,
    "calcium": 9.4,
}


def test_ckd_epi_with_both_markers_lies_between_those_with_one() -> None:
    row = {"age": 50, "sex": "female", "creatinine": 1.2, "cystatin_c": 0.9}
    both = score("ckd_epi_2021_cystatin", **row)["egfr"]
    one = score("ckd_epi_2021", age=50, sex="female", creatinine=1.2)["egfr"]
    other = score("ckd_epi_2012_cystatin", age=50, sex="female", cystatin_c=0.9)["egfr"]
    assert one < both < other


@pytest.mark.parametrize("model", ["ckd_epi_2009", "mdrd"])
def test_an_ethnic_group_changes_an_old_equation_only_where_black_is_stated(model: str) -> None:
    row = {"age": 50, "sex": "female", "creatinine": 1.2}
    plain = score(model, **row)["egfr"]
    for group in ("NH White", "NH Asian", "Hispanic", "Other"):
        assert score(model, **row, ethnicity=group)["egfr"] == plain
    factor = {"ckd_epi_2009": 1.159, "mdrd": 1.212}[model]
    assert score(model, **row, ethnicity="NH Black")["egfr"] == pytest.approx(plain * factor, rel=1e-12)


def test_ekfc_has_no_jump_at_the_end_of_growth_and_falls_from_40_on() -> None:
    values = [
        score("ekfc", age=a, sex="male", creatinine=0.9)["egfr"] for a in (24.9, 25, 25.1, 39, 40, 41, 60)
    ]
    assert np.ptp(values[:3]) < 1.0
    assert values[2] == values[3] == values[4] == pytest.approx(107.3)
    assert values[6] == pytest.approx(107.3 * 0.990**20)


def test_ekfc_answers_for_a_child_and_the_adult_equations_do_not() -> None:
    row = {"age": 10.0, "sex": "female", "creatinine": 0.5}
    assert 80 < score("ekfc", **row)["egfr"] < 140
    assert answer("ckd_epi_2009", row).status_of(0) == "out_of_scope"


def test_cockcroft_gault_of_a_worked_example() -> None:
    found = score("cockcroft_gault", age=60, sex="male", weight=72, creatinine=1.0)
    assert found["creatinine_clearance"] == pytest.approx(80.0)
    woman = score("cockcroft_gault", age=60, sex="female", weight=72, creatinine=1.0)
    assert woman["creatinine_clearance"] == pytest.approx(68.0)


@pytest.mark.parametrize(
    ("model", "needed"),
    [
        ("ckd_epi_2021_cystatin", {"age": 50, "sex": "male", "creatinine": 1.0, "cystatin_c": 1.0}),
        ("ckd_epi_2012_cystatin", {"age": 50, "sex": "male", "cystatin_c": 1.0}),
        ("ckd_epi_2009", {"age": 50, "sex": "male", "creatinine": 1.0}),
        ("ekfc", {"age": 50, "sex": "male", "creatinine": 1.0}),
        ("mdrd", {"age": 50, "sex": "male", "creatinine": 1.0}),
        ("cockcroft_gault", {"age": 50, "sex": "male", "creatinine": 1.0, "weight": 70}),
        ("kfre", CKD_INPUTS),
        ("kdigo_stage", {"egfr": 50}),
    ],
)
def test_without_a_needed_value_there_is_no_number(model: str, needed: dict[str, float | str]) -> None:
    assert answer(model, needed).status_of(0) == "ready"
    for name in needed:
        lacking = {key: value for key, value in needed.items() if key != name}
        batch = answer(model, lacking)
        assert batch.status_of(0) == "missing_input", name
        assert all(np.isnan(values[0]) for values in batch.outputs.values())


@pytest.mark.parametrize(
    "model", ["ckd_epi_2021_cystatin", "ckd_epi_2009", "ekfc", "mdrd", "cockcroft_gault"]
)
@pytest.mark.parametrize("fact", ["pregnant", "dialysis_or_transplant"])
def test_pregnancy_and_dialysis_put_every_estimate_out_of_scope(model: str, fact: str) -> None:
    person: dict[str, float | str] = {"age": 30, "sex": "female", "creatinine": 1.0}
    taken = {spec.name for spec in bundle(model).manifest.inputs}
    row = {**person, **{name: 60.0 for name in ("weight",) if name in taken}}
    row.update({name: 1.0 for name in ("cystatin_c",) if name in taken})
    assert answer(model, row).status_of(0) == "ready"
    assert answer(model, row, **{fact: 1.0}).status_of(0) == "out_of_scope"


# Risk of kidney failure


def test_the_risk_of_kidney_failure_is_for_reduced_function_only() -> None:
    assert answer("kfre", {**CKD_INPUTS, "egfr": 59.9}).status_of(0) == "ready"
    assert answer("kfre", {**CKD_INPUTS, "egfr": 60}).status_of(0) == "out_of_scope"
    assert answer("kfre", {**CKD_INPUTS, "egfr": 4}).status_of(0) == "out_of_scope"
    assert answer("kfre", {**CKD_INPUTS, "uacr": 0}).status_of(0) == "out_of_scope"
    assert answer("kfre", CKD_INPUTS, dialysis_or_transplant=1.0).status_of(0) == "out_of_scope"


def test_six_and_eight_variables_need_their_own_values_and_take_none_of_the_others() -> None:
    four = answer("kfre", CKD_INPUTS)
    known = {name for name, values in four.outputs.items() if np.isfinite(values[0])}
    assert known == {"kidney_failure_4v_2y", "kidney_failure_4v_5y"}
    six = answer("kfre", {**CKD_INPUTS, "diabetes": 1, "hypertension": 0})
    known = {name for name, values in six.outputs.items() if np.isfinite(values[0])}
    assert known == {f"kidney_failure_{v}v_{y}y" for v in (4, 6) for y in (2, 5)}
    everything = answer("kfre", {**CKD_INPUTS, **OPTIONAL})
    assert all(np.isfinite(values[0]) for values in everything.outputs.values())
    assert everything.outputs["kidney_failure_4v_5y"][0] == four.outputs["kidney_failure_4v_5y"][0]


def test_the_sickest_person_in_range_gets_a_number_and_no_fault() -> None:
    worst = {"age": 18, "sex": "male", "egfr": 5, "uacr": 25000, "north_america": 1}
    values = {
        "diabetes": 0,
        "hypertension": 1,
        "albumin": 0.5,
        "phosphate": 20,
        "bicarbonate": 2,
        "calcium": 3,
    }
    batch = answer("kfre", {**worst, **values})
    assert batch.status_of(0) == "ready"
    assert all(0.999 < found[0] < 1.0 for found in batch.outputs.values())


def test_the_notice_of_the_kidney_failure_risk_speaks_of_competing_death() -> None:
    manifest = bundle("kfre").manifest
    assert "Competing death" in manifest.notice["en"]
    assert "竞争性死亡" in manifest.notice["zh"]
    assert manifest.indications[0].any == ("chronic_kidney_disease",)
    assert "duration not shown" in manifest.indications[0].reason["en"]


# Stage


@pytest.mark.parametrize(
    ("egfr", "stage"),
    [
        (90, 1),
        (89.5, 1),
        (89.4, 2),
        (60, 2),
        (59.5, 2),
        (59.4, 3),
        (45, 3),
        (44.4, 4),
        (30, 4),
        (29.4, 5),
        (15, 5),
        (14.4, 6),
    ],
)
def test_the_gfr_stage_follows_the_figure_as_shown(egfr: float, stage: int) -> None:
    assert score("kdigo_stage", egfr=egfr, uacr=10)["gfr_stage"] == stage


@pytest.mark.parametrize(("uacr", "stage"), [(0, 1), (29.4, 1), (30, 2), (300, 2), (300.4, 2), (301, 3)])
def test_the_albuminuria_stage_has_30_and_300_in_the_middle(uacr: float, stage: int) -> None:
    assert score("kdigo_stage", egfr=80, uacr=uacr)["albuminuria_stage"] == stage


def test_every_cell_of_the_kdigo_map() -> None:
    rows = {95: (1, 2, 3), 70: (1, 2, 3), 50: (2, 3, 4), 40: (3, 4, 4), 20: (4, 4, 4), 10: (4, 4, 4)}
    for egfr, wanted in rows.items():
        found = [score("kdigo_stage", egfr=egfr, uacr=acr)["kdigo_risk"] for acr in (10, 100, 1000)]
        assert tuple(found) == wanted, egfr


def test_without_albuminuria_only_the_gfr_stage_is_known() -> None:
    batch = answer("kdigo_stage", {"egfr": 50})
    assert batch.outputs["gfr_stage"][0] == 3
    assert np.isnan(batch.outputs["kdigo_risk"][0])


def test_the_kdigo_risk_agrees_with_an_independent_implementation() -> None:
    colours = {"Low": 1, "Mode": 2, "High": 3, "Very": 4}
    for given, result in clincalc("ckd_risk"):
        wanted = next(code for word, code in colours.items() if result.startswith(word))
        found = score("kdigo_stage", egfr=given["egfr"], uacr=given["acr"] * 8.84)
        assert found["kdigo_risk"] == wanted, given


def test_the_kidney_failure_risk_takes_an_egfr_of_three_months_at_most() -> None:
    spec = bundle("kfre").manifest.input("egfr")
    assert spec.max_age_days == 92
    assert spec.from_ == "ckd_epi_2021.egfr"


def test_a_stage_says_that_one_pair_of_values_shows_no_duration() -> None:
    assert "three months" in bundle("kdigo_stage").manifest.notice["en"]
    assert "三个月" in bundle("kdigo_stage").manifest.notice["zh"]
