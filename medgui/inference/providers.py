"""Which execution provider runs a model, proved by golden inputs.

onnxruntime lists providers that cannot start on this machine and then runs on the CPU without a word, so a
request proves nothing. Here a provider is used only if the session really holds it, it computes at least one step of
the graph in the graph's own precision, and its answers to the bundle's golden inputs, together and one alone, are the
expected ones; why another one was passed over is kept and can be shown. One that stops in use is not tried again
before the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_list
from medgui.inference.manifest import Manifest
from medgui.inference.sessions import CPU as CPU
from medgui.inference.sessions import PROVIDERS as PROVIDERS
from medgui.inference.sessions import OneAtATime, Session, is_available
from medgui.inference.sessions import Provider as Provider
from medgui.inference.sessions import available as available
from medgui.inference.sessions import make_session as make_session
from medgui.inference.sessions import runtime_errors as runtime_errors

log = logging.getLogger(__name__)

FloatArray = NDArray[np.float64]


_ACCELERATORS = ("cuda", "tensorrt_rtx", "coreml", "directml", "openvino", "webgpu")

Reason = tuple[str, Mapping[str, str]]
"""An English message for `_` and what fills it: translated when it is shown, not when it happened."""

NOT_HERE = N_("{provider} is not installed on this computer.")
NOT_STARTED = N_("{provider} did not start on this computer.")
FAILED = N_("{provider} cannot run this model.")
SINGLE = N_("{provider} computes in single precision; this model needs double precision.")
NO_STEP = N_("{provider} computes no step of this model; the CPU would do all of it.")
PARTLY = N_("{provider} computes {held} of {all} steps of this model, the CPU the others.")
STOPPED = N_("{provider} stopped while it was in use; it is tried again after the next start of the program.")
DIFFERENT = N_("{provider} gave other answers than expected (largest difference {difference}).")


SessionMaker = Callable[[bytes, Provider], Session]


@frozen
class Proven:
    """A session whose provider gave the golden answers, and what has to be said of it.

    passed_over: why others that came before it are not used, and which part of the graph it leaves to the CPU.
    """

    session: Session
    provider: Provider
    passed_over: tuple[Reason, ...] = ()

    def note(self) -> str:
        """Sentences in the language of the reader; empty where the first choice runs the whole graph."""
        return " ".join(_(message).format(**fields) for message, fields in self.passed_over)


@frozen
class Golden:
    """Golden inputs [G, F] (manifest order) and the expected outputs, each [G]; of a survival curve [G, T]."""

    x: FloatArray
    outputs: Mapping[str, FloatArray]
    curves: FloatArray | None = None


def provider_of(provider_id: str) -> Provider:
    """Find a provider by its id; `KeyError` for an unknown one."""
    return {provider.id: provider for provider in PROVIDERS}[provider_id]


def candidates(requested: str, kind: str) -> tuple[Provider, ...]:
    """Providers to try, in order, the CPU always last.

    "auto" is the CPU alone for models of tables: one row takes 0.01 ms there, less than the way to an
    accelerator; for images it is every accelerator and then the CPU.
    """
    automatic = _ACCELERATORS if kind == "image" else ()
    ids = automatic if requested == "auto" else (requested,)
    return (*(provider_of(each) for each in ids if each != CPU.id), CPU)


def prove(
    content: bytes,
    manifest: Manifest,
    golden: Golden,
    requested: str = "auto",
    make: SessionMaker | None = None,
) -> Proven:
    """Make a session from the bytes of a graph with the first provider that gives the golden answers.

    Raises `DamagedData` where not even the CPU does: then the model itself is not what it was.
    """
    make = make or make_session
    passed: list[Reason] = []
    for provider in candidates(requested, manifest.kind):
        session, reason = _try(content, manifest, golden, provider, make)
        if reason is not None:
            passed.append(reason)
        if session is not None:
            told = (each for each in passed if requested != "auto" or each[0] != NOT_HERE)
            return Proven(session, provider, tuple(told))
    words = " ".join(_(message).format(**fields) for message, fields in passed)
    raise DamagedData(_("Model “{model}” does not run: {reasons}").format(model=manifest.id, reasons=words))


def _try(
    content: bytes, manifest: Manifest, golden: Golden, provider: Provider, make: SessionMaker
) -> tuple[Session | None, Reason | None]:
    """The session where *provider* is right, with what it leaves to the CPU; else None and the reason."""
    shown = {"provider": provider.title}
    if provider.id in _stopped:
        return None, (STOPPED, shown)
    if make is make_session and not is_available(provider):
        return None, (NOT_HERE, shown)
    if manifest.float64 and not provider.double:
        return None, (SINGLE, shown)
    try:
        session = make(content, provider)
        if provider.name not in session.get_providers():
            return None, (NOT_STARTED, shown)
        steps = _steps(session)
        held, everything = steps.get(provider.name, 0), sum(steps.values())
        if everything and not held:
            return None, (NO_STEP, shown)
        answers = run_session(session, manifest, golden.x)
        alone = run_session(session, manifest, golden.x[:1])
        expected = dict(golden.outputs)
        if manifest.survival is not None and golden.curves is not None:
            expected[manifest.survival.output] = golden.curves
            answers[manifest.survival.output] = run_curves(session, manifest, golden.x)
    except runtime_errors() as error:
        return None, (FAILED, {**shown, "error": type(error).__name__})
    first = {name: values[:1] for name, values in golden.outputs.items()}
    difference = max(largest_difference(answers, expected), largest_difference(alone, first))
    if not difference <= manifest.golden_tolerance:
        return None, (DIFFERENT, {**shown, "difference": f"{difference:.2g}"})
    if held < everything:
        return session, (PARTLY, {**shown, "held": str(held), "all": str(everything)})
    return session, None


def _steps(session: Session) -> Mapping[str, int]:
    return session.steps() if isinstance(session, OneAtATime) else {}


_stopped: set[str] = set()


def stop(provider: Provider, error: Exception) -> Reason:
    """Do not use *provider* again in this process: it broke off what the CPU then did. Gives what to say of it.

    onnxruntime has no error code for a device that was lost; none comes back without making everything anew
    (docs/gpu.md), so that one failure is enough.
    """
    _stopped.add(provider.id)
    log.warning("%s stopped in use (%s); the CPU goes on", provider.title, type(error).__name__)
    return STOPPED, {"provider": provider.title}


def is_stopped(provider: Provider) -> bool:
    """Tell whether *provider* stopped since the program started."""
    return provider.id in _stopped


def largest_difference(found: Mapping[str, FloatArray], expected: Mapping[str, FloatArray]) -> float:
    """Largest |found - expected| / max(1, |expected|); infinite where one has a number and the other has none."""
    worst = 0.0
    for name, values in expected.items():
        if name not in found or found[name].shape != values.shape:
            return float("inf")
        here, there = np.isnan(found[name]), np.isnan(values)
        if (here != there).any():
            return float("inf")
        other = ~there & (found[name] != values)
        mine, wanted = found[name][other], values[other]
        if not (np.isfinite(mine) & np.isfinite(wanted)).all():
            return float("inf")
        error = np.abs(mine - wanted) / np.maximum(1.0, np.abs(wanted))
        worst = max(worst, *error.tolist(), 0.0)
    return worst


def run_session(
    session: Session, manifest: Manifest, x: FloatArray, outputs: Sequence[str] | None = None
) -> dict[str, FloatArray]:
    """Run the graph on *x* [N, F] in manifest order; each of *outputs* (default: all) as [N] float64."""
    feed = _feed(manifest, x)
    names = list(outputs or [spec.name for spec in manifest.outputs])
    answers = session.run(names, feed)
    rows = len(x)
    return {
        name: np.asarray(answer, dtype=np.float64).reshape(rows)
        for name, answer in zip(names, answers, strict=True)
    }


def run_curves(session: Session, manifest: Manifest, x: FloatArray) -> FloatArray:
    """Run the graph on *x* [N, F]; its survival curves [N, T] float64. `ValueError` where it gives another shape."""
    spec = manifest.survival
    if spec is None:
        raise ValueError("the model has no survival curve")
    (answer,) = session.run([spec.output], _feed(manifest, x))
    return np.asarray(answer, dtype=np.float64).reshape(len(x), len(spec.times))


def _feed(manifest: Manifest, x: FloatArray) -> dict[str, NDArray[Any]]:
    dtype = np.float64 if manifest.float64 else np.float32
    with np.errstate(over="ignore"):
        return {
            spec.name: np.ascontiguousarray(x[:, place : place + 1], dtype=dtype)
            for place, spec in enumerate(manifest.inputs)
        }


def describe(providers: Sequence[Provider]) -> str:
    """List providers by their names on screen."""
    return format_list([provider.title for provider in providers])
