"""The screens keep what their cards say: ranking, calibration, gaps, names of columns, words (SAFETY 17, 18)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from medgui.evaluation import figures as ev
from medgui.explain.api import explain_rows
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir
from tests.models.test_trained_bundles import recipe
from tests.shared_data import data_file

SCREENS = ("ckd_screen", "albuminuria", "undiagnosed_diabetes")
SURVEYS = ("ckd_screen", "albuminuria")
NEVER = {
    "ckd_screen": {"creatinine", "bun", "uric_acid", "cystatin_c", "egfr", "urea"},
    "albuminuria": {"uacr", "upcr", "albumin_urine"},
    "undiagnosed_diabetes": {"hba1c", "glucose", "fasting_glucose", "insulin", "pills"},
}
BARS = {"ckd_screen": 0.886, "albuminuria": 0.772}

pytestmark = pytest.mark.skipif(
    not all((models_dir() / name).is_dir() for name in SCREENS), reason="the screens are not in this checkout"
)


def bundle(name: str) -> Bundle:
    folder = models_dir() / name
    manifest = read_manifest(folder)
    return Bundle(manifest, folder, manifest.hashes)


def external(name: str) -> tuple[Bundle, np.ndarray, np.ndarray]:
    data_file("tabular/nhanes_cardiometabolic.csv.gz")
    module = recipe(name)
    screening = pytest.importorskip("medgui.workshop.screening")
    rows = screening.load(module.SCREEN, external=True)
    return bundle(name), rows.x, rows.y


def log_odds(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1 - p))


@pytest.mark.parametrize("name", SCREENS)
def test_what_the_screen_estimates_is_no_input_and_the_ethnic_group_at_most_a_marker(name: str) -> None:
    inputs = {spec.name: spec for spec in bundle(name).manifest.inputs}
    assert not set(inputs) & (NEVER[name] | {"crp"})
    assert ("ethnicity" in inputs) is (name == "ckd_screen")
    if name == "ckd_screen":
        group = inputs["ethnicity"]
        assert group.marker
        assert not group.required
        assert group.missing == "graph"
        assert group.columns == ("demo_race",)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_says_that_it_is_no_reason_against_a_test_that_is_due(name: str) -> None:
    manifest = bundle(name).manifest
    assert "no reason against" in manifest.not_for["en"]
    assert "不做应做" in manifest.not_for["zh"]
    assert manifest.answered_by


@pytest.mark.parametrize("name", SCREENS)
def test_no_group_has_a_threshold_or_a_refusal_of_its_own(name: str) -> None:
    manifest = bundle(name).manifest
    assert all(not output.bands for output in manifest.outputs)
    assert "ethnicity" not in [rule.input for rule in manifest.exclusions]
    groups = {row.group for row in manifest.evaluation if row.metric == "calibration_in_the_large"}
    assert {"ethnicity: NH Black", "ethnicity: NH White", "ethnicity: Hispanic"} <= groups


def test_the_card_of_the_kidney_screen_shows_each_group_before_and_after_the_remedy() -> None:
    rows = [r for r in bundle("ckd_screen").manifest.evaluation if r.metric == "calibration_in_the_large"]
    name = "NHANES 2011-2020 (external)"
    before, measured, stated = (
        {r.group: r for r in rows if r.dataset == name + end}
        for end in (", before the remedy", "", ", ethnicity stated")
    )
    for group in ("NH Black", "NH White", "NH Asian", "Hispanic", "Other"):
        key = f"ethnicity: {group}"
        assert before[key].observed == measured[key].observed == stated[key].observed
    for key in ("ethnicity: NH Black", "ethnicity: Hispanic"):
        assert abs(stated[key].value) < 0.15 < abs(measured[key].value)
    assert abs(measured["ethnicity: NH Black"].value) < abs(before["ethnicity: NH Black"].value)


def test_a_stated_group_adds_the_same_log_odds_for_everybody_and_its_contribution_is_that_shift() -> None:
    model = bundle("ckd_screen")
    people, place = model.reference.background, model.input_names.index("ethnicity")
    assert np.isnan(people[:, place]).all()
    plain = model.run(people)["egfr_below_60"]
    for code in model.manifest.input("ethnicity").categories.values():
        stated = people.copy()
        stated[:, place] = code
        shift = log_odds(model.run(stated)["egfr_below_60"]) - log_odds(plain)
        assert np.ptp(shift) < 1e-4
        found = explain_rows(model, stated[:5], "egfr_below_60")
        assert np.abs(found.residual).max() < 1e-6
        assert (np.sign(found.contributions[:, place]) == np.sign(shift[:5])).all()
    assert (explain_rows(model, people[:5], "egfr_below_60").contributions[:, place] == 0).all()


def test_the_ethnic_group_does_not_count_in_the_distance_and_an_unknown_one_refuses_nobody() -> None:
    model = bundle("ckd_screen")
    people, place = model.reference.background, model.input_names.index("ethnicity")
    plain = evaluate(model, people)
    for code in (1.0, 3.0, np.inf):
        stated = people.copy()
        stated[:, place] = code
        found = evaluate(model, stated)
        assert (found.distance == plain.distance).all()
        assert {found.status_of(row) for row in range(len(people))} == {"ready"}
    np.testing.assert_array_equal(found.outputs["egfr_below_60"], plain.outputs["egfr_below_60"])
    assert "group_unknown" in {mark.code for mark in found.marks.of(0)}


@pytest.mark.shared_data
def test_every_group_with_a_hundred_events_comes_to_its_rate_where_the_group_is_stated() -> None:
    data_file("tabular/nhanes_cardiometabolic.csv.gz")
    screening = pytest.importorskip("medgui.workshop.screening")
    rows = screening.load(recipe("ckd_screen").SCREEN, external=True)
    p = bundle("ckd_screen").run(rows.x)["egfr_below_60"]
    groups = {f"{kind}: {name}": (kind, name) for kind, names in rows.groups().items() for name in names}
    judged = 0
    for group, (kind, name) in groups.items():
        part = np.array(rows.groups()[kind]) == name
        if rows.y[part].sum() >= 100:
            judged += 1
            off = ev.calibration(rows.y[part], p[part])["calibration_in_the_large"].value
            assert abs(off) <= 0.15, group
    assert judged >= 8


@pytest.mark.parametrize("name", SCREENS)
def test_age_and_sex_are_enough_and_an_older_person_is_not_rated_lower(name: str) -> None:
    model = bundle(name)
    x = np.full((2, len(model.input_names)), np.nan)
    x[:, model.input_names.index("age")] = (35, 75)
    x[:, model.input_names.index("sex")] = 0
    found = evaluate(model, x)
    assert [found.status_of(row) for row in (0, 1)] == ["ready", "ready"]
    young, old = found.outputs[model.output_names[0]]
    assert young < old


@pytest.mark.parametrize("name", SURVEYS)
def test_a_higher_albumin_creatinine_ratio_or_more_drug_classes_never_lower_the_probability(
    name: str,
) -> None:
    model = bundle(name)
    for column, values in (("uacr", (5, 20, 80, 300)), ("bp_med_n_class", (0, 1, 2, 3, 4))):
        if column in model.input_names:
            for person in model.reference.background[:10]:
                x = np.repeat(person[None, :], len(values), axis=0)
                x[:, model.input_names.index(column)] = values
                assert (np.diff(model.run(x)[model.output_names[0]]) >= -1e-6).all()


@pytest.mark.parametrize("name", SURVEYS)
def test_no_single_gap_says_much_by_itself(name: str) -> None:
    model = bundle(name)
    people, output = model.reference.background, model.output_names[0]
    before = log_odds(model.run(people)[output])
    for place, spec in enumerate(model.manifest.inputs):
        if not spec.required:
            lacking = people.copy()
            lacking[:, place] = np.nan
            assert abs((log_odds(model.run(lacking)[output]) - before).mean()) < 0.35, spec.name


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SURVEYS)
def test_a_screen_keeps_its_bars_on_the_external_rows(name: str) -> None:
    model, x, y = external(name)
    p = evaluate(model, x).outputs[model.output_names[0]]
    known = ~np.isnan(p)
    assert known.mean() > 0.98
    assert ev.auroc(y[known], p[known]).value >= BARS[name]
    found = ev.calibration(y[known], p[known])
    assert 0.9 <= found["calibration_slope"].value <= 1.1
    assert abs(found["calibration_in_the_large"].value) <= 0.15


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SURVEYS)
def test_the_observed_rate_of_each_decile_lies_in_its_mean_interval(name: str) -> None:
    model, x, y = external(name)
    p = evaluate(model, x).outputs[model.output_names[0]]
    x, y, p = x[~np.isnan(p)], y[~np.isnan(p)], p[~np.isnan(p)]
    table = model.reference.intervals[model.output_names[0]]
    for part in np.array_split(np.argsort(p, kind="stable"), 10):
        lo, hi = table.limits(p[part])
        assert lo.mean() <= y[part].mean() <= hi.mean()


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SURVEYS)
def test_few_ordinary_people_are_flagged_and_strange_ones_are(name: str) -> None:
    model, x, _y = external(name)
    found = evaluate(model, x)
    assert found.distance is not None
    flag, refuse = model.reference.distance_limits or (0.0, 0.0)
    assert (found.distance > flag).mean() <= 0.05
    assert (found.distance > refuse).mean() <= 0.01
    strange = model.reference.background[:20].copy()
    for column, value in (
        ("systolic_bp", 230),
        ("diastolic_bp", 30),
        ("bmi", 13),
        ("albumin", 2.6),
        ("hba1c", 14),
    ):
        strange[:, model.input_names.index(column)] = value
    assert (evaluate(model, strange).distance > flag).all()


@pytest.mark.shared_data
def test_the_diabetes_screen_answers_nearly_everybody_and_beats_the_points_that_the_set_has() -> None:
    data_file("tabular/nhanes_diabetes_2017_18.csv")
    module, model = recipe("undiagnosed_diabetes"), bundle("undiagnosed_diabetes")
    x = module.features(module.load())
    found = evaluate(model, x)
    assert (~np.isnan(found.outputs["undiagnosed_diabetes"])).mean() > 0.98
    rows = {r.metric: r for r in model.manifest.evaluation if r.group == "all"}
    assert rows["auroc"].value >= 0.825
    assert (rows["auroc_minus_ada"].lo or 0) > 0


@pytest.mark.shared_data
def test_people_told_of_diabetes_are_not_taken_for_people_told_of_borderline_diabetes() -> None:
    model = bundle("undiagnosed_diabetes")
    x = model.reference.background[:1].copy()
    x[0, model.input_names.index("doctor_told_diabetes")] = 1
    assert evaluate(model, x).status_of(0) == "out_of_scope"


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SCREENS)
def test_score_answers_the_columns_of_the_set_and_the_standard_names_alike(name: str, tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    from medgui.cli.main import main

    survey = name in SURVEYS
    file = "tabular/nhanes_cardiometabolic.csv.gz" if survey else "tabular/nhanes_diabetes_2017_18.csv"
    frame = pd.read_csv(data_file(file), low_memory=False)
    frame = frame[frame.svy_year.eq("2013-2014")] if survey else frame[frame.doctor_told_diabetes.ne("1")]
    frame = (
        frame[frame["demo_age_years" if survey else "age"] >= 20]
        .head(400)
        .drop(columns=name, errors="ignore")
    )
    model = bundle(name).manifest
    renamed = {column: spec.name for spec in model.inputs for column in spec.columns if column in frame}
    answers = []
    for number, table in enumerate((frame, frame.rename(columns=renamed))):
        source, target = tmp_path / f"in{number}.csv", tmp_path / f"out{number}.csv"
        table.to_csv(source, index=False)
        assert main(["score", name, str(source), "-o", str(target)]) == 0
        answers.append(pd.read_csv(target, low_memory=False)[model.outputs[0].name].to_numpy())
    assert (~np.isnan(answers[0])).mean() >= 0.95
    np.testing.assert_array_equal(answers[0], answers[1])
