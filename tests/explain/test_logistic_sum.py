"""Logistic sums of more inputs than enumeration can take are explained exactly."""

import numpy as np
import pytest

from medgui.explain import enumeration, explain
from medgui.explain.logistic_sum import contributions
from medgui.inference.catalogue import Catalogue


@pytest.mark.parametrize("spread", [0.1, 1.0, 5.0, 20.0])
@pytest.mark.parametrize("count", [1, 2, 7, 14])
def test_the_integral_gives_what_enumeration_gives(spread: float, count: int) -> None:
    random = np.random.default_rng(count)
    added, base = random.normal(0, spread, count), float(random.normal(0, 2))
    answers = 1.0 / (1.0 + np.exp(-(base + enumeration.coalitions(count) @ added)))
    wanted = enumeration.weights(count) @ answers
    assert np.abs(contributions(base, added) - wanted).max() < 1e-9


def test_sixty_players_add_up() -> None:
    added = np.random.default_rng(0).normal(0, 1, 60)
    rise = 1 / (1 + np.exp(-0.4 - added.sum())) - 1 / (1 + np.exp(-0.4))
    assert contributions(0.4, added).sum() == pytest.approx(rise, abs=1e-9)


@pytest.fixture(scope="module")
def bundle():
    return Catalogue.load().get("leukaemia_expression")


def test_thirty_genes_are_explained_without_sampling(bundle) -> None:
    for row in bundle.reference.background[::9]:
        (found,) = explain(bundle, row, ("aml",))
        assert (found.method, found.error_bound) == ("enumeration", None)
        assert abs(found.residual) < 1e-9
        assert found.value == pytest.approx(float(bundle.run(row[None, :])["aml"][0]))


def test_sampling_agrees_within_its_bound(bundle) -> None:
    row = bundle.reference.background[4]
    reference = enumeration.reference_row(bundle, row)
    moved = enumeration.players(row, reference)
    _base, _values, sampled, bound = enumeration._sample(bundle, row, reference, moved, ("aml",))
    (found,) = explain(bundle, row, ("aml",))
    exact = np.array(list(found.contributions.values()))[moved]
    assert np.abs(sampled[0] - exact).max() <= 1.5 * bound[0]


def test_a_missing_gene_is_explained_by_sampling_with_a_bound(bundle) -> None:
    row = bundle.reference.background[4].copy()
    row[3] = np.nan
    (found,) = explain(bundle, row, ("aml",))
    assert found.method == "permutation"
    assert found.error_bound is not None
    assert found.error_bound < 0.02
