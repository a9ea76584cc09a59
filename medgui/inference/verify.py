"""Every check on every bundle, for `medgui models verify`: more than a start can afford."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.graph_rules import check_graph
from medgui.inference.header import header_of
from medgui.inference.manifest_io import FILE_NAME, parse_manifest
from medgui.inference.providers import CPU, Provider, available, prove
from medgui.inference.signatures import place


@frozen
class ProviderCheck:
    """What one execution provider did with the golden inputs; `note` says why it is not used."""

    provider: str
    proven: bool
    note: str = ""


@frozen
class Verified:
    """One bundle: sound where `problems` is empty."""

    id: str
    version: str
    sha256: str
    providers: tuple[ProviderCheck, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.problems


def verify(catalogue: Catalogue, model: str | None = None) -> tuple[Verified, ...]:
    """Check all bundles, or *model* alone: signed hashes of every file, manifest, reference data, golden answers.

    Refused bundles are in the answer with their reason. Raises `ModelRefused` where *model* does not exist.
    """
    if model is not None and model not in catalogue.refused:
        catalogue.get(model)
    found = [_check(bundle, catalogue) for bundle in catalogue if model in (None, bundle.id)]
    for name, sentence in catalogue.refused.items():
        if model in (None, name):
            found.append(Verified(name, "", "", problems=(sentence,)))
    return tuple(sorted(found, key=lambda each: each.id))


def _check(bundle: Bundle, catalogue: Catalogue) -> Verified:
    problems = [*_card(bundle), *_files(bundle), *_suppliers(bundle, catalogue)]
    providers: list[ProviderCheck] = []
    try:
        _reference(bundle)
        providers = [_provider(bundle, provider) for provider in available()]
    except DamagedData as error:
        problems.append(str(error))
    problems += [check.note for check in providers if check.provider == CPU.title and not check.proven]
    unique = tuple(dict.fromkeys(problems))
    return Verified(bundle.id, bundle.manifest.version, bundle.sha256, tuple(providers), unique)


def _card(bundle: Bundle) -> Iterator[str]:
    """The manifest keeps every rule, its evaluation too, and is what was compiled of it."""
    file = place(bundle.folder / FILE_NAME)
    try:
        len(bundle.manifest.evaluation)
        read = parse_manifest(bundle.content(FILE_NAME), file, bundle.id)
        if (read, header_of(read)) != (bundle.manifest, bundle.header):
            yield _("{file} is not what was compiled of it; sign the models again.").format(file=file)
    except DamagedData as error:
        yield str(error)


def _files(bundle: Bundle) -> Iterator[str]:
    for name in bundle.files:
        try:
            content = bundle.content(name)
            if name == "model.onnx":
                check_graph(content, bundle.manifest, place(bundle.folder / name))
        except DamagedData as error:
            yield str(error)


def _suppliers(bundle: Bundle, catalogue: Catalogue) -> Iterator[str]:
    """An input that another bundle supplies needs that bundle and that output."""
    for spec in bundle.manifest.inputs:
        if not spec.from_:
            continue
        model, _dot, output = spec.from_.partition(".")
        supplier = catalogue.bundles.get(model)
        if supplier is None or output not in supplier.output_names:
            sentence = _("Model “{model}”: there is no {source} to supply {name}.")
            yield sentence.format(model=bundle.id, source=spec.from_, name=spec.name)


def _reference(bundle: Bundle) -> None:
    """Ask for every part of the reference data that the manifest relies on; each checks itself."""
    reference, manifest = bundle.reference, bundle.manifest
    if manifest.explanation.method == "tree_shap" or len(bundle.rules.background):
        reference.background  # noqa: B018 - the property checks itself
    if reference.distance_limits is not None:
        reference.distance(np.zeros((1, len(manifest.inputs))))
    reference.survival_limits  # noqa: B018 - the property checks itself
    if manifest.interval.kind == "model" and set(reference.intervals) != set(bundle.output_names):
        sentence = _("{file} does not fit the model.")
        raise DamagedData(sentence.format(file=place(bundle.folder / "reference.npz")))


def _provider(bundle: Bundle, provider: Provider) -> ProviderCheck:
    try:
        proven = prove(bundle.content("model.onnx"), bundle.manifest, bundle.golden, provider.id)
    except DamagedData as error:
        return ProviderCheck(provider.title, False, str(error))
    return ProviderCheck(provider.title, proven.provider == provider, proven.note())
