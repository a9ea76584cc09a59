"""What goes into one report: the findings that are printed, and how their values are shown."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from medgui.assessment.finding import Assessment, Caution, Finding, InputUsed, Status
from medgui.assessment.questions import groups
from medgui.assessment.shown import input_text
from medgui.charts.figures import SHARE, says_nothing
from medgui.frozen import frozen
from medgui.i18n import _, language
from medgui.inference.manifest import Manifest
from medgui.record.model import Record
from medgui.record.variables import UnitSystem

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue

PROGNOSIS = "prognosis"


@frozen
class Content:
    """One report's material. `findings` are without the prognosis unless it was asked for (SAFETY 21)."""

    record: Record
    assessment: Assessment
    findings: tuple[Finding, ...]
    now: datetime
    units: UnitSystem
    catalogue: Catalogue | None

    @property
    def numbered(self) -> tuple[Finding, ...]:
        """Findings with a number or, while an input is missing, a range."""
        return tuple(f for f in self.findings if f.status is Status.READY or _has_range(f))

    @property
    def groups(self) -> tuple[tuple[Finding, ...], ...]:
        """Findings with a number or a range, those of one question together, the preferred one first."""
        return tuple(tuple(members) for members in groups(self.numbered))

    @property
    def leading(self) -> tuple[Finding, ...]:
        """The first finding of each question, and every finding without one."""
        return tuple(members[0] for members in self.groups)

    @property
    def without_number(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f not in self.numbered)

    @property
    def explained(self) -> tuple[Finding, ...]:
        """First findings with a number and a reason; risks come before figures that explain themselves (eGFR)."""
        found = [f for f in self.leading if f.status is Status.READY and f.explanations]
        return tuple(sorted(found, key=lambda f: f.outputs[0].unit != SHARE))

    def show(self, used: InputUsed) -> str:
        """An input's value as this report's reader reads it."""
        return input_text(used, self.units) or _("not measured")

    def manifest(self, finding: Finding) -> Manifest | None:
        """The manifest of a finding's model, where the catalogue has that very version."""
        bundle = self.catalogue.bundles.get(finding.model) if self.catalogue is not None else None
        if bundle is None or bundle.manifest.version != finding.version:
            return None
        return bundle.manifest

    @property
    def cautions(self) -> tuple[tuple[Caution, tuple[str, ...]], ...]:
        """Cautions that touch a printed number, each once, with the titles of the findings they touch.

        What the others of a question lack is said in the notes: the first one is what counts.
        """
        found: dict[str, tuple[Caution, list[str]]] = {}
        leading = {finding.model for finding in self.leading}
        for finding in self.numbered:
            for caution in finding.cautions:
                if caution.code == "missing" and finding.model not in leading:
                    continue
                entry = found.setdefault(caution.message, (caution, []))
                if finding.title not in entry[1]:
                    entry[1].append(finding.title)
        return tuple((caution, tuple(titles)) for caution, titles in found.values())


def gather(
    record: Record,
    assessment: Assessment,
    *,
    now: datetime,
    include_prognosis: bool,
    units: UnitSystem | None,
    catalogue: Catalogue | None,
) -> Content:
    """Choose what is printed. Raises `ValueError` where the results belong to another record (architecture 5.5)."""
    if assessment.record_key != record.key:
        raise ValueError("the results belong to another record or an earlier state of it")
    kept = tuple(f for f in assessment.findings if include_prognosis or f.group != PROGNOSIS)
    system: UnitSystem = units or ("si" if language() == "zh" else "conventional")
    return Content(record, assessment, kept, now, system, catalogue)


def _has_range(finding: Finding) -> bool:
    return finding.status is Status.MISSING_INPUT and any(
        o.interval is not None and not says_nothing(o) for o in finding.outputs
    )
