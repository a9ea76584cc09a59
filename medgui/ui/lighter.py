"""Importing this once makes every later import lighter.

PySide6 wraps Python's import so that it can read the source of each module loaded after it and look there for
its `__feature__` switch. medgui does not use that switch; without it, what the window and the engines import
loads about a fifth faster (tests/benchmarks/visit.py). The layer below, which makes PySide6's own classes on
demand, stays.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - it installs the wrapper

_plain = getattr(builtins, "__orig_import__", None)
if _plain is not None and getattr(builtins.__import__, "__name__", "") == "__feature_import__":
    builtins.__import__ = _plain
