"""Which of two versions is the newer: of the program and of models, as "1.2.3", "1.3.0rc1" or "1.3.0.dev2".

A part of PEP 440: numbers between points, then at most one of dev, a, b, rc (before the release of these numbers)
or post (after it). Zeros at the end say nothing: 1.2 is 1.2.0.
"""

import re

_FORM = re.compile(r"(\d{1,9}(?:\.\d{1,9}){0,4})(?:[.\-_]?(dev|a|b|rc|post)\.?(\d{0,9}))?")
_RANK = {"dev": 0, "a": 1, "b": 2, "rc": 3, "": 4, "post": 5}
Order = tuple[tuple[int, ...], int, int]


def order(version: str) -> Order:
    """Give what sorts as *version* does. Raises `ValueError` where it is no version."""
    match = _FORM.fullmatch(version)
    if match is None:
        raise ValueError(f"{version[:40]!r} is no version")
    numbers = [int(part) for part in match[1].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers), _RANK[match[2] or ""], int(match[3] or 0)


def newer(version: str, than: str) -> bool:
    """Tell whether *version* is newer *than* another. Raises `ValueError` where one of them is no version."""
    return order(version) > order(than)


def meets(version: str, need: str) -> bool:
    """Tell whether *version* meets a need such as ">=1.2". Raises `ValueError` for a need of another form."""
    if not need.startswith(">="):
        raise ValueError(f"{need[:40]!r} is no need")
    return order(version) >= order(need[2:].strip())
