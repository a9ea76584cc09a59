"""A stated group moves the log odds by one shift: what the survey shows, shrunk, with the whole kept at its rate."""

import numpy as np
import pytest

pytest.importorskip("onnx", reason="needs the extra train")
pytest.importorskip("lightgbm", reason="needs the extra train")
pytest.importorskip("scipy", reason="needs the extra train")

from medgui.evaluation.figures import logit, sigmoid
from medgui.workshop import screening_groups as groups
from medgui.workshop.screening_bundle import run
from medgui.workshop.trees import ensemble_graph

People = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def people() -> People:
    """Margins that are right for White people, 0.6 too low for Black and 0.5 too high for Hispanic people."""
    random = np.random.default_rng(1)
    names = random.choice(["NH White", "NH Black", "Hispanic", "Other"], 24000, p=[0.5, 0.2, 0.25, 0.05])
    margin = random.normal(-2.5, 1.0, len(names))
    truth = margin + 0.6 * (names == "NH Black") - 0.5 * (names == "Hispanic")
    y = (random.random(len(names)) < sigmoid(truth)).astype(float)
    return sigmoid(margin), y, names, random.choice(["1999", "2001", "2003", "2005"], len(names))


def test_the_shifts_are_those_of_the_groups_and_keep_the_whole_at_its_rate(people: People) -> None:
    p, y, names, _cycle = people
    found = groups.shifts(*people)
    assert found["NH Black"] - found["NH White"] == pytest.approx(0.6, abs=0.12)
    assert found["Hispanic"] - found["NH White"] == pytest.approx(-0.5, abs=0.12)
    assert groups.moved(p, names, found).mean() == pytest.approx(y.mean(), abs=1e-9)


def test_a_group_that_cannot_be_told_from_none_gets_the_level_alone(people: People) -> None:
    found = groups.shifts(*people)
    assert found["NH Asian"] == found["Other"]
    few = tuple(each[:400] for each in people)
    assert len(set(groups.shifts(*few).values())) < len(groups.GROUPS)


def test_shifts_of_the_other_cycles_know_nothing_of_the_cycle_itself(people: People) -> None:
    p, y, names, cycle = people
    turned = np.where(cycle == "1999", 1 - y, y)
    here = cycle == "1999"
    first = groups.moved_by_others(p, y, names, cycle)[here]
    assert (groups.moved_by_others(p, turned, names, cycle)[here] == first).all()


def test_the_tree_adds_the_shift_of_each_code_and_nothing_where_the_group_is_missing() -> None:
    found = {"NH White": -0.1, "NH Black": 0.6, "NH Asian": 0.05, "Hispanic": -0.5, "Other": 0.2}
    model = ensemble_graph([], ["age", "ethnicity"], "p", -1.0, 1.0, "test", [groups.tree(found, 1)])
    codes = np.array([*groups.GROUPS.values(), np.nan])
    p = run(model, ["age", "ethnicity"], np.column_stack([np.full(len(codes), 50.0), codes]))
    assert logit(p) + 1.0 == pytest.approx([*found.values(), 0.0], abs=1e-6)
