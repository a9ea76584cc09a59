"""`breast_recurrence`: its figures on the trial, its curve, its direction, what it does not take for an answer."""

import importlib.util
from types import ModuleType

import numpy as np
import pytest

from medgui.assessment.finding import Status
from medgui.assessment.run import assess, what_if
from medgui.evaluation import survival
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.manifest_io import read_manifest
from medgui.inference.survival import patient_curve, sound
from medgui.paths import models_dir
from medgui.record.model import Record
from tests.assessment.people import TODAY, person, seen
from tests.shared_data import data_file

OUTPUT = "recurrence_or_death_5y"
WOMAN = np.array([[55.0, 1, 1, 2, 3, 40, 80, 0, 1]])
FOLDER = models_dir() / "breast_recurrence"


@pytest.fixture(scope="module")
def model() -> Bundle:
    manifest = read_manifest(FOLDER)
    return Bundle(manifest, FOLDER, manifest.hashes)


def recipe() -> ModuleType:
    for module in ("lightgbm", "sklearn", "spox"):
        pytest.importorskip(module)
    spec = importlib.util.spec_from_file_location("recipe_breast_recurrence", FOLDER / "recipe.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def external() -> tuple[np.ndarray, np.ndarray]:
    data_file("tabular/breast_rotterdam_gbsg.csv")
    x, y = recipe().load("GBSG")
    return x, y


def place(model: Bundle, name: str) -> int:
    return model.input_names.index(name)


def changed(model: Bundle, **values: float) -> np.ndarray:
    x = WOMAN.copy()
    for name, value in values.items():
        x[0, place(model, name)] = value
    return x


def risk(model: Bundle, **values: float) -> float:
    return float(evaluate(model, changed(model, **values), {"sex": 0.0}).outputs[OUTPUT][0])


def codes(model: Bundle, x: np.ndarray, **facts: float) -> list[str]:
    return [mark.code for mark in evaluate(model, x, {"sex": 0.0, **facts}).marks.of(0)]


def patient(*more: object, receptor: str = "fmol/L") -> Record:
    return person(
        seen("meno", True, ""),
        seen("size", "20-50", ""),
        seen("grade", "2", ""),
        seen("nodes", 3.0, "1"),
        seen("pgr", 40.0, receptor),
        seen("er", 80.0, receptor),
        seen("hormon", False, ""),
        seen("chemo", True, ""),
    )


def test_golden_inputs_give_golden_risks_and_curves(model: Bundle) -> None:
    found = model.run(model.golden.x)
    np.testing.assert_allclose(found[OUTPUT], model.golden.outputs[OUTPUT], atol=1e-9)
    np.testing.assert_allclose(model.curves(model.golden.x), model.golden.curves, atol=1e-9)


def test_the_curve_falls_and_meets_the_number_at_five_years(model: Bundle) -> None:
    spec = model.manifest.survival
    assert spec is not None
    for row in model.golden.x:
        p = float(model.run(row[None, :])[OUTPUT][0])
        found = patient_curve(model, row, p)
        assert sound(found.values, len(spec.times))
        assert found.values[spec.times.index(5.0)] == pytest.approx(1 - p, abs=1e-12)
        assert found.lo is not None
        assert found.hi is not None
        assert (found.lo <= found.values).all()
        assert (found.hi >= found.values).all()
        assert (np.diff(found.lo) <= 1e-9).all()
        assert (np.diff(found.hi) <= 1e-9).all()


def test_the_interval_of_the_number_is_that_of_the_curve_at_five_years(model: Bundle) -> None:
    spec, table = model.manifest.survival, model.reference.survival_limits
    assert spec is not None
    assert table is not None
    five = spec.times.index(5.0)
    intervals = model.reference.intervals[OUTPUT]
    np.testing.assert_allclose(1 - table.lo[:, five], intervals.hi, atol=1e-9)
    np.testing.assert_allclose(1 - table.hi[:, five], intervals.lo, atol=1e-9)


def test_worse_tumours_have_a_higher_risk(model: Bundle) -> None:
    nodes = [risk(model, nodes=n) for n in (1, 2, 4, 9, 20)]
    assert nodes == sorted(nodes)
    assert risk(model, size=0) < risk(model, size=1) < risk(model, size=2)
    assert risk(model, grade=1) < risk(model, grade=2) < risk(model, grade=3)
    assert risk(model, pgr=0, er=0) > risk(model, pgr=300, er=300)


def test_a_grade_1_gives_a_number_with_a_caution_since_none_was_in_training(model: Bundle) -> None:
    assert "below_seen" in codes(model, changed(model, grade=1), cytosol_assay=1.0)
    assert 0 < risk(model, grade=1) < 1
    assert "below_seen" not in codes(model, changed(model, grade=2), cytosol_assay=1.0)


def test_node_negative_disease_and_men_are_out_of_scope(model: Bundle) -> None:
    assert evaluate(model, changed(model, nodes=0), {"sex": 0.0}).status_of(0) == "out_of_scope"
    assert evaluate(model, WOMAN, {"sex": 1.0}).status_of(0) == "out_of_scope"


def test_whether_receptors_were_measured_in_cytosol_is_asked(model: Bundle) -> None:
    assert "receptor_assay_not_stated" in codes(model, WOMAN)
    assert "receptor_assay_not_stated" not in codes(model, WOMAN, cytosol_assay=1.0)
    refused = evaluate(model, WOMAN, {"sex": 0.0, "cytosol_assay": 0.0})
    assert refused.status_of(0) == "out_of_scope"


def test_treatment_flags_are_markers_and_never_called_effects(model: Bundle) -> None:
    for name in ("hormon", "chemo"):
        assert model.manifest.input(name).marker
    text = model.manifest.attributes["out_of_scope.known_risks"]
    assert "not randomised" in text["en"]
    assert "未随机" in text["zh"]


def test_one_patient_gets_risk_curve_and_reasons_and_what_if_moves_them() -> None:
    models = Catalogue.load()
    finding = assess(patient(), models, as_of=TODAY, models=["breast_recurrence"]).findings[0]
    assert finding.status is Status.READY, finding.reason
    assert finding.group == "prognosis"
    assert finding.survival is not None
    assert "Chemotherapy" not in finding.reason  # a marker never leads the reasons
    (explained,) = finding.explanations
    total = explained.baseline + sum(part.value for part in explained.contributions)
    assert total == pytest.approx(finding.outputs[0].value, abs=1e-9)
    worse = what_if(patient(), models, "breast_recurrence", {"nodes": 12.0}, as_of=TODAY)
    assert worse.survival is not None
    assert worse.survival.values[-1] < finding.survival.values[-1]


def test_receptors_in_per_cent_take_no_part() -> None:
    found = assess(patient(receptor="%"), Catalogue.load(), as_of=TODAY, models=["breast_recurrence"])
    used = {each.name: each.value for each in found.findings[0].inputs}
    assert used["er"] is None
    assert used["pgr"] is None


def test_the_card_names_the_kinds_of_models_that_were_tried(model: Bundle) -> None:
    tried = model.manifest.comparison
    assert len(tried) >= 5
    (chosen,) = [row for row in tried if row.chosen]
    best = max(tried, key=lambda row: row.value)
    assert chosen.value >= best.value - best.se
    assert any("network" in row.candidate["en"].casefold() for row in tried)
    assert any("trees" in row.candidate["en"].casefold() for row in tried)


@pytest.mark.shared_data
def test_the_trial_is_ranked_and_calibrated_as_the_card_says(model: Bundle) -> None:
    x, y = external()
    p = evaluate(model, x, {"sex": 0.0}).outputs[OUTPUT]
    known = ~np.isnan(p)
    assert known.mean() >= 0.95
    linear = np.log(-np.log1p(-p[known]))
    time, event = y[known, 0], y[known, 1]
    stated = {
        row.metric: row.value
        for row in model.manifest.evaluation
        if row.group == "all" and row.dataset.startswith("GBSG")
    }
    assert survival.c_index(time, event, linear).value == pytest.approx(stated["c_index"], abs=0.003)
    slope = survival.cox_slope(time, event, linear).value
    assert slope == pytest.approx(stated["cox_slope"], abs=0.05)
    assert 0.9 <= slope <= 1.2


@pytest.mark.shared_data
def test_at_most_one_in_twenty_women_of_the_trial_is_flagged_and_absurd_ones_are(model: Bundle) -> None:
    x, _y = external()
    distance = model.reference.distance(x)
    flag, refuse = model.reference.distance_limits or (0.0, 0.0)
    assert (distance > flag).mean() <= 0.05
    far = changed(model, nodes=55, pgr=5900, er=5900)
    assert model.reference.distance(far)[0] > refuse


@pytest.mark.shared_data
def test_the_observed_share_of_each_tenth_of_the_training_women_lies_in_its_interval(model: Bundle) -> None:
    data_file("tabular/breast_rotterdam_gbsg.csv")
    module = recipe()
    x, y = module.load("Rotterdam")
    positive = x[:, module.NODES] > 0
    x, y = x[positive], module.stopped(y[positive])
    (log,) = [each for each in module.candidates((x[:2], y[:2])) if each.id == "logs"]
    _margin, own = module.cross_fitted(log, x, y, {"penalty": 0.1})
    lo, hi = model.reference.intervals[OUTPUT].limits(own)
    for part in np.array_split(np.argsort(own, kind="stable"), 10):
        observed = survival.aalen_johansen(y[part, 0], y[part, 1], 5.0).value
        assert lo[part].mean() <= observed <= hi[part].mean()
