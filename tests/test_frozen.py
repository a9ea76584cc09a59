"""`frozen` makes what `dataclass(frozen=True, slots=True)` makes."""

import copy
import dataclasses
import pickle
from dataclasses import dataclass, field

import pytest

from medgui.frozen import frozen
from medgui.frozen import replace as frozen_replace


@frozen
class Ours:
    """Ours."""

    a: int
    b: str = "b"
    c: tuple[int, ...] = field(default_factory=tuple)
    d: list[int] = field(default_factory=list, repr=False)

    @property
    def twice(self) -> int:
        return 2 * self.a


@dataclass(frozen=True, slots=True)
class Theirs:
    a: int
    b: str = "b"
    c: tuple[int, ...] = field(default_factory=tuple)
    d: list[int] = field(default_factory=list, repr=False)


@frozen
class Longer(Ours):
    """With one field more."""

    e: float = 0.5


@pytest.mark.parametrize(
    ("values", "named"),
    [((1,), {}), ((1, "x"), {"c": (1,)}), ((), {"b": "y", "a": 4}), ((1, "x", (2,), [3]), {})],
)
def test_instances_hold_and_show_what_those_of_a_dataclass_do(values: tuple, named: dict) -> None:
    ours, theirs = Ours(*values, **named), Theirs(*values, **named)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert [f.name for f in dataclasses.fields(ours)] == [f.name for f in dataclasses.fields(theirs)]
    assert dataclasses.is_dataclass(ours)


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), ((1,), {"a": 2}), ((1,), {"z": 2}), ((1, "b", (), [], 5), {}), ((), {"b": "x"})],
)
def test_wrong_arguments_are_refused(values: tuple, named: dict) -> None:
    for made in (Ours, Theirs):
        with pytest.raises(TypeError):
            made(*values, **named)


def test_a_class_of_which_many_are_made_behaves_as_before() -> None:
    @frozen
    class Often(Ours):
        """With a field whose name is like one of the initialiser's own words."""

        missing: str = "m"

    first = Often(1, d=[2])
    many = [Often(number, d=[2]) for number in range(300)]
    assert many[1] == first
    assert (many[0].b, many[0].c, many[0].missing) == ("b", (), "m")
    assert many[-1].d is not many[-2].d
    assert Often(5).d is not Often(5).d
    assert Often(4, "x", missing="y") == dataclasses.replace(Often(4, "x"), missing="y")
    for values, named in [((), {}), ((1,), {"a": 2}), ((1,), {"z": 2}), ((1, "b", (), [], "m", 6), {})]:
        with pytest.raises(TypeError):
            Often(*values, **named)


def test_nothing_can_be_changed_added_or_deleted() -> None:
    ours = Ours(1)
    for change in (
        lambda: setattr(ours, "a", 2),
        lambda: setattr(ours, "new", 2),
        lambda: delattr(ours, "a"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    assert not hasattr(ours, "__dict__")
    assert ours.twice == 2


def test_equality_and_hash_go_by_class_and_values() -> None:
    assert Ours(1) == Ours(1)
    assert Ours(1) != Ours(2)
    assert Ours(1) != Theirs(1)
    assert Ours(1) != Longer(1)
    assert hash(Longer(1, d=())) == hash(Longer(1, d=()))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        hash(Ours(1))
    with pytest.raises(TypeError):
        hash(Theirs(1))


def test_each_instance_has_its_own_list() -> None:
    first, second = Ours(1), Ours(1)
    first.d.append(1)
    assert second.d == []


def test_replace_copy_pickle_and_match_work_as_usual() -> None:
    ours = Longer(1, c=(2,), e=0.25)
    assert dataclasses.replace(ours, a=3) == Longer(3, c=(2,), e=0.25)
    assert copy.copy(ours) == copy.deepcopy(ours) == pickle.loads(pickle.dumps(ours)) == ours
    match ours:
        case Longer(a, b, e=e):
            assert (a, b, e) == (1, "b", 0.25)
        case _:
            pytest.fail("no match")


def test_replace_changes_what_is_named_and_nothing_else() -> None:
    first = Longer(1, "x", (2,), [3], 0.25)
    assert frozen_replace(first, b="y", e=1.0) == dataclasses.replace(first, b="y", e=1.0)
    assert type(frozen_replace(first)) is Longer
    assert first.b == "x"
    with pytest.raises(TypeError, match="nothing"):
        frozen_replace(first, nothing=1)
