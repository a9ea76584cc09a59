"""Whether every part may be shipped, and has its licence text."""

from license_expression import AND, OR, LicenseWithExceptionSymbol, get_spdx_licensing

from supply.part import Inventory, Part
from supply.reviewed import Reviewed, text

COMMON = "common"
_SPDX = get_spdx_licensing()


def faults(inventory: Inventory, reviewed: Reviewed) -> list[str]:
    """One sentence for each part that must not be shipped as it is."""
    found = []
    for outer in inventory.sorted():
        for part in outer.walk():
            name = f"{outer.key}: {part.name}" if part is not outer else outer.key
            if not part.licence:
                found.append(f"{name}: no licence is known; add it to packaging/licences.toml.")
                continue
            wrong = _not_allowed(part, reviewed)
            found += [f"{name}: {licence} is neither allowed nor named in [[copyleft]]." for licence in wrong]
            if not (part.texts or outer.texts or common_texts(part, reviewed)):
                found.append(f"{name}: no licence text; add one to packaging/licences.toml.")
    return found


def _not_allowed(part: Part, reviewed: Reviewed) -> list[str]:
    exceptions = {each.licence for each in reviewed.copyleft if each.part in (part.key, part.name.lower())}
    return _refused(_parse(part.licence), reviewed.allowed | exceptions)


def _parse(licence: str) -> object:
    return _SPDX.parse(licence.replace("LicenseRef-", "LicenseRef-"))


def _refused(expression: object, allowed: frozenset[str]) -> list[str]:
    """Identifiers that keep an expression from being allowed: of a choice, one branch is enough."""
    if isinstance(expression, OR):
        branches = [_refused(each, allowed) for each in expression.args]
        return [] if any(not each for each in branches) else min(branches, key=len)
    if isinstance(expression, AND):
        return [name for each in expression.args for name in _refused(each, allowed)]
    name = _name(expression)
    return [] if name in allowed else [name]


def _name(symbol: object) -> str:
    if isinstance(symbol, LicenseWithExceptionSymbol):
        return f"{symbol.license_symbol.key} WITH {symbol.exception_symbol.key}"
    return str(symbol)


def names(licence: str) -> list[str]:
    """Identifiers that an expression consists of, in its order."""
    return list(dict.fromkeys(_leaves(_parse(licence))))


def _leaves(expression: object) -> list[str]:
    if isinstance(expression, AND | OR):
        return [name for each in expression.args for name in _leaves(each)]
    return [_name(expression)]


def common_texts(part: Part, reviewed: Reviewed) -> dict[str, bytes]:
    """Standard texts of a part's licences, by file name."""
    if not part.licence:
        return {}
    files = " ".join(reviewed.common.get(name, "") for name in names(part.licence)).split()
    return {file: text(file) for file in dict.fromkeys(files)}


def reason(part: Part, reviewed: Reviewed) -> str:
    """Why a part with a licence that asks more than a notice may be shipped; "" for the others."""
    return next((each.reason for each in reviewed.copyleft if each.part in (part.key, part.name.lower())), "")
