"""Immutable records: what `dataclass(frozen=True, slots=True)` makes, made without compiling code at each start.

The standard library writes the methods of every dataclass as text and compiles it when the class is made: a
millisecond a class, an eighth of the time from `medgui FILE` to the results (docs/performance.md). Here the methods
are written once and look the fields up. `fields`, `replace` and `asdict` of `dataclasses` work as usual. Making an
instance that way takes three times as long, so that a class of which many are made (a record holds thousands of
codes and sources) gets its initialiser written and compiled then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import count
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
_set = object.__setattr__
_new = object.__new__
_MANY = 100
"""Instances after which an initialiser of their own has paid for its compilation (0.1 to 0.5 ms)."""


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
    made.__frozen_values__ = staticmethod(_getter(names))
    made.__frozen_setters__ = {name: getattr(made, name).__set__ for name in names}
    made.__frozen_shown__ = tuple(each.name for each in found if each.repr)
    return made  # type: ignore[no-any-return]


def replace(record: T, /, **changes: Any) -> T:
    """As `dataclasses.replace`, for a class made by `frozen`: a finding of thirty fields in a tenth of the time."""
    kind: Any = type(record)
    made = _new(kind)
    setters = kind.__frozen_setters__
    for setter, value in zip(setters.values(), kind.__frozen_values__(record), strict=True):
        setter(made, value)
    try:
        for name, value in changes.items():
            setters[name](made, value)
    except KeyError as missed:
        raise TypeError(f"{kind.__name__} has no {missed.args[0]}") from None
    return made  # type: ignore[no-any-return]


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _initialiser(title: str, made: Any, found: tuple[Any, ...]) -> Callable[..., None]:
    missing = dataclasses.MISSING
    plan = tuple((each.name, getattr(made, each.name).__set__) for each in found)
    allowed = frozenset(name for name, _setter in plan)
    defaults = {each.name: each.default for each in found if each.default is not missing}
    factories = [(each.name, each.default_factory) for each in found if each.default_factory is not missing]
    instances = count(1)

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        if next(instances) == _MANY:
            made.__init__ = _compiled(made, found)
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


def _compiled(made: Any, found: tuple[Any, ...]) -> Callable[..., None]:
    """The initialiser of a class in the words of Python: one parameter and one line a field."""
    missing = dataclasses.MISSING
    known: dict[str, Any] = {"_missing": missing}
    parameters, lines = [], []
    for each in found:
        value = name = each.name
        known[f"_set_{name}"] = getattr(made, name).__set__
        parameter = name
        if each.default is not missing:
            known[f"_default_{name}"] = each.default
            parameter = f"{name}=_default_{name}"
        elif each.default_factory is not missing:
            known[f"_make_{name}"] = each.default_factory
            parameter = f"{name}=_missing"
            value = f"_make_{name}() if {name} is _missing else {name}"
        parameters.append(parameter)
        lines.append(f"    _set_{name}(self, {value})")
    exec("\n".join((f"def __init__(self, {', '.join(parameters)}):", *lines)), known)
    initialiser: Callable[..., None] = known["__init__"]
    return initialiser


def _represent(self: Any) -> str:
    shown = ", ".join([f"{name}={getattr(self, name)!r}" for name in self.__frozen_shown__])
    return f"{type(self).__qualname__}({shown})"


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or self.__frozen_values__(self) == other.__frozen_values__(other)


def _hash(self: Any) -> int:
    return hash(self.__frozen_values__(self))


def _refuse(self: Any, name: str, _value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _state(self: Any) -> list[Any]:
    return list(self.__frozen_values__(self))


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__frozen_names__, state, strict=True):
        _set(self, name, value)
