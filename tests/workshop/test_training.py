"""From a table to a signed bundle: graph and library agree, probabilities are calibrated, nobody's row is in it."""

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pandas as pd
import pytest

pytest.importorskip("sklearn", reason="needs the extra train")
pytest.importorskip("lightgbm", reason="needs the extra train")

from medgui.errors import Cancelled, DamagedData, OutputNotWritable, UserError
from medgui.evaluation.figures import auroc, calibration
from medgui.inference.attributes import ATTRIBUTES
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.manifest_io import read_manifest
from medgui.inference.marks import READY
from medgui.workshop import network, training
from medgui.workshop.bundle import bundle_files, choices_data, choices_of, remake, write_bundle
from medgui.workshop.choices import Choices, Words, default_choices, read_details, require, template, words_of
from medgui.workshop.install import install, own_models_dir
from medgui.workshop.plan import Plan, inspect_table
from medgui.workshop.training import Trained, train
from tests.workshop.tables import WORDS, clinic, write

KINDS = ("logistic", "trees", "network")


def quick(plan: Plan, *kinds: str, **changes: object) -> Choices:
    choices = default_choices(plan, WORDS)
    return dataclasses.replace(choices, id="ours", kinds=kinds or ("logistic",), effort="quick", **changes)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(clinic(600), tmp_path_factory.mktemp("clinic") / "table.csv")


@pytest.fixture(scope="module")
def plan(table: Path) -> Plan:
    return inspect_table(table)


@pytest.fixture(scope="module")
def models(plan: Plan) -> dict[str, Trained]:
    """One model of each kind; the networks stop after 30 passes, a fifth of what they take otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_MOST_PASSES", 30)
        return {kind: train(plan, quick(plan, kind)) for kind in KINDS}


def opened(trained: Trained, tmp_path: Path) -> Bundle:
    folder = write_bundle(trained, tmp_path / "made" / trained.choices.id, "2026-01-02")
    install(folder, models=tmp_path / "models")
    catalogue = Catalogue.load(tmp_path / "models")
    assert not catalogue.refused, catalogue.refused
    return catalogue.get(trained.choices.id)


@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_answers_as_the_library_for_known_and_missing_values(
    kind: str, models: dict[str, Trained]
) -> None:
    trained = models[kind]
    assert trained.comparison.chosen.candidate.id == kind
    assert trained.difference <= 1e-6
    assert np.isnan(trained.golden["x"]).any()
    session = ort.InferenceSession(trained.model, providers=["CPUExecutionProvider"])
    number = np.float64 if trained.float64 else np.float32
    feed = {
        column.input: trained.golden["x"][:, [place]].astype(number)
        for place, column in enumerate(trained.choices.inputs())
    }
    answers = session.run(None, feed)[0].reshape(-1)
    assert np.abs(answers - trained.golden["ours"]).max() <= 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_are_calibrated_on_people_the_model_never_saw(
    kind: str, models: dict[str, Trained], tmp_path: Path
) -> None:
    bundle = opened(models[kind], tmp_path)
    others = inspect_table(write(clinic(4000, seed=8), tmp_path / "others.csv"))
    data = training.prepare(others, quick(others))
    batch = evaluate(bundle, data.x)
    ready = batch.status == READY
    assert ready.mean() > 0.98
    y, p = data.y[ready], batch.outputs["ours"][ready]
    figures = calibration(y, p)
    assert abs(figures["calibration_in_the_large"].value) < 0.3
    assert 0.75 < figures["calibration_slope"].value < 1.35
    truth = clinic(4000, seed=8).chance.to_numpy()[ready]
    assert auroc(y, p).value > auroc(y, truth).value - 0.03
    order = np.argsort(p)
    limits = bundle.reference.intervals["ours"].limits(p)
    for part in np.array_split(order, 10):
        lo, hi = (float(np.mean(side[part])) for side in limits)
        assert lo <= y[part].mean() <= hi
    far = [row for row in range(len(data.x)) if "far_from_training" in str(batch.marks.of(row))]
    assert len(far) / len(data.x) <= 0.05


def test_a_patient_far_from_everybody_is_flagged_or_refused(
    models: dict[str, Trained], tmp_path: Path
) -> None:
    bundle = opened(models["logistic"], tmp_path)
    row = np.nanmean(models["logistic"].data.x, axis=0)
    names = list(bundle.input_names)
    row[[names.index(name) for name in ("sex", "stain", "smokes")]] = [0.0, 1.0, 0.0]
    for name, value in (("age", 119.0), ("marker", 6.0)):
        strange = row.copy()
        strange[names.index(name)] = value
        batch = evaluate(bundle, strange)
        assert batch.status[0] != READY or "above_seen" in str(batch.marks.of(0))


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_of_a_patient_is_in_the_bundle(kind: str, models: dict[str, Trained]) -> None:
    trained = models[kind]
    x = trained.data.x.astype(np.float32)
    for rows in (trained.reference["background"], trained.golden["x"]):
        for row in rows.astype(np.float32):
            assert not ((x == row) | (np.isnan(x) & np.isnan(row))).all(axis=1).any()
    assert not np.isnan(trained.reference["background"]).any()
    ours = trained.reference["background"].mean(axis=0)
    assert ours == pytest.approx(np.nanmean(trained.data.x, axis=0), rel=0.12, abs=0.12)


def test_the_card_says_everything_and_says_when_it_is_not_known(
    models: dict[str, Trained], tmp_path: Path
) -> None:
    folder = write_bundle(models["trees"], tmp_path / "ours", "2026-01-02")
    manifest = read_manifest(folder)
    assert set(manifest.attributes) == set(ATTRIBUTES)
    assert all(text.strip() for each in manifest.attributes.values() for text in each.values())
    assert manifest.attributes["details.funding"]["zh"] == "不详"
    assert manifest.lineage is not None
    assert (manifest.lineage.made, manifest.lineage.date) == ("trained", "2026-01-02")
    assert [row.chosen for row in manifest.comparison] == [True, True]
    groups = {row.group for row in manifest.evaluation}
    assert {"all", "sex: female", "sex: male", "ethnicity: A", "ethnicity: B", "age: 40-49"} <= groups
    metrics = {row.metric.partition("@")[0] for row in manifest.evaluation}
    assert {"auroc", "brier", "calibration_slope", "net_benefit", "calibration_gap"} <= metrics
    marker = manifest.input("marker")
    assert (marker.columns, marker.required, marker.missing) == (("marker (ng/mL)",), False, "branch")
    assert manifest.input("sex").spellings == {"F": "female", "M": "male"}


def test_the_same_table_choices_and_day_give_the_same_bytes(plan: Plan, table: Path, tmp_path: Path) -> None:
    first, second = (bundle_files(train(plan, quick(plan, "trees")), "2026-01-02") for _run in range(2))
    assert first == second
    choices = quick(plan, "trees")
    assert choices_of(choices_data(choices)) == choices
    made: dict[str, object] = {}
    exec(compile(first["recipe.py"], "recipe", "exec"), {"__name__": "recipe", "made": made}, made)
    again = remake(table, made["MADE"], tmp_path / "again" / "ours")  # type: ignore[arg-type]
    for name, content in first.items():
        assert (again / name).read_bytes() == content
    other = write(clinic(600, seed=3), tmp_path / "table.csv")
    with pytest.raises(UserError, match="not the table"):
        remake(other, made["MADE"], tmp_path / "third" / "ours")  # type: ignore[arg-type]


def test_the_grade_follows_the_rule_and_what_is_not_stated_counts_against_it(plan: Plan) -> None:
    choices = quick(plan)
    many, few = np.tile([0.0, 1.0], 100), np.tile([0.0, 1.0], 99)

    def grade(y: np.ndarray, **changes: object) -> str:
        words = dataclasses.replace(choices.words, **changes)
        return training.grade(dataclasses.replace(choices, words=words), y)

    assert grade(many) == "trained, internally validated"
    assert grade(few) == "demonstration"
    assert grade(many, years=(1998, 2020)) == "demonstration"
    assert grade(many, years=None) == "demonstration"
    assert grade(many, case_control=None) == "demonstration"


def test_missing_words_and_case_control_sets_are_refused(plan: Plan) -> None:
    with pytest.raises(UserError, match="card lacks: title"):
        require(plan, dataclasses.replace(quick(plan), words=Words()))
    empty = {**WORDS.texts, "not_for": {"en": "  ", "zh": ""}}
    with pytest.raises(UserError, match="card lacks: not_for"):
        require(plan, dataclasses.replace(quick(plan), words=dataclasses.replace(WORDS, texts=empty)))
    with pytest.raises(UserError, match="case-control"):
        require(plan, dataclasses.replace(quick(plan), words=dataclasses.replace(WORDS, case_control=True)))


def test_details_are_read_from_the_template_once_it_is_filled(tmp_path: Path) -> None:
    text = template()
    for key in WORDS.texts:
        text = text.replace(f'{key} = ""', f'{key} = "{key} in words"')
    path = tmp_path / "details.toml"
    path.write_text(text + 'title_zh = "标题"\nyears = [2010, 2012]\n', encoding="utf-8")
    words = read_details(path, {"developer": "someone"})
    assert words.missing() == []
    assert words.text("title") == {"en": "title in words", "zh": "标题"}
    assert words.text("developer") == {"en": "someone", "zh": "someone"}
    assert words.years == (2010, 2012)
    for wrong in (
        {"heading": ""},
        {"title": 3},
        {"years": [2012, 2010]},
        {"thresholds": [2]},
        {"age": "old"},
    ):
        with pytest.raises(UserError, match=r"d\.toml"):
            words_of(wrong, "d.toml")


def test_a_stop_leaves_nothing(plan: Plan) -> None:
    seen: list[float] = []
    with pytest.raises(Cancelled):
        train(plan, quick(plan), lambda done, _total, _note: seen.append(done), lambda: len(seen) > 4)
    assert seen
    assert max(seen) < 1.0
    assert not own_models_dir().exists()


def test_columns_that_tell_nothing_of_the_outcome_make_no_model(tmp_path: Path) -> None:
    frame = clinic(400)
    frame["ill"] = np.random.default_rng(5).permutation(frame.ill)
    noise = inspect_table(write(frame[["sex", "ethnicity", "ill"]], tmp_path / "noise.csv"))
    with pytest.raises(UserError, match="better than chance"):
        train(noise, quick(noise))


def test_a_folder_that_is_taken_or_cannot_be_written_is_said(
    models: dict[str, Trained], tmp_path: Path
) -> None:
    (tmp_path / "ours").mkdir()
    with pytest.raises(OutputNotWritable, match="ours cannot be written"):
        write_bundle(models["logistic"], tmp_path / "ours")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputNotWritable):
        write_bundle(models["logistic"], tmp_path / "file" / "ours")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "ours"]


def test_a_card_with_an_empty_attribute_is_never_written(
    models: dict[str, Trained], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medgui.workshop import card

    monkeypatch.setattr(card, "UNKNOWN", {"en": "", "zh": ""})
    with pytest.raises(DamagedData, match=r"ours/manifest\.toml, key .*funding"):
        write_bundle(models["logistic"], tmp_path / "ours")
    assert list(tmp_path.iterdir()) == []


def test_people_measured_twice_stay_on_one_side_of_every_division(tmp_path: Path) -> None:
    frame = clinic(200)
    plan = inspect_table(write(pd.concat([frame, frame]), tmp_path / "twice.csv"))
    trained = train(plan, quick(plan))
    assert len(np.unique(trained.data.people)) == 200
    alone = inspect_table(write(frame, tmp_path / "once.csv"))
    once = train(alone, quick(alone))
    assert trained.figure("auroc").value == pytest.approx(once.figure("auroc").value, abs=0.03)


def test_the_hash_of_the_table_stands_in_the_recipe(models: dict[str, Trained], table: Path) -> None:
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    assert digest.encode() in bundle_files(models["logistic"], "2026-01-02")["recipe.py"]
