"""Variants and genes of a phenopacket, in words: shown, and used by no model."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from medgui.i18n import _
from medgui.readers.fhir_values import Broken, JsonObject, child, children, string
from medgui.readers.json_place import written
from medgui.readers.limits import clean, shortened
from medgui.readers.phenopacket_file import Packet
from medgui.readers.phenopacket_values import term_words
from medgui.readers.systems import LOINC
from medgui.record.model import Coding, Observation

VARIANT, GENE = "69548-6", "48018-6"
"""LOINC: genetic variant assessment; gene studied."""


def read_interpretation(
    packet: Packet, index: int, item: JsonObject, own: Collection[str]
) -> Iterator[Observation]:
    """The genes and variants of one interpretation; *own* are the ids of the subject and of the samples from it.

    `Broken` where one of them names neither a variant nor a gene.
    """
    for diagnosis in children(item, "diagnosis"):
        for number, found in enumerate(children(diagnosis, "genomicInterpretations")):
            whose = string(found, "subjectOrBiosampleId")
            status = string(found, "interpretationStatus") or string(found, "status")
            words = [_spoken(status)] if status else []
            id_ = f"variant@{packet.where}{index}.{number}"
            yield _observed(packet, ("interpretations", index), id_, found, words, whose in own or not whose)


def read_variant(packet: Packet, key: str, index: int, item: JsonObject) -> Observation:
    """An entry of "variants" or "genes" of version 1. `Broken` where it is neither."""
    holder = {"gene": item} if key == "genes" else {"variant": item}
    return _observed(packet, (key, index), f"{key}@{packet.where}{index}", holder, [], True)


def _spoken(code: str) -> str:
    return code.replace("_", " ").lower()


def _observed(
    packet: Packet, at: tuple[str, int], id_: str, holder: JsonObject, words: list[str], is_own: bool
) -> Observation:
    interpreted = child(holder, "variantInterpretation")
    described = child(interpreted, "variationDescriptor") or child(holder, "variant")
    if interpreted:
        for key in ("acmgPathogenicityClassification", "therapeuticActionability"):
            value = string(interpreted, key)
            if value and value not in ("NOT_PROVIDED", "UNKNOWN_ACTIONABILITY"):
                words.append(_spoken(value))
    gene = child(holder, "gene") or child(holder, "geneDescriptor") or child(described, "geneContext")
    symbol = string(gene, "symbol") or string(gene, "valueId") or string(gene, "id")
    change = _change(described)
    if not change and not symbol:
        raise Broken(_("It names neither a variant nor a gene."))
    zygosity = term_words(child(described, "allelicState") or child(described, "zygosity"))
    details = ", ".join(filter(None, (zygosity, *words)))
    text = shortened(" ".join(filter(None, (symbol, change))) + (f" ({details})" if details else ""), 400)
    code = VARIANT if change else GENE
    reason = _("A finding about genes; no model uses it.")
    if not is_own:
        reason = _("About someone or something else ({subject}).").format(
            subject=string(holder, "subjectOrBiosampleId")
        )
    return Observation(
        id=id_,
        code=code,
        system=LOINC,
        name=_("Gene variant") if change else _("Gene"),
        value=text,
        unit="",
        value_as_written=text,
        unit_as_written="",
        time="",
        source=packet.source(*at, text),
        codings=(Coding(code, LOINC),),
        usable=False,
        unusable_reason=reason,
        category="genomics",
    )


def _change(described: JsonObject) -> str:
    """The variant in the notation of the file: HGVS or another expression, a VCF line, else its name."""
    listed = sorted(children(described, "expressions"), key=_readable)
    for item in listed:
        if string(item, "value"):
            return shortened(string(item, "value"))
    hgvs = string(child(described, "hgvsAllele"), "hgvs") or string(child(described, "iscnAllele"), "iscn")
    if hgvs:
        return shortened(hgvs)
    for key in ("vcfRecord", "vcfAllele"):
        if child(described, key):
            return _vcf(child(described, key))
    spdi = child(described, "spdiAllele")
    if spdi:
        keys = ("seqId", "position", "deletedSequence", "insertedSequence")
        return shortened(":".join(clean(written(spdi.get(key))) for key in keys))
    return shortened(
        string(described, "label") or string(described, "description") or string(described, "id")
    )


def _readable(expression: JsonObject) -> int:
    """HGVS of the coding sequence first, then of the genome, then other notations."""
    syntax, value = string(expression, "syntax"), string(expression, "value")
    return 0 if syntax in ("hgvs", "hgvs.c") and ":c." in value else 1 if syntax.startswith("hgvs") else 2


def _vcf(record: JsonObject) -> str:
    chromosome = string(record, "chrom") or string(record, "chr")
    position = clean(written(record.get("pos")))
    text = f"{chromosome}:{position} {string(record, 'ref')}>{string(record, 'alt')}"
    assembly = string(record, "genomeAssembly")
    return shortened(f"{text} ({assembly})" if assembly else text)
