"""Checks of the models: signatures, golden answers by every execution provider, the kernel that explains trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from medgui.errors import DamagedData
from medgui.i18n import _, format_count, format_list, language
from medgui.selftest.outcome import Check, Surroundings, note, right, wrong

if TYPE_CHECKING:
    from medgui.inference.verify import Verified

SUM_TOLERANCE = 1e-12
"""The known ensemble has whole numbers in its leaves; its values are exact but for the last bit."""


def check_signatures(around: Surroundings) -> Check:
    """Every bundle is signed by a key that counts here; who signed, and whether that is the development key."""
    from medgui.inference.signatures import default_trust

    try:
        trust = default_trust()
    except DamagedData as error:
        return wrong("signatures", str(error))
    catalogue = around.catalogue()
    keys = [{"name": key.name, "kind": key.kind, "id": key.id} for key in trust.keys]
    details: dict[str, Any] = {
        "models": len(catalogue.bundles),
        "refused": dict(catalogue.refused),
        "signers": list(catalogue.signers),
        "development": catalogue.development,
        "keys": keys,
    }
    if catalogue.refused:
        name, reason = next(iter(catalogue.refused.items()))
        sentence = _("{n} refused, first {model}: {reason}")
        shown = sentence.format(n=format_count(len(catalogue.refused)), model=name, reason=reason)
        return wrong("signatures", shown, **details)
    if not catalogue.bundles:
        return wrong("signatures", _("No models are installed."), **details)
    number = format_count(len(catalogue.bundles))
    if catalogue.development:
        sentence = _(
            "{n} models, as signed. Development build: its key is public, not for use with patients."
        )
        return note("signatures", sentence.format(n=number), **details)
    signers = format_list(sorted(set(catalogue.signers)))
    sentence = _("{n} models, every file as it was signed by {signers}.")
    return right("signatures", sentence.format(n=number, signers=signers), **details)


def check_answers(around: Surroundings) -> Check:
    """Golden answers: in full by every provider that is here, quickly by the one in use."""
    return _in_use(around) if around.quick else _by_every_provider(around)


def _in_use(around: Surroundings) -> Check:
    from medgui.inference.providers import available, describe

    catalogue = around.catalogue()
    used: dict[str, int] = {}
    failed: dict[str, str] = {}
    for bundle in catalogue:
        try:
            used[bundle.provider] = used.get(bundle.provider, 0) + 1
        except DamagedData as error:
            failed[bundle.id] = str(error)
    details = {"available": [each.title for each in available()], "used": used, "failed": failed}
    if failed:
        return wrong("answers", next(iter(failed.values())), **details)
    if not used:
        return wrong("answers", _("No models are installed."), **details)
    sentence = _("{n} models give the expected answers on {used} (here: {available}).")
    shown = sentence.format(
        n=format_count(sum(used.values())), used=format_list(sorted(used)), available=describe(available())
    )
    return right("answers", shown, **details)


def _by_every_provider(around: Surroundings) -> Check:
    from medgui.inference.providers import PROVIDERS, available
    from medgui.inference.verify import verify

    found = verify(around.catalogue())
    here = [provider.title for provider in available()]
    rows = [_provider(title, found) for title in here]
    problems = {each.id: list(each.problems) for each in found if not each.sound}
    absent = [provider.title for provider in PROVIDERS if provider.title not in here]
    details = {"providers": rows, "absent": absent, "problems": problems}
    if problems:
        return wrong("answers", next(iter(problems.values()))[0], **details)
    if not found:
        return wrong("answers", _("No models are installed."), **details)
    words = _("{provider}: {proven} of {total} models proven")
    parts = [words.format(provider=row["provider"], proven=row["proven"], total=len(found)) for row in rows]
    shown = "；".join(parts) + "。" if language() == "zh" else "; ".join(parts) + "."
    rejected = [next(iter(row["rejected"].values())) for row in rows if row["rejected"]]
    if rejected:
        return note("answers", f"{shown} {rejected[0]}", **details)
    return right("answers", shown, **details)


def _provider(title: str, found: Sequence[Verified]) -> dict[str, Any]:
    """What one provider did with all bundles: how many were proven, and why each other one was rejected."""
    checks = [(each.id, check) for each in found for check in each.providers if check.provider == title]
    return {
        "provider": title,
        "proven": sum(check.proven for _id, check in checks),
        "rejected": {model: check.note for model, check in checks if not check.proven},
    }


def check_kernel(_around: Surroundings) -> Check:
    """The compiled kernel gives the Shapley values of an ensemble that can be reckoned by hand.

    f is 0 where a <= 0, else 2 where b <= 0, else 6. Against (-1, -1), where f is 0, the point (1, 1) has
    f = 6; alone a brings 2 and b brings 0, so that a gets (2 + 6) / 2 = 4 and b gets (0 + 4) / 2 = 2.
    """
    from math import exp

    import numpy as np

    from medgui.explain.kernel import KernelUnavailable, TreeKernel
    from medgui.explain.onnx_trees import Trees

    def trees(logistic: bool) -> Trees:
        return Trees(
            left=np.array([[1, -1, 3, -1, -1]], dtype=np.int32),
            right=np.array([[2, -1, 4, -1, -1]], dtype=np.int32),
            default=np.array([[1, -1, 3, -1, -1]], dtype=np.int32),
            features=np.array([[0, 0, 1, 0, 0]], dtype=np.int32),
            thresholds=np.zeros((1, 5)),
            values=np.array([[0.0, 0.0, 0.0, 2.0, 6.0]]),
            base=0.0,
            logistic=logistic,
            depth=2,
        )

    rise = 1 / (1 + exp(-6)) - 0.5
    expected = {False: (0.0, (4.0, 2.0)), True: (0.5, (rise * 4 / 6, rise * 2 / 6))}
    worst = 0.0
    try:
        for logistic, (base, parts) in expected.items():
            phi, baseline = TreeKernel(trees(logistic), np.full((1, 2), -1.0))(np.ones((1, 2)))
            gaps = [
                *(phi[0] - np.array(parts)),
                baseline[0] - base,
                phi[0].sum() + baseline[0] - base - sum(parts),
            ]
            worst = max(worst, *(float(abs(gap)) for gap in gaps))
    except (KernelUnavailable, ValueError) as error:
        sentence = _(
            "The compiled kernel that explains trees is missing ({kind}); install the program again."
        )
        return wrong("kernel", sentence.format(kind=type(error).__name__))
    if not worst <= SUM_TOLERANCE:
        sentence = _("The kernel that explains trees gives wrong values (off by {gap}).")
        return wrong("kernel", sentence.format(gap=f"{worst:.2g}"), gap=worst)
    return right(
        "kernel", _("The kernel that explains trees gives known values, and they add up."), gap=worst
    )
