"""The trained bundles keep what their cards say: figures, direction of risk, missing values, explanations."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.intervals import intervals
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir
from tests.models.cohorts import recipe
from tests.shared_data import data_file

TRAINED = ["mortality_10y", "cad", "breast_mass"]


def bundle(name: str) -> Bundle:
    folder = models_dir() / name
    manifest = read_manifest(folder)
    return Bundle(manifest, folder, manifest.hashes)


def external() -> tuple[ModuleType, np.ndarray, np.ndarray]:
    data_file("tabular/nhanes_mortality.csv.gz")
    module = recipe("mortality_10y")
    frame = module.load("1999-2004")
    return module, module.features(frame), frame.death_10y.to_numpy()


@pytest.mark.parametrize("name", TRAINED)
def test_each_factor_of_the_evaluation_sums_to_the_whole(name: str) -> None:
    rows = bundle(name).manifest.evaluation
    whole = {r.dataset: (r.n, r.events) for r in rows if r.group == "all"}
    factors = {(r.dataset, r.group.split(":")[0]) for r in rows if ":" in r.group}
    assert factors
    for dataset, factor in factors:
        mine = [r for r in rows if r.dataset == dataset and r.group.startswith(f"{factor}:")]
        parts = {r.group: (r.n, r.events) for r in mine}  # a group has a line for each figure
        assert tuple(map(sum, zip(*parts.values(), strict=True))) == whole[dataset]


@pytest.mark.parametrize("name", TRAINED)
def test_golden_inputs_give_the_golden_outputs(name: str) -> None:
    model = bundle(name)
    found = model.run(model.golden.x)
    for output, expected in model.golden.outputs.items():
        np.testing.assert_allclose(found[output], expected, atol=1e-6)


@pytest.mark.parametrize("name", TRAINED)
def test_a_missing_value_widens_the_interval(name: str) -> None:
    model = bundle(name)
    output = model.output_names[0]
    optional = [i for i, spec in enumerate(model.manifest.inputs) if not spec.required]
    wider = 0
    rows = model.reference.background[:30]
    for row in rows:
        lacking = row.copy()
        lacking[optional] = np.nan
        widths = []
        for x in (row, lacking):
            value = float(evaluate(model, x).outputs[output][0])
            interval = intervals(model, x, {output: value})[output]
            widths.append(interval.hi - interval.lo)
        wider += widths[1] > widths[0]
    assert wider >= 0.8 * len(rows)


def test_mortality_needs_only_age_and_sex() -> None:
    model = bundle("mortality_10y")
    x = np.full((2, len(model.input_names)), np.nan)
    x[:, 0], x[:, 1] = 60, (0, 1)
    found = evaluate(model, x)
    assert [found.status_of(row) for row in (0, 1)] == ["ready", "ready"]
    assert 0.02 < found.outputs["death_10y"][0] < found.outputs["death_10y"][1] < 0.5


def test_mortality_never_falls_with_age_and_counts_85_and_over_as_one_group() -> None:
    model = bundle("mortality_10y")
    for person in model.reference.background[:10]:
        x = np.repeat(person[None, :], 71, axis=0)
        x[:, 0] = np.arange(20, 91)
        risk = model.run(x)["death_10y"]
        assert (np.diff(risk) >= -1e-6).all()
        assert np.ptp(risk[66:]) < 1e-6


def test_mortality_reads_a_small_crp_as_its_detection_limit_with_a_caution() -> None:
    model = bundle("mortality_10y")
    x = np.repeat(model.reference.background[:1], 2, axis=0)
    place = model.input_names.index("crp")
    x[:, place] = (0.3, 2.1)
    found = evaluate(model, x)
    assert found.outputs["death_10y"][0] == found.outputs["death_10y"][1]
    assert "below_detection_limit" in [mark.code for mark in found.marks.of(0)]


def test_mortality_refuses_a_creatinine_that_the_survey_files_never_hold() -> None:
    model = bundle("mortality_10y")
    x = model.reference.background[:1].copy()
    x[0, model.input_names.index("creatinine")] = 6.0
    found = evaluate(model, x)
    assert found.status_of(0) == "out_of_scope"
    assert "above_accepted:creatinine" in [mark.text for mark in found.marks.of(0)]


def log_odds(model: Bundle, x: np.ndarray) -> np.ndarray:
    p = model.run(x)["death_10y"]
    return np.log(p / (1 - p))


def replaced(x: np.ndarray, place: int, value: float) -> np.ndarray:
    changed = x.copy()
    changed[:, place] = value
    return changed


def test_taking_a_value_away_never_raises_the_mean_risk_as_an_extreme_value_would() -> None:
    model = bundle("mortality_10y")
    people = model.reference.background
    before = log_odds(model, people)
    for place, spec in enumerate(model.manifest.inputs):
        if spec.required or spec.seen is None:
            continue
        lacking = (log_odds(model, replaced(people, place, np.nan)) - before).mean()
        extreme = max((log_odds(model, replaced(people, place, end)) - before).mean() for end in spec.seen)
        assert lacking < max(extreme, 0.0) + 0.1, spec.name
        assert abs(lacking) < 0.2, spec.name


def test_without_a_creatinine_nobody_is_rated_as_with_an_extreme_one() -> None:
    model = bundle("mortality_10y")
    place = model.input_names.index("creatinine")
    people = model.reference.background
    lacking, extreme = (log_odds(model, replaced(people, place, value)) for value in (np.nan, 2.7))
    assert (lacking < extreme).all()


@pytest.mark.shared_data
def test_no_single_gap_says_much_by_itself_in_the_training_survey() -> None:
    data_file("tabular/nhanes_mortality.csv.gz")
    module, model = recipe("mortality_10y"), bundle("mortality_10y")
    x = module.features(module.load("III"))
    x = x[~np.isnan(x).any(axis=1)][:3000]
    before = log_odds(model, x)
    for place, spec in enumerate(model.manifest.inputs):
        if not spec.required:
            shift = (log_odds(model, replaced(x, place, np.nan)) - before).mean()
            assert abs(shift) < 0.13, spec.name


@pytest.mark.shared_data
def test_mortality_keeps_its_bars_on_the_external_rows() -> None:
    ev = pytest.importorskip("medgui.evaluation.figures")
    _module, x, y = external()
    p = evaluate(bundle("mortality_10y"), x).outputs["death_10y"]
    known = ~np.isnan(p)
    assert known.mean() > 0.98
    assert ev.auroc(y[known], p[known]).value >= 0.894
    assert ev.brier(y[known], p[known]).value <= 0.088
    assert 0.95 <= ev.calibration(y[known], p[known])["calibration_slope"].value <= 1.05


@pytest.mark.shared_data
def test_cad_ranks_the_other_sites_with_missing_values_integrated() -> None:
    ev = pytest.importorskip("medgui.evaluation.figures")
    data_file("tabular/cad_uci_heart.csv")
    x, y, site = recipe("cad").load()
    p = evaluate(bundle("cad"), x).outputs["cad"]
    assert (~np.isnan(p)).mean() > 0.85
    for name, bar in (("Hungary", 0.90), ("VA", 0.73)):
        part = (site == name) & ~np.isnan(p)
        assert ev.auroc(y[part], p[part]).value >= bar


@pytest.mark.shared_data
def test_breast_mass_answers_most_masses_and_stated_its_cross_validated_ranking() -> None:
    data_file("tabular/breast_mammographic_mass.csv")
    x, _y = recipe("breast_mass").load()
    model = bundle("breast_mass")
    assert (~np.isnan(evaluate(model, x).outputs["malignant"])).mean() > 0.85
    (whole,) = [r for r in model.manifest.evaluation if r.metric == "auroc" and r.group == "all"]
    assert whole.value >= 0.89


def test_the_recipes_lie_beside_the_models_they_make() -> None:
    assert all((Path(models_dir()) / name / "recipe.py").is_file() for name in TRAINED)
