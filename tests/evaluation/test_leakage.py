"""Each kind of leak is found, and clean data are not accused."""

import numpy as np
import pytest

from medgui.evaluation.leakage import across_folds, people_of, site_confounding, telling_columns


def cohort(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    x = random.normal(0, 1, (n, 4))
    y = (random.random(n) < 1 / (1 + np.exp(-x[:, 0]))).astype(np.float64)
    return x, y


def test_a_person_on_both_sides_of_a_split_is_found() -> None:
    assert across_folds(["a", "b", "a", "c"], [0, 0, 1, 1]) == ["a"]
    assert across_folds(["a", "b", "a", "c"], [0, 1, 0, 1]) == []


def test_a_repeated_row_is_the_same_person_also_with_missing_values() -> None:
    x, _y = cohort(6)
    x[4] = x[1]
    x[[2, 5], 0] = np.nan
    x[5] = x[2]
    x[3, 0], x[0, 0] = 0.0, -0.0
    people = people_of(x)
    assert people[4] == people[1]
    assert people[5] == people[2]
    assert len(set(people)) == 4
    assert across_folds(people, [0, 0, 0, 0, 1, 0]) == [people[1]]


def test_minus_nought_is_nought_and_rows_of_which_little_is_known_are_people_of_their_own() -> None:
    x = np.array([[0.0, 1.0, 2.0], [-0.0, 1.0, 2.0], [np.nan, np.nan, 5.0], [np.nan, np.nan, 5.0]])
    assert people_of(x) == [0, 0, 2, 3]


def test_clean_columns_are_not_accused() -> None:
    x, y = cohort()
    assert telling_columns(x, y, ["a", "b", "c", "d"]) == []


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_column_that_is_nearly_the_outcome_is_found_in_either_direction(sign: float) -> None:
    x, y = cohort()
    x[:, 2] = sign * (y + np.random.default_rng(2).normal(0, 0.1, len(y)))
    (found,) = telling_columns(x, y, ["a", "b", "c", "d"])
    assert (found.name, found.missing) == ("c", False)
    assert found.auroc.value > 0.99


def test_a_column_that_is_filled_in_for_the_diseased_only_is_found() -> None:
    x, y = cohort()
    x[y == 0, 3] = np.nan
    (found,) = telling_columns(x, y, ["a", "b", "c", "d"])
    assert (found.name, found.missing) == ("d", True)


def test_a_code_whose_values_stand_for_the_outcome_out_of_order_is_found() -> None:
    x, y = cohort()
    random = np.random.default_rng(3)
    x[:, 1] = np.where(y > 0, random.choice([1, 3], len(y)), random.choice([0, 2, 4], len(y)))
    (found,) = telling_columns(x, y, ["a", "b", "c", "d"])
    assert found.name == "b"


def test_one_class_accuses_nobody() -> None:
    x, y = cohort()
    assert telling_columns(x, np.zeros_like(y), ["a", "b", "c", "d"]) == []


def test_sites_with_one_outcome_each_are_confounded_and_name_themselves() -> None:
    y = np.repeat([0.0, 1.0], 50)
    found = site_confounding(["north"] * 50 + ["south"] * 50, y)
    assert found.confounded
    assert found.pure == ("north", "south")
    assert found.auroc.value == 1.0
    assert found.cramers_v == pytest.approx(1.0)


def test_sites_with_like_rates_are_not_confounded() -> None:
    stats = pytest.importorskip("scipy.stats.contingency")
    _x, y = cohort()
    sites = np.random.default_rng(4).choice(["a", "b", "c"], len(y))
    found = site_confounding(sites.tolist(), y)
    assert not found.confounded
    table = [[int((y[sites == site] == value).sum()) for value in (0, 1)] for site in ("a", "b", "c")]
    assert found.cramers_v == pytest.approx(stats.association(np.array(table)))


def test_one_site_alone_is_not_confounded_even_with_one_outcome() -> None:
    assert not site_confounding(["only"] * 30, np.ones(30)).confounded
