"""Immutable records: what `dataclass(frozen=True, slots=True)` makes, made without compiling code at each start.

The standard library writes the methods of every dataclass as text and compiles it when the class is made: a
millisecond a class, an eighth of the time from `medgui FILE` to the results (docs/performance.md). Here the methods
are written once and look the fields up. `fields`, `replace` and `asdict` of `dataclasses` work as usual; making an
instance costs a microsecond more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
_set = object.__setattr__


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of annotated fields immutable, comparable and hashable by its values."""
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, match_args=True, slots=True)(cls)
    found = dataclasses.fields(made)
    names = tuple(each.name for each in found)
    made.__init__ = _initialiser(made.__name__, made, found)
    made.__repr__ = _represent
    made.__eq__ = _equal
    made.__hash__ = _hash
    made.__setattr__ = _refuse
    made.__delattr__ = _refuse
    made.__getstate__ = _state
    made.__setstate__ = _restore
    made.__frozen_names__ = names
    return made  # type: ignore[no-any-return]


def _initialiser(title: str, made: Any, found: tuple[Any, ...]) -> Callable[..., None]:
    missing = dataclasses.MISSING
    plan = tuple((each.name, getattr(made, each.name).__set__) for each in found)
    allowed = frozenset(name for name, _setter in plan)
    defaults = {each.name: each.default for each in found if each.default is not missing}
    factories = [(each.name, each.default_factory) for each in found if each.default_factory is not missing]

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        given = len(values)
        if given > len(plan):
            raise TypeError(f"{title} takes {len(plan)} values, {given} were given")
        for (name, setter), value in zip(plan, values, strict=False):
            if name in named:
                raise TypeError(f"{title} got {name} twice")
            setter(self, value)
        if not named.keys() <= allowed:
            raise TypeError(f"{title} has no {next(iter(named.keys() - allowed))}")
        known = {**defaults, **named}
        for name, factory in factories:
            if name not in named:
                known[name] = factory()
        try:
            for name, setter in plan[given:]:
                setter(self, known[name])
        except KeyError as missed:
            raise TypeError(f"{title} lacks {missed.args[0]}") from None

    return __init__


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__frozen_names__])


def _represent(self: Any) -> str:
    shown = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({shown})"


def _equal(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash(_values(self))


def _refuse(self: Any, name: str, _value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _state(self: Any) -> list[Any]:
    return list(_values(self))


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__frozen_names__, state, strict=True):
        _set(self, name, value)
