"""What has to hold between the parts of a manifest, beyond the type of each key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from medgui.errors import DamagedData
from medgui.i18n import _
from medgui.inference.manifest import InputSpec, Manifest, OutputSpec
from medgui.inference.rules import is_yes_no

Wrong = Callable[[str, str], DamagedData]


def check_manifest(manifest: Manifest, wrong: Wrong) -> None:
    """Raise what `wrong(key, sentence)` makes of the first rule that does not hold."""
    inputs = [spec.name for spec in manifest.inputs]
    outputs = [spec.name for spec in manifest.outputs]
    for key, names in (("inputs", inputs), ("outputs", outputs)):
        if not names:
            raise wrong(key, _("At least one is needed."))
        _only_once(key, names, wrong)
    _sexes("sexes", manifest.sexes, wrong)
    for place, spec in enumerate(manifest.inputs, start=1):
        _check_input(f"inputs[{place}]", spec, inputs, outputs, wrong)
    for place, rule in enumerate(manifest.exclusions, start=1):
        _known(f"exclusions[{place}].outputs", rule.outputs, outputs, wrong)
        if rule.effect == "caution" and not rule.code:
            raise wrong(f"exclusions[{place}].code", _("A caution needs a code."))
        if rule.unknown and not rule.unknown_message:
            raise wrong(f"exclusions[{place}].unknown_message", _("The key is missing."))
    for place, order in enumerate(manifest.orders, start=1):
        _known(f"orders[{place}]", (order.smaller, order.larger), inputs, wrong)
    for place, variant in enumerate(manifest.variants, start=1):
        _known(f"variants[{place}].needs", variant.needs, inputs, wrong)
    for place, output in enumerate(manifest.outputs, start=1):
        _check_output(f"outputs[{place}]", output, manifest, wrong)
    columns = [*inputs, *(name for spec in manifest.inputs for name in spec.columns)]
    _only_once("inputs.columns", columns, wrong)
    if manifest.survival is not None and manifest.survival.output in outputs:
        raise wrong("survival.output", _("“{name}” stands here twice.").format(name=manifest.survival.output))
    _check_reference(manifest, inputs, wrong)
    _check_files(manifest, wrong)


def _sexes(key: str, sexes: Iterable[str], wrong: Wrong) -> None:
    if set(sexes) - {"female", "male"}:
        raise wrong(key, _("One of these is expected: {allowed}.").format(allowed="female, male"))


def _check_input(place: str, spec: InputSpec, inputs: list[str], outputs: list[str], wrong: Wrong) -> None:
    if spec.required != (spec.missing == "refuse"):
        sentence = _("A required input is refused when missing, an optional one is not.")
        raise wrong(f"{place}.missing", sentence)
    _sexes(f"{place}.sexes", spec.sexes, wrong)
    _known(f"{place}.outputs", spec.outputs, outputs, wrong)
    _known(f"{place}.spread_with", spec.spread_with, inputs, wrong)
    if spec.variation and not spec.variation_source:
        raise wrong(f"{place}.variation_source", _("The key is missing."))
    if spec.accepted and not spec.accepted_source:
        raise wrong(f"{place}.accepted_source", _("The key is missing."))
    if spec.from_ and len([part for part in spec.from_.split(".") if part]) != 2:
        raise wrong(f"{place}.from", _("A model and its output are expected: “model.output”."))
    if len(set(spec.categories.values())) != len(spec.categories):
        raise wrong(f"{place}.categories", _("Two categories have the same code."))
    allowed = list(spec.categories) or (["no", "yes"] if is_yes_no(spec) else [])
    _known(f"{place}.spellings", spec.spellings.values(), allowed, wrong)
    _only_once(f"{place}.spellings", [text.strip().casefold() for text in [*spec.spellings, *allowed]], wrong)


def _check_output(place: str, spec: OutputSpec, manifest: Manifest, wrong: Wrong) -> None:
    if spec.bands and not spec.bands_source:
        raise wrong(f"{place}.bands_source", _("A band without a source is not shown."))
    if len({band.age is None for band in spec.bands}) > 1:
        raise wrong(f"{place}.bands.age", _("Either all bands of an output go by age or none."))
    names = {each.name for each in manifest.inputs}
    if any(band.age for band in spec.bands) and manifest.age is None and "age" not in names:
        raise wrong(f"{place}.bands.age", _("The key is missing."))
    if spec.named and not (spec.is_points and spec.bands):
        sentence = _("A number that its band names is a whole one without a unit, and has bands.")
        raise wrong(f"{place}.named", sentence)
    if spec.holds and not spec.holds_reason:
        raise wrong(f"{place}.holds_reason", _("The key is missing."))
    if spec.difference and (spec.unit != "1" or manifest.kind not in ("risk", "diagnosis")):
        raise wrong(f"{place}.difference", _("Only two probabilities have such a difference."))
    if spec.is_share and not (-1 if spec.difference else 0) <= spec.scale[0] < spec.scale[1] <= 1:
        sentence = _("A number without a unit that is no probability states its decimals.")
        raise wrong(f"{place}.decimals", sentence)


def _check_reference(manifest: Manifest, inputs: list[str], wrong: Wrong) -> None:
    for name, value in manifest.explanation.reference.items():
        key = f"explanation.reference.{name}"
        if name not in inputs:
            raise wrong(key, _("There is no input of this name."))
        if isinstance(value, str) and value != "same" and value not in manifest.input(name).categories:
            raise wrong(key, _("A number, “same” or a category is expected here."))
    if manifest.explanation.method == "enumeration":
        for spec in manifest.inputs:
            if spec.required and spec.name not in manifest.explanation.reference:
                raise wrong(f"explanation.reference.{spec.name}", _("The key is missing."))


def _check_files(manifest: Manifest, wrong: Wrong) -> None:
    needs_reference = (
        manifest.explanation.method == "tree_shap"
        or manifest.interval.kind == "model"
        or any(spec.missing == "background" for spec in manifest.inputs)
    )
    if needs_reference and "reference.npz" not in manifest.hashes:
        raise wrong("hashes.reference.npz", _("The key is missing."))
    if manifest.golden_tolerance <= 0:
        raise wrong("golden_tolerance", _("A number above 0 is expected here."))


def _only_once(key: str, names: list[str], wrong: Wrong) -> None:
    for name in names:
        if names.count(name) > 1:
            raise wrong(key, _("“{name}” stands here twice.").format(name=name))


def _known(key: str, names: Iterable[str], known: list[str], wrong: Wrong) -> None:
    for name in names:
        if name not in known:
            raise wrong(key, _("There is no “{name}” in this model.").format(name=name))
