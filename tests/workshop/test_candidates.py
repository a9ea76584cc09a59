"""Kinds of models: gaps inside, categories, determinism, Cox against its own definition."""

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("sklearn", reason="needs the extra train")
pytest.importorskip("lightgbm", reason="needs the extra train")

from medgui.workshop import candidates as kinds
from medgui.workshop import cox, network
from medgui.workshop.design import learn

FloatArray = NDArray[np.float64]
Data = tuple[FloatArray, FloatArray, FloatArray]


@pytest.fixture(scope="module")
def binary() -> Data:
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 4))
    y = (x[:, 0] - x[:, 1] + random.logistic(size=300) > 0).astype(float)
    x[random.random(x.shape) < 0.1] = np.nan
    return x, y, np.ones(300)


@pytest.fixture(scope="module")
def survival() -> Data:
    random = np.random.default_rng(1)
    x = random.normal(size=(300, 3))
    time = np.ceil(random.exponential(np.exp(-x[:, 0])) * 5)  # whole numbers: many ties
    return x, np.column_stack([time, random.random(300) < 0.7]).astype(float), np.ones(300)


@pytest.mark.parametrize("kind", kinds.binary_candidates(), ids=lambda kind: kind.id)
def test_the_same_seed_gives_the_same_model_in_spite_of_gaps(
    kind: kinds.Candidate, binary: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_MOST_PASSES", 30)
    first, second = (kind.fit(*binary, 3, kind.grid()[0])(binary[0]) for _run in range(2))
    assert np.isfinite(first).all()
    assert (first == second).all()
    truth = np.nan_to_num(binary[0][:, 0] - binary[0][:, 1])
    assert np.corrcoef(first, truth)[0, 1] > 0.4


@pytest.mark.parametrize("kind", kinds.survival_candidates(), ids=lambda kind: kind.id)
def test_a_survival_model_ranks_by_hazard(kind: kinds.Candidate, survival: Data) -> None:
    x, y, weights = survival
    for fitted in kinds.fit_grid(kind, x, y, weights, 0):
        assert np.corrcoef(fitted(x), x[:, 0])[0, 1] > 0.6


@pytest.mark.parametrize("kind", [kinds.Trees(), kinds.SurvivalTrees()], ids=lambda kind: kind.id)
def test_fewer_rounds_are_the_beginning_of_more(kind: kinds.Candidate, binary: Data, survival: Data) -> None:
    data = survival if kind.survival else binary
    grid = kinds.fit_grid(kind, *data, 5)
    alone = kind.fit(*data, 5, kind.grid()[0])
    assert np.allclose(grid[0](data[0]), alone(data[0]), atol=1e-12)


def test_a_category_gets_an_indicator_a_code_and_a_yes_no_one() -> None:
    x = np.array([[1.0, 0, 5], [2, 1, 7], [3, 1, 9], [1, np.nan, 7]])
    design = learn(x, np.ones(4), {0: (1.0, 2.0, 3.0), 1: (0.0, 1.0)}, gaps=True)
    assert design.columns[:5] == ((0, 1.0), (0, 2.0), (0, 3.0), (1, 1.0), (2, None))
    assert len(design.columns) == 6
    assert design.columns[5][0] == 1
    assert design(x)[3, 3] == 0.0
    assert design(x)[3, 5] > 0


def test_the_ridge_cox_fit_is_where_the_partial_likelihood_is_level(survival: Data) -> None:
    x, y, weights = survival
    beta = cox.fit_cox(x, y, weights, 0.0)
    best = cox.partial_likelihood(x @ beta, y, weights)
    for move in np.eye(3) * 1e-3:
        assert cox.partial_likelihood(x @ (beta + move), y, weights) < best
        assert cox.partial_likelihood(x @ (beta - move), y, weights) < best
    shrunk = cox.fit_cox(x, y, weights, 1e4)
    assert np.abs(shrunk).max() < np.abs(beta).max() / 5


def test_the_gradient_for_boosting_is_that_of_the_partial_likelihood(survival: Data) -> None:
    _x, y, _weights = survival
    random = np.random.default_rng(2)
    margin, weights = random.normal(size=300), random.random(300) + 0.5
    gradient, curvature = cox.cox_gradient(margin, y, weights)
    for row in (0, 50, 299):
        move = np.zeros(300)
        move[row] = 1e-5
        up, down = (cox.partial_likelihood(margin + s * move, y, weights) for s in (1, -1))
        assert gradient[row] == pytest.approx(-(up - down) / 2e-5, abs=1e-5)
    assert (curvature > 0).all()


def test_a_weight_of_two_counts_a_person_twice_without_ties() -> None:
    random = np.random.default_rng(4)
    x = random.normal(size=(60, 2))
    y = np.column_stack([random.permutation(60) + 1.0, np.ones(60)])
    weights = np.where(np.arange(60) < 20, 2.0, 1.0)
    twice = np.concatenate([np.arange(60), np.arange(20)])
    apart = y[twice].copy()
    apart[60:, 0] += 1e-9  # Breslow and Efron agree where nobody is tied
    weighted = cox.fit_cox(x, y, weights, 1.0)
    assert weighted == pytest.approx(cox.fit_cox(x[twice], apart, np.ones(80), 1.0), abs=0.02)


def test_the_baseline_survival_of_people_alike_is_near_kaplan_meier() -> None:
    y = np.column_stack([np.arange(1.0, 101), np.ones(100)])
    survival = cox.baseline_survival(np.zeros(100), y, np.ones(100), np.array([50.0]))
    assert survival[0] == pytest.approx(0.5, abs=0.01)


def test_a_network_learns_an_outcome_that_few_people_have() -> None:
    random = np.random.default_rng(6)
    x = random.normal(size=(3000, 4))
    y = (x[:, 0] - x[:, 1] + random.logistic(size=3000) > 4.2).astype(float)
    assert 60 < y.sum() < 200
    margin = kinds.Network(penalties=(1.0,), count=1).fit(x, y, np.ones(3000), 0, {"alpha": 1.0})(x)
    assert np.corrcoef(margin, x[:, 0] - x[:, 1])[0, 1] > 0.8
