"""C-CDA allergies: a substance, or the statement that none is known; three states (SAFETY 5)."""

from __future__ import annotations

from medgui.i18n import N_, _
from medgui.readers.ccda_clinical import status_words
from medgui.readers.ccda_file import (
    CcdaFile,
    Section,
    Taken,
    about_other,
    author_time,
    is_denied,
    is_detail,
    related,
    status_of,
)
from medgui.readers.ccda_values import Broken, codings, end_of, start_of
from medgui.readers.limits import shortened
from medgui.readers.nothing import states_nothing
from medgui.readers.wording import is_denial
from medgui.readers.xml_place import EMPTY, Node
from medgui.record.model import Allergy, Coding

_GENERIC_ALLERGY = {
    "419511003": "drug", "416098002": "drug", "59037007": "drug", "414285001": "food", "418471000": "food",
    "235719002": "food", "419199007": "", "420134006": "", "418038007": "", "418634005": "", "106190000": "",
    "232347008": "environmental", "426232007": "environmental", "609433001": "", "281647001": "", "609328004": "",
    "91937001": "", "64970000": "", "409137002": "drug", "429625007": "food", "428607008": "environmental",
}  # fmt: skip
"""Kinds of allergy and intolerance that name no substance, and what they are about."""
_GENERIC_SUBSTANCE = frozenset({"410942007", "105590001", "762766007", "373873005", "255620007", "256259004"})
_NO_ALLERGY = frozenset({
    "716186003", "409137002", "429625007", "428607008", "428197003", "1003774007", "160244002", "716184000",
    "716185004",
})  # fmt: skip
_REACTION, _SEVERITY, _CRITICALITY = "MFST", "SEV", "82606-5"


def read_allergies(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    """The allergies of a concern act or bare observation. `Broken` where it does not say what the allergy is to."""
    observations = [node]
    if node.tag != "observation":
        observations = [part for part in related(node, "observation") if not is_detail(part)]
    concern = EMPTY if node.tag == "observation" else node
    other = next(filter(None, map(about_other, (concern, *observations))), "")
    if other:
        raise Broken(other)
    found, states = [], ""
    for observation in observations:
        for agent in _agents(observation):
            taken = _allergy(file, section, observation, agent, concern)
            if taken is None:
                states = "unknown"
            else:
                found.append(taken)
    if not found and not states:
        raise Broken(_("It does not say what the allergy is to."))
    known = [item for item in found if not item.negated]
    return Taken(allergies=tuple(found), states="" if known else "none" if found else states)


def _agents(node: Node) -> list[Node]:
    """What an observation names as the substance: one entity, none, or several that each are an allergy."""
    listed = list(node.each("participant", "participantRole", "playingEntity"))
    named = [agent for agent in listed if codings(agent.child("code")) or agent.child("name").words()]
    return named or listed[:1] or [EMPTY]


def _allergy(file: CcdaFile, section: Section, node: Node, agent: Node, concern: Node) -> Allergy | None:
    """An allergy, a stated absence, or None where the entry says that there is no information."""
    value = node.child("value")
    kinds = codings(value)
    substance = agent.child("code")
    listed = codings(substance)
    texts = section.texts
    name = texts.name(substance) or agent.child("name").words()
    denied = is_denied(node) or is_denied(concern)
    specific = [c for c in listed if c.code not in _GENERIC_SUBSTANCE]
    if any(coding.code in _NO_ALLERGY for coding in (*kinds, *listed)) and not denied:
        said = texts.name(value) or name
        named = said if any(sign.isalpha() for sign in said) else ""
        return _none(file, section, node, concern, (*kinds, *listed), named)
    own = [c for c in kinds if c.code not in _GENERIC_ALLERGY]
    if denied and not specific and not own:
        return _none(file, section, node, concern, kinds, "")
    if not name:
        listed = (*listed, *own)
        name = texts.name(value) if own else texts.of(node.child("text"))
        name = name or ("" if kinds and not own else texts.of(value))
    if states_nothing(name) == "none":
        return _none(file, section, node, concern, kinds, name)
    if not name or states_nothing(name):
        if denied or not kinds or states_nothing(name) or substance.at("nullFlavor"):
            return None
        raise Broken(_("It does not say what the allergy is to."))
    return _made(file, section, node, concern, listed, shortened(name), denied=denied or is_denial(name))


def _none(
    file: CcdaFile, section: Section, node: Node, concern: Node, kinds: tuple[Coding, ...], name: str
) -> Allergy:
    about = next((_GENERIC_ALLERGY[c.code] for c in kinds if c.code in _GENERIC_ALLERGY), "")
    words = {
        "drug": _("No known drug allergies"),
        "food": _("No known food allergies"),
        "environmental": _("No known environmental allergies"),
    }.get(about, _("No known allergies"))
    return _made(file, section, node, concern, kinds, name or words, denied=False, negated=True)


def _made(
    file: CcdaFile,
    section: Section,
    node: Node,
    concern: Node,
    listed: tuple[Coding, ...],
    name: str,
    *,
    denied: bool,
    negated: bool = False,
) -> Allergy:
    verification = "refuted" if denied else ""
    if "nullified" in (status_of(node), status_of(concern)):
        verification = "entered-in-error"
    onset = start_of(node.child("effectiveTime")) or start_of(concern.child("effectiveTime"))
    stated = author_time(node) or author_time(concern)
    return Allergy(
        id=file.identity(node),
        codings=listed,
        name=name,
        reaction="" if negated else _reactions(section, node),
        status="" if negated else _allergy_status(node, concern),
        verification=verification,
        negated=negated,
        recorded=(stated or onset or file.date) if negated else (onset or stated),
        source=file.source(section, node, name),
    )


def _reactions(section: Section, node: Node) -> str:
    """Reactions with their severity, and how dangerous the allergy is held to be, in words."""
    shown: list[str] = []
    for link in node.children("entryRelationship"):
        for part in link.children("observation"):
            code = part.child("code").at("code")
            if link.at("typeCode") == _REACTION and code not in (_SEVERITY, _CRITICALITY):
                severity = [
                    words for inner in related(part, "observation") for words in _severity(section, inner)
                ]
                name = _value_name(section, part)
                shown.append(f"{name} ({', '.join(severity)})" if name and severity else name)
            elif code in (_SEVERITY, _CRITICALITY):
                shown += _severity(section, part)
    return ", ".join(dict.fromkeys(filter(None, shown)))


def _severity(section: Section, node: Node) -> list[str]:
    if node.child("code").at("code") not in (_SEVERITY, _CRITICALITY):
        return []
    return [name for name in (_value_name(section, node),) if name]


_SEVERITIES = {
    "255604002": N_("mild"), "371923003": N_("mild to moderate"), "6736007": N_("moderate"),
    "371924009": N_("moderate to severe"), "24484000": N_("severe"), "399166001": N_("fatal"),
    "CRITH": N_("high criticality"), "CRITL": N_("low criticality"), "CRITU": N_("criticality unknown"),
}  # fmt: skip
"""SNOMED CT severities and HL7 criticality, for entries that give no name."""


def _value_name(section: Section, node: Node) -> str:
    name = section.texts.name(node.child("value"))
    if name in _SEVERITIES:
        return _(_SEVERITIES[name])
    return name or ("" if node.child("value").at("nullFlavor") else section.texts.of(node.child("text")))


def _allergy_status(node: Node, concern: Node) -> str:
    stated = status_words(node) or status_words(concern)
    if stated:
        return stated
    if end_of(node.child("effectiveTime")) or (
        end_of(concern.child("effectiveTime")) and status_of(concern) == "completed"
    ):
        return "resolved"
    return "active" if status_of(concern) == "active" else ""
