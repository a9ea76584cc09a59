"""The case-control model gives ratios, the expression model knows its limits; both keep their word on external rows."""

import numpy as np
import pytest

from medgui.evaluation.figures import auroc, logit, proportion, sigmoid
from medgui.inference.batch import evaluate
from medgui.inference.catalogue import Catalogue
from medgui.inference.intervals import intervals
from tests.shared_data import data_dir

pd = pytest.importorskip("pandas")
URINE = ["age", "creatinine", "LYVE1", "REG1B", "TFF1", "plasma_CA19_9"]


@pytest.fixture(scope="module")
def pdac():
    return Catalogue.load().get("pdac_urine")


@pytest.fixture(scope="module")
def leukaemia():
    return Catalogue.load().get("leukaemia_expression")


def urine(home: bool) -> tuple[np.ndarray, np.ndarray]:
    """Rows [N, F] without a stated probability, and who has cancer, of the training site or of the others."""
    frame = pd.read_csv(data_dir() / "tabular" / "pdac_urine.csv")
    frame = frame[(frame.sample_origin == "BPTB") == home]
    x = np.column_stack([frame[URINE].to_numpy(float), np.full(len(frame), np.nan)])
    return x, (frame.diagnosis == 3).to_numpy(float)


def test_every_complete_row_has_a_ratio_and_none_a_probability(pdac) -> None:
    x, _y = urine(home=False)
    batch = evaluate(pdac, x)
    assert {batch.status_of(row) for row in range(len(x))} == {"ready"}
    assert np.isfinite(batch.outputs["pdac"]).all()
    assert np.isnan(batch.outputs["pdac_probability"]).all()
    assert all("output_not_applicable:pdac_probability" in text for text in batch.marks.texts()[1] if text)


def test_ranking_on_the_other_sites_is_what_the_card_says(pdac) -> None:
    x, y = urine(home=False)
    with_ca = auroc(y, evaluate(pdac, x).outputs["pdac"])
    x[:, URINE.index("plasma_CA19_9")] = np.nan
    alone = auroc(y, evaluate(pdac, x).outputs["pdac"])
    card = {
        row.dataset: row.value
        for row in pdac.manifest.evaluation
        if (row.metric, row.group) == ("auroc", "all")
    }
    assert with_ca.value == pytest.approx(
        card["LIV, ESP and UCL (external), CA 19-9 where it is known"], abs=1e-4
    )
    assert alone.value == pytest.approx(card["LIV, ESP and UCL (external)"], abs=1e-4)
    assert with_ca.value >= 0.87
    assert alone.value >= 0.783


@pytest.mark.parametrize("stated", [0.5, 5.0, 60.0])
def test_the_probability_is_the_stated_odds_times_the_ratio(pdac, stated: float) -> None:
    x, _y = urine(home=True)
    x[:, -1] = stated
    batch = evaluate(pdac, x)
    known = np.isfinite(batch.outputs["pdac"])
    assert known.mean() > 0.98
    odds = stated / (100 - stated) * batch.outputs["pdac"][known]
    assert np.abs(batch.outputs["pdac_probability"][known] - odds / (1 + odds)).max() < 1e-12


def test_the_interval_of_the_probability_is_that_of_the_ratio(pdac) -> None:
    x, _y = urine(home=True)
    row = x[3].copy()
    row[-1] = 5.0
    values = {name: float(value[0]) for name, value in pdac.run(row[None, :]).items()}
    spans = intervals(pdac, row, values)
    for ratio, probability in (
        (spans["pdac"].lo, spans["pdac_probability"].lo),
        (spans["pdac"].hi, spans["pdac_probability"].hi),
    ):
        odds = 5 / 95 * ratio
        assert odds / (1 + odds) == pytest.approx(probability, rel=0.02)


def test_ratios_level_off_at_a_hundred(pdac) -> None:
    row = np.array([[85, 0.1, 24, 2400, 20000, 900000, np.nan]])
    assert 50 < pdac.run(row)["pdac"][0] < 100


def test_the_observed_share_of_each_tenth_lies_within_its_interval_on_the_other_sites(pdac) -> None:
    x, y = urine(home=False)
    for without in (False, True):
        rows = x.copy()
        if without:
            rows[:, URINE.index("plasma_CA19_9")] = np.nan
        ratio = evaluate(pdac, rows).outputs["pdac"]
        table = pdac.reference.intervals["pdac"]
        prior = logit(np.array(y.mean()))
        for part in np.array_split(np.argsort(ratio), 5):
            lo, hi = (sigmoid(np.log(end) + prior).mean() for end in table.limits(ratio[part]))
            seen = proportion(int(y[part].sum()), len(part))
            assert lo <= seen.hi
            assert seen.lo <= hi


def test_few_ordinary_people_are_flagged_and_a_strange_one_is(pdac) -> None:
    x, _y = urine(home=True)
    batch = evaluate(pdac, x)
    flagged = sum("far_from_training" in text for text in _texts(batch))
    assert flagged / len(x) <= 0.05
    strange = np.array([[30, 4.9, 0.0, 2400, 26000, 0, np.nan]])
    assert evaluate(pdac, strange).status_of(0) in ("refused", "out_of_scope")


def _texts(batch) -> list[str]:
    index, texts = batch.marks.texts()
    return [texts[place] for place in index]


def arrays(bundle, which: str):
    frame = pd.read_csv(data_dir() / "tabular" / "leukaemia_golub.csv.gz")
    frame = frame[frame["set"] == which]
    return frame[list(bundle.input_names)].to_numpy(float), frame.aml.to_numpy(float)


def test_eighteen_of_the_nineteen_independent_arrays_are_told_apart(leukaemia) -> None:
    x, y = arrays(leukaemia, "test")
    batch = evaluate(leukaemia, x)
    assert {batch.status_of(row) for row in range(len(x))} == {"ready"}
    assert ((batch.outputs["aml"] > 0.5) == (y > 0)).sum() >= 18
    assert sum("far_from_training" in text for text in _texts(batch)) <= 1


def test_no_control_probe_is_an_input(leukaemia) -> None:
    assert len(leukaemia.input_names) <= 50
    assert not [name for name in leukaemia.input_names if name.startswith("AFFX")]


def test_a_brighter_array_says_nothing(leukaemia) -> None:
    x = np.clip(leukaemia.reference.background, 400.0, 7000.0)
    assert np.abs(leukaemia.run(x)["aml"] - leukaemia.run(2 * x)["aml"]).max() < 1e-9


def test_up_to_six_genes_may_be_missing(leukaemia) -> None:
    row = leukaemia.reference.background[:1].copy()
    row[0, :6] = np.nan
    some = evaluate(leukaemia, row)
    assert some.status_of(0) == "ready"
    assert sum(mark.code == "input_imputed" for mark in some.marks.of(0)) == 6
    row[0, 6] = np.nan
    many = evaluate(leukaemia, row)
    assert many.status_of(0) == "out_of_scope"
    assert "too_many_missing" in [mark.code for mark in many.marks.of(0)]
    assert np.isnan(many.outputs["aml"][0])


def test_an_array_of_another_kind_is_not_answered(leukaemia) -> None:
    tumour = np.full((1, 30), 100.0)
    tumour[0, ::2] = 60_000.0
    assert evaluate(leukaemia, tumour).status_of(0) == "refused"
