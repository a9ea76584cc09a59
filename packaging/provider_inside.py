"""What one execution provider does with every bundle: run by `packaging/try_provider.py` in the provider's environment.

Prints JSON. For each bundle: whether it is used and why not; and, whatever is decided, what a session of the provider
gives and takes, so that the decision can be judged: steps of the graph that it computes, largest difference from the
golden answers, processor time beside the CPU's.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.providers import CPU, Provider, largest_difference, provider_of, run_session
from medgui.inference.sessions import OneAtATime, Session, make_session, runtime, runtime_errors

MANY = 10_000
REPEATS = 15


def used_time(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Median processor time of *work* in milliseconds, all threads together: other programs do not count."""
    work()
    found = []
    for _ in range(repeats):
        start = time.process_time_ns()
        work()
        found.append((time.process_time_ns() - start) / 1e6)
    return median(found)


def times(session: Session, bundle: Bundle) -> dict[str, float]:
    """Time of one row and of many, in milliseconds."""
    x = bundle.golden.x
    many = np.resize(x, (MANY, x.shape[1]))

    def ten() -> None:
        for _ in range(10):
            run_session(session, bundle.manifest, x[:1])

    return {
        "one": round(used_time(ten) / 10, 5),
        "many": round(used_time(lambda: run_session(session, bundle.manifest, many), 3), 3),
    }


def as_it_is(bundle: Bundle, provider: Provider) -> dict[str, Any]:
    """What a session of *provider* gives, used or not."""
    content = bundle.content("model.onnx")
    try:
        start = time.process_time_ns()
        session = make_session(content, provider)
        made = (time.process_time_ns() - start) / 1e6
        answers = run_session(session, bundle.manifest, bundle.golden.x)
        difference = largest_difference(answers, bundle.golden.outputs)
        found: dict[str, Any] = {"made": round(made, 2), **times(session, bundle)}
    except runtime_errors() as error:
        return {"failed": f"{type(error).__name__}: {str(error)[:200]}"}
    if isinstance(session, OneAtATime):
        steps = session.steps()
        found |= {"held": steps.get(provider.name, 0), "steps": sum(steps.values())}
    return found | {"difference": difference if np.isfinite(difference) else None}


def decided(bundle: Bundle, provider: Provider) -> dict[str, Any]:
    """What is decided for one bundle, and what there is to judge it by."""
    return {
        "id": bundle.id,
        "double": bundle.manifest.float64,
        "tolerance": bundle.manifest.golden_tolerance,
        "provider": bundle.provider,
        "note": bundle.provider_note,
        "cpu": as_it_is(bundle, CPU),
        "other": as_it_is(bundle, provider),
    }


def main(provider_id: str) -> int:
    provider = provider_of(provider_id)
    rows = [decided(bundle, provider) for bundle in Catalogue.load(requested=provider_id)]
    json.dump({"onnxruntime": runtime().__version__, "provider": provider.title, "bundles": rows}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
