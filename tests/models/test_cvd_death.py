"""`cvd_death_10y` keeps what its card says: ranking, calibration, who is out of scope, competing death."""

from types import ModuleType

import numpy as np
import pytest

from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir
from tests.models.cohorts import recipe
from tests.shared_data import data_file

OUTPUT = "cvd_death_10y"


def bundle() -> Bundle:
    folder = models_dir() / OUTPUT
    manifest = read_manifest(folder)
    return Bundle(manifest, folder, manifest.hashes)


def external() -> tuple[ModuleType, "pd.DataFrame", np.ndarray]:  # noqa: F821
    data_file("tabular/nhanes_mortality.csv.gz")
    module = recipe(OUTPUT)
    frame = module.load("1999-2004")
    return module, frame, evaluate(bundle(), module.features(frame)).outputs[OUTPUT]


@pytest.mark.shared_data
def test_the_ranking_reaches_its_goals_at_all_ages_and_at_40_to_79() -> None:
    ev = pytest.importorskip("medgui.evaluation.figures")
    _module, frame, p = external()
    y, age, known = frame.cvd_10y.to_numpy(), frame.age.to_numpy(), np.isfinite(p)
    assert (len(y), int(y.sum())) == (7674, 373)
    assert known.mean() >= 0.99
    middle = known & (age >= 40) & (age < 80)
    assert ev.auroc(y[known], p[known]).value >= 0.886
    assert ev.auroc(y[middle], p[middle]).value >= 0.810


@pytest.mark.shared_data
def test_calibration_in_the_large_holds_on_surveys_that_did_not_set_the_level() -> None:
    ev = pytest.importorskip("medgui.evaluation.figures")
    _module, frame, p = external()
    part = (frame.year > 2000).to_numpy() & np.isfinite(p)
    found = ev.calibration(frame.cvd_10y.to_numpy()[part], p[part])
    assert abs(found["calibration_in_the_large"].value) <= 0.15
    assert 0.85 <= found["calibration_slope"].value <= 1.15


@pytest.mark.shared_data
def test_nobody_is_censored_before_ten_years_so_the_observed_share_is_that_of_aalen_and_johansen() -> None:
    survival = pytest.importorskip("medgui.evaluation.survival")
    module, frame, _p = external()
    for rows in (frame, module.load("III")):
        time, event = rows.permth_int.to_numpy(float), rows.event.to_numpy()
        incidence = survival.aalen_johansen(time, event, module.MONTHS).value
        assert incidence == pytest.approx(rows.cvd_10y.mean(), abs=1e-9)


@pytest.mark.shared_data
def test_no_single_gap_says_much_by_itself_in_the_training_survey() -> None:
    module, _frame, _p = external()
    model = bundle()
    x = module.features(module.load("III"))
    x = x[~np.isnan(x).any(axis=1)][:2000]

    def log_odds(rows: np.ndarray) -> np.ndarray:
        p = model.run(rows)[OUTPUT]
        return np.log(p / (1 - p))

    before = log_odds(x)
    for place, spec in enumerate(model.manifest.inputs):
        if not spec.required:
            lacking = x.copy()
            lacking[:, place] = np.nan
            assert abs((log_odds(lacking) - before).mean()) < 0.13, spec.name


@pytest.mark.shared_data
def test_the_people_found_again_in_the_second_file_are_of_the_same_age() -> None:
    pd = pytest.importorskip("pandas")
    nhanes = pytest.importorskip("medgui.workshop.nhanes")
    _module, frame, _p = external()
    other = data_file("tabular/nhanes_cardiometabolic.csv.gz")
    linked = nhanes.with_second_file(frame)
    assert len(linked) > 0.85 * len(frame)
    assert linked.place.is_unique
    weights = pd.read_csv(other, usecols=["svy_weight_mec"]).svy_weight_mec
    assert linked.survey_weight.isin(set(weights)).all()
    assert (frame.age.to_numpy()[linked.place] == linked.age.to_numpy()).all()


def test_age_and_sex_are_enough_and_risk_never_falls_with_age() -> None:
    model = bundle()
    x = np.full((66, len(model.input_names)), np.nan)
    x[:, 0], x[:, 1] = np.arange(20, 86), 1
    found = evaluate(model, x)
    assert {found.status_of(row) for row in range(len(x))} == {"ready"}
    assert (np.diff(found.outputs[OUTPUT]) >= -1e-6).all()


def test_known_cardiovascular_disease_is_out_of_scope_and_the_reason_tells_the_direction() -> None:
    rules = {rule.input: rule for rule in bundle().manifest.exclusions}
    for name in ("prior_ascvd", "heart_failure"):
        assert rules[name].effect == "out_of_scope"
        assert rules[name].unknown == "history_not_stated"
        assert "not low risk" in rules[name].reason["en"]
        assert "并不表示风险低" in rules[name].reason["zh"]


def test_the_title_carries_the_endpoint_and_the_row_stands_under_prognosis() -> None:
    manifest = bundle().manifest
    assert "death from cardiovascular disease" in manifest.title["en"]
    assert "心血管死亡" in manifest.title["zh"]
    assert manifest.group == "prognosis"
    assert not manifest.outputs[0].bands


def test_the_card_holds_the_comparison_and_figures_by_sex_age_and_ethnicity() -> None:
    manifest = bundle().manifest
    assert [row.chosen for row in manifest.comparison].count(True) == 1
    later = [
        row for row in manifest.evaluation if row.dataset.startswith("NHANES 2001-2004 (external, after")
    ]
    for key in ("sex", "age", "ethnicity"):
        assert any(row.group.startswith(f"{key}:") and row.lo is not None for row in later)
    assert {"aalen_johansen", "average_precision", "net_benefit@0.1"} <= {row.metric for row in later}


@pytest.mark.shared_data
def test_an_examined_person_with_the_few_values_of_an_ordinary_visit_is_not_rated_like_the_unexamined() -> (
    None
):
    nhanes = pytest.importorskip("medgui.workshop.nhanes")
    module, frame, _p = external()
    x = module.features(frame)
    part = nhanes.with_laboratory(x) & (frame.year > 2000).to_numpy()
    p = evaluate(bundle(), nhanes.as_few_know(x[part])).outputs[OUTPUT]
    assert np.nanmean(p) < 1.25 * frame.cvd_10y.to_numpy()[part].mean()
