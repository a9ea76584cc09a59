"""Parse `manifest.toml` strictly into the typed `Manifest` (docs/architecture.md, "Bundle").

A mistake is refused, never mended: a manifest decides who is in scope. Every error names the file and the key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

from medgui.errors import DamagedData
from medgui.i18n import _
from medgui.inference.attributes import ATTRIBUTES
from medgui.inference.evaluation_rows import EvaluationRows, plain_rows, set_apart
from medgui.inference.manifest import (
    SCHEMA,
    BandSpec,
    EvaluationRow,
    Exclusion,
    ExplanationSpec,
    Indication,
    InputSpec,
    IntervalSpec,
    Kind,
    Manifest,
    Missing,
    Order,
    OutputSpec,
    Text,
)
from medgui.inference.manifest_parts import (
    comparison_part,
    evaluation_part,
    lineage_part,
    survival_part,
    variant_part,
)
from medgui.inference.manifest_rules import check_manifest
from medgui.inference.questions import QUESTIONS
from medgui.inference.toml_table import Table, is_localised

EVIDENCE_GRADES = (
    "guideline",
    "published equation, externally validated",
    "trained, externally validated",
    "trained, internally validated",
    "demonstration",
)
"""The five grades of the safety rules, verbatim."""

FILE_NAME = "manifest.toml"


def read_manifest(folder: Path) -> Manifest:
    """Read `folder/manifest.toml`. Raises `DamagedData` that names file and key."""
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedData(_("{file} cannot be read.").format(file=path)) from error
    return parse_manifest(content, str(path), folder.name)


def parse_manifest(content: bytes, file: str, bundle_id: str) -> Manifest:
    """Parse the bytes of a manifest. *file* is for errors; *bundle_id* is the folder's name."""
    import tomllib

    try:
        text, rows = set_apart(content.decode("utf-8"))
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        sentence = _("{file} is not valid TOML: {detail}.")
        raise DamagedData(sentence.format(file=file, detail=error)) from error
    manifest = made_of(data, file, bundle_id)
    return replace(manifest, evaluation=EvaluationRows(lambda: _rows(rows, file))) if rows else manifest


def made_of(
    data: Mapping[str, Any], file: str, bundle_id: str, attributes: Mapping[str, Text] | None = None
) -> Manifest:
    """The manifest of the tables *data* of a TOML file, every rule checked. *attributes*: where *data* has none."""
    table = Table(data, file)
    _check_schema(table, file)
    manifest = _manifest(table, attributes)
    table.finish()
    if manifest.id != bundle_id:
        raise table.wrong("id", _("The folder is named “{folder}”.").format(folder=bundle_id))
    check_manifest(manifest, table.wrong)
    return manifest


def evaluation_of(data: Sequence[Mapping[str, Any]], file: str) -> tuple[EvaluationRow, ...]:
    """The evaluation rows of the tables *data*."""
    return tuple(evaluation_part(each) for each in Table({"evaluation": data}, file).tables("evaluation"))


def _rows(text: str, file: str) -> tuple[EvaluationRow, ...]:
    try:
        data = plain_rows(text)
    except ValueError:
        import tomllib

        try:
            data = tomllib.loads(text)["evaluation"]
        except tomllib.TOMLDecodeError as error:
            sentence = _("{file} is not valid TOML: {detail}.")
            raise DamagedData(sentence.format(file=file, detail=error)) from error
    return evaluation_of(data, file)


def _check_schema(table: Table, file: str) -> None:
    schema = table.whole("schema")
    if schema > SCHEMA:
        sentence = _(
            "{file} is written in format {schema}, newer than format {known} that this version of medgui "
            "reads. Update medgui to use this model."
        )
        raise DamagedData(sentence.format(file=file, schema=schema, known=SCHEMA))
    if schema != SCHEMA:
        raise table.wrong("schema", _("Format {known} is expected.").format(known=SCHEMA))


def _manifest(table: Table, attributes: Mapping[str, Text] | None) -> Manifest:
    return Manifest(
        id=table.text("id"),
        version=table.text("version"),
        kind=cast(Kind, table.choice("kind", get_args(Kind))),
        evidence=table.choice("evidence", EVIDENCE_GRADES),
        title=table.localised("title"),
        name=table.localised("name"),
        summary=table.localised("summary"),
        intended_use=table.localised("intended_use"),
        not_for=table.localised("not_for"),
        indication=table.localised("indication"),
        inputs=tuple(_input(each) for each in table.tables("inputs")),
        outputs=tuple(_output(each) for each in table.tables("outputs")),
        explanation=_explanation(table.table("explanation")),
        interval=_interval(table.table("interval")),
        age=table.maybe_pair("age"),
        sexes=table.words("sexes"),
        exclusions=tuple(_exclusion(each) for each in table.tables("exclusions")),
        attributes=attributes_of(table.table("attributes")) if attributes is None else attributes,
        evaluation=tuple(evaluation_part(each) for each in table.tables("evaluation")),
        licence=table.text("licence"),
        data_licence=table.text("data_licence"),
        citation=table.text("citation"),
        hashes=_hashes(table.table("hashes")),
        group=table.choice("group", ("", "prognosis"), ""),
        on_request=table.flag("on_request"),
        needs_any=table.words("needs_any"),
        most_imputed=table.maybe_whole("most_imputed"),
        answered_by=table.words("answered_by"),
        variants=tuple(variant_part(each) for each in table.tables("variants")),
        golden_tolerance=table.number("golden_tolerance") if table.has("golden_tolerance") else 1e-5,
        float64=table.flag("float64"),
        comparison=tuple(comparison_part(each) for each in table.tables("comparison")),
        survival=survival_part(table.table("survival")) if table.has("survival") else None,
        lineage=lineage_part(table.table("lineage")) if table.has("lineage") else None,
        question=table.choice("question", ("", *QUESTIONS), ""),
        regions=table.words("regions"),
        guideline=table.localised("guideline", optional=True),
        acute=table.flag("acute"),
        inpatient=table.flag("inpatient"),
        notice=table.localised("notice", optional=True),
        indications=tuple(_indication(each) for each in table.tables("indications")),
        orders=tuple(_order(each) for each in table.tables("orders")),
    )


def _input(table: Table) -> InputSpec:
    spec = InputSpec(
        name=table.text("name"),
        unit=table.text("unit"),
        required=table.flag("required"),
        missing=cast(Missing, table.choice("missing", get_args(Missing))),
        accepted=table.maybe_pair("accepted"),
        accepted_source=table.text("accepted_source", ""),
        seen=table.maybe_pair("seen"),
        max_age_days=table.maybe_whole("max_age_days"),
        spread_with=table.words("spread_with"),
        max_spread_days=table.maybe_whole("max_spread_days"),
        categories=table.numbers("categories"),
        outputs=table.words("outputs"),
        plausible=table.maybe_pair("plausible"),
        variation=_variation(table),
        variation_source=table.text("variation_source", ""),
        below=_below(table),
        from_=table.text("from", ""),
        marker=table.flag("marker"),
        assume_absent=table.flag("assume_absent"),
        title=table.localised("title", optional=True),
        columns=table.words("columns"),
        spellings=table.texts("spellings"),
        beyond=table.localised("beyond", optional=True),
        sexes=table.words("sexes"),
    )
    table.finish()
    return spec


def _variation(table: Table) -> tuple[str, float] | None:
    if not table.has("variation"):
        return None
    value: Any = table.raw("variation")
    good = isinstance(value, list) and len(value) == 2 and value[0] in ("sd", "cv")
    if not good or isinstance(value[1], bool) or not isinstance(value[1], int | float) or not value[1] > 0:
        raise table.wrong("variation", _("A pair is expected: “sd” or “cv”, and a number above 0."))
    return value[0], float(value[1])


def _below(table: Table) -> tuple[float, str] | None:
    if not table.has("below"):
        return None
    value: Any = table.raw("below")
    good = isinstance(value, list) and len(value) == 2 and isinstance(value[1], str) and value[1]
    if not good or isinstance(value[0], bool) or not isinstance(value[0], int | float):
        raise table.wrong("below", _("A pair is expected: a number and the code of a caution."))
    return float(value[0]), value[1]


def _output(table: Table) -> OutputSpec:
    spec = OutputSpec(
        name=table.text("name"),
        unit=table.text("unit"),
        title=table.localised("title"),
        short_title=table.localised("short_title"),
        event=table.localised("event", optional=True),
        scale=table.pair("scale"),
        age=table.maybe_pair("age"),
        age_reason=table.localised("age_reason", optional=True),
        bands=tuple(_band(each) for each in table.tables("bands")),
        bands_source=table.localised("bands_source", optional=True),
        calibration=table.text("calibration", ""),
        decimals=table.maybe_whole("decimals"),
        difference=table.flag("difference"),
        named=table.flag("named"),
        holds=table.maybe_pair("holds"),
        holds_reason=table.localised("holds_reason", optional=True),
    )
    table.finish()
    return spec


def _band(table: Table) -> BandSpec:
    level = table.choice("level", ("info", "caution", "high"))
    band = BandSpec(
        lo=table.number("lo"),
        hi=table.number("hi"),
        text=table.localised("text"),
        level=cast(Any, level),
        age=table.maybe_pair("age"),
    )
    table.finish()
    if band.lo >= band.hi:
        raise table.wrong("hi", _("The upper end of a band is above its lower end."))
    return band


def _exclusion(table: Table) -> Exclusion:
    rule = Exclusion(
        input=table.text("input"),
        value=table.number("value"),
        reason=table.localised("reason"),
        effect=cast(Any, table.choice("effect", ("out_of_scope", "caution"), "out_of_scope")),
        code=table.text("code", ""),
        unknown=table.text("unknown", ""),
        unknown_message=table.localised("unknown_message", optional=True),
        outputs=table.words("outputs"),
    )
    table.finish()
    return rule


def _indication(table: Table) -> Indication:
    found = Indication(any=table.words("any"), reason=table.localised("reason"))
    table.finish()
    if not found.any:
        raise table.wrong("any", _("At least one is needed."))
    return found


def _order(table: Table) -> Order:
    words = table.localised("reason")
    names = table.text("smaller"), table.text("larger")
    found = Order(*names, words, table.flag("needs"), table.flag("excludes"))
    table.finish()
    return found


def _explanation(table: Table) -> ExplanationSpec:
    method = table.choice("method", ("enumeration", "tree_shap", "none"))
    reference = table.table("reference") if table.has("reference") else None
    values: dict[str, float | str] = {}
    for name in reference.names() if reference else ():
        value = reference.raw(name) if reference else None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise table.wrong(f"reference.{name}", _("A number, “same” or a category is expected here."))
        values[name] = value if isinstance(value, str) else float(value)
    spec = ExplanationSpec(
        method=cast(Any, method),
        baseline_name=table.localised("baseline_name", optional=method == "none"),
        reference=values,
    )
    table.finish()
    return spec


def _interval(table: Table) -> IntervalSpec:
    kind = table.choice("kind", ("input_variation", "model", "none"))
    level = table.number("level") if kind != "none" or table.has("level") else 0.0
    if kind != "none" and not 0 < level < 1:
        raise table.wrong("level", _("A number between 0 and 1 is expected here."))
    spec = IntervalSpec(cast(Any, kind), level, table.localised("words", optional=kind == "none"))
    table.finish()
    return spec


def attributes_of(table: Table) -> dict[str, Text]:
    """The source attributes of their table, none lacking."""
    found: dict[str, Text] = {}

    def collect(part: Table, prefix: str) -> None:
        for key in part.names():
            value = part.raw(key)
            if isinstance(value, dict) and not is_localised(value) and not {"en", "zh"} & set(value):
                collect(part.table(key), f"{prefix}{key}.")
            else:
                found[prefix + key] = part.localised(key)

    collect(table, "")
    for key in ATTRIBUTES:
        if key not in found:
            raise table.wrong(
                key, _("This source attribute is missing; say “not known” where it is not known.")
            )
    for key in found:
        if key not in ATTRIBUTES:
            raise table.wrong(key, _("The key is not known."))
    return {key: found[key] for key in ATTRIBUTES}


def _hashes(table: Table) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in table.names():
        value = table.text(name)
        if len(value) != 64 or set(value) - set("0123456789abcdef"):
            raise table.wrong(name, _("A SHA-256 hash in lower-case hexadecimal is expected here."))
        found[name] = value
    for name in ("model.onnx", "golden.npz", "recipe.py"):
        if name not in found:
            raise table.wrong(name, _("The key is missing."))
    return found
