"""Nested cross-validation: settings from inside the folds only, the simplest within one standard error, cancelling."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from medgui.errors import Cancelled
from medgui.inference.manifest_parts import comparison_part
from medgui.inference.toml_table import Table
from medgui.workshop import selection

FloatArray = NDArray[np.float64]


class OneColumn:
    """A kind of model that answers with one column, plus noise; remembers which rows it was taught."""

    title: ClassVar[Mapping[str, str]] = {"en": "One column", "zh": "单列"}
    survival = False

    def __init__(self, name: str, rank: int, noise: float = 0.0, grid: Sequence[float] = (0.0,)) -> None:
        self.id, self.rank, self.noise, self._grid = name, rank, noise, grid
        self.taught: list[set[float]] = []

    def grid(self) -> list[dict[str, float]]:
        return [{"column": column} for column in self._grid]

    def fit(self, x, y, weights, seed, settings):  # type: ignore[no-untyped-def]
        self.taught.append(set(x[:, -1].tolist()))
        column = int(settings["column"])
        noise = self.noise

        def margin(rows: FloatArray) -> FloatArray:
            random = np.random.default_rng(int(rows[0, -1]))
            return np.asarray(rows[:, column] + noise * random.normal(size=len(rows)))

        return margin


@pytest.fixture
def data() -> tuple[FloatArray, FloatArray]:
    random = np.random.default_rng(0)
    y = (random.random(400) < 0.4).astype(float)
    x = np.column_stack([y + random.normal(size=400), random.normal(size=400), np.arange(400.0)])
    return x, y


def test_the_simplest_within_one_standard_error_wins(data: tuple[FloatArray, FloatArray]) -> None:
    simple, good, poor = OneColumn("simple", 1, 0.1), OneColumn("good", 5), OneColumn("poor", 0, 8.0)
    found = selection.compare([good, simple, poor], *data)
    assert [score.candidate.id for score in found.scores] == ["poor", "simple", "good"]
    assert found.chosen.candidate.id == "simple"
    assert found.of("good").mean("auroc") - found.of("good").error("auroc") <= found.chosen.mean("auroc")


def test_the_rows_of_an_outer_fold_take_no_part_in_the_search_for_its_settings(
    data: tuple[FloatArray, FloatArray],
) -> None:
    x, y = data
    kind = OneColumn("kind", 1, grid=(0.0, 1.0))
    found = selection.compare([kind], x, y, outer=4, inner=3)
    division = selection.folds(y, 4, 0)
    per_fold = len(kind.taught) // 4
    assert per_fold == 3 * 2 + 1
    for fold in range(4):
        held_back = set(x[division == fold, -1].tolist())
        for taught in kind.taught[fold * per_fold : (fold + 1) * per_fold]:
            assert not taught & held_back
    assert [dict(each) for each in found.chosen.settings] == [{"column": 0.0}] * 4


def test_the_same_seed_divides_alike_and_another_one_differently(
    data: tuple[FloatArray, FloatArray],
) -> None:
    y = data[1]
    assert (selection.folds(y, 5, 3) == selection.folds(y, 5, 3)).all()
    assert (selection.folds(y, 5, 3) != selection.folds(y, 5, 4)).any()


def test_events_are_spread_evenly_and_groups_stay_together() -> None:
    random = np.random.default_rng(1)
    y = (random.random(300) < 0.2).astype(float)
    people = random.integers(0, 120, size=300)
    division = selection.folds(y, 5, 0, people)
    for person in set(people.tolist()):
        assert len(set(division[people == person].tolist())) == 1
    sizes = np.bincount(division)
    assert sizes.max() - sizes.min() <= 6
    with_event = np.array([len(set(people[(division == f) & (y > 0)].tolist())) for f in range(5)])
    assert with_event.max() - with_event.min() <= 1


def test_too_few_events_for_the_folds_are_refused() -> None:
    y = np.array([1.0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    with pytest.raises(ValueError, match="folds"):
        selection.folds(y, 5, 0)


def test_a_stop_is_heeded_between_two_fits(data: tuple[FloatArray, FloatArray]) -> None:
    seen: list[float] = []

    def progress(done: float, total: float, _note: str) -> None:
        seen.append(done)
        assert total == 5 * 5

    with pytest.raises(Cancelled):
        selection.compare([OneColumn("a", 1)], *data, progress=progress, cancel=lambda: len(seen) >= 3)
    assert seen == [1.0, 2.0, 3.0]


def test_the_c_index_counts_usable_pairs() -> None:
    y = np.array([[1.0, 1], [2, 0], [2, 1], [3, 0]])
    margin = np.array([2.0, 1.0, 1.0, 0.0])
    # pairs: 1 before 2, 3 and 4 (three right); the event at 2 before its censored twin (tied) and before 4
    assert selection.c_index(y, margin) == pytest.approx(4.5 / 5)


def test_the_tables_are_what_a_manifest_takes(data: tuple[FloatArray, FloatArray]) -> None:
    found = selection.compare([OneColumn("a", 1), OneColumn("b", 2, 0.5)], *data, repeats=2)
    tables = selection.rows(found)
    assert [table["metric"] for table in tables] == ["auroc", "auroc", "brier", "brier"]
    for table in tables:
        row = comparison_part(Table(table, "manifest.toml"))
        assert 0 < row.se < 0.1
    assert sum(table["chosen"] for table in tables) == 2
