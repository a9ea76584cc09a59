"""The model card: what a model estimates, how well, for whom, and all its source attributes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from medgui.assessment.figure_words import metric_words
from medgui.charts import calibration, figures, forest
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.frozen import frozen
from medgui.i18n import _, format_list, format_number, format_range, localised, ngettext
from medgui.inference.attributes import ATTRIBUTES, SECTIONS
from medgui.inference.manifest import InputSpec, Manifest
from medgui.record.variables import VARIABLES
from medgui.ui.pages.models import figures as facts
from medgui.ui.pages.models.layout import flagged, section
from medgui.ui.pages.models.tables import figure_table, group_table, tried_table
from medgui.ui.shapes import text_width
from medgui.ui.theme import S8, S12, S16, S24, S32, Role, Type, theme
from medgui.ui.widgets.chart import ChartWidget
from medgui.ui.widgets.panels import Fact, Pairs
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Filled, Text

FIGURES = 600
"""Width at 100 % up to which the leading figures stand in one line of four; longer titles make two lines of two."""


@frozen
class Running:
    """What runs the model here. *milliseconds* None: it has not run on the open patient."""

    provider: str
    note: str
    milliseconds: float | None


class Card(Filled):
    """One card; a new one is made for each model."""

    def __init__(
        self, manifest: Manifest, running: Running, signed: str, local: QWidget | None = None
    ) -> None:
        """*local*: what is known of the model in this clinic, shown first in the right column."""
        super().__init__(Role.SURFACE)
        self._manifest, self._running, self._signed, self._local = manifest, running, signed, local
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._columns.setContentsMargins(S24, S16, S24, S32)
        self._columns.setSpacing(S32)
        self._columns.addLayout(self._left(), 9)
        self._columns.addLayout(self._right(), 6)

    def set_one_column(self, one: bool) -> None:
        """Put the second column under the first."""
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.TopToBottom if one else direction.LeftToRight)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(S12)
        column.addWidget(Text(localised(self._manifest.summary), wrap=True))
        column.addLayout(self._figures())
        self._ranking(column)
        self._further(column)
        self._tried(column)
        self._attributes(column)
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(S12)
        if self._local is not None:
            column.addWidget(self._local)
        self._for_whom(column)
        self._lineage(column)
        self._calibration(column)
        self._inputs(column)
        self._here(column)
        column.addStretch(1)
        return column

    # Left

    def _figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(S24)
        grid.setVerticalSpacing(S8)
        shown = facts.headline(self._manifest)
        wide = sum(text_width(figure.title, Type.CAPTION) + S24 for figure in shown)
        across = 4 if wide <= theme.px(FIGURES) else 2
        for number, figure in enumerate(shown):
            fact = Fact(figure.title, figure.number, type_=Type.HEAD)
            host = QWidget()
            box = QVBoxLayout(host)
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
            box.addWidget(fact)
            box.addWidget(Text(figure.note, Type.CAPTION, Role.MUTED))
            grid.addWidget(host, number // across, number % across, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(number % across, 1)
        if not shown:
            grid.addWidget(Text(_("No evaluation figures are stated."), role=Role.MUTED), 0, 0)
        return grid

    def _ranking(self, column: QVBoxLayout) -> None:
        rows = facts.ranked(self._manifest)
        if not rows:
            return
        column.addLayout(section(_("How well it ranks people, by group"), facts.dataset_words(rows)))
        shown = facts.forest_rows(rows)
        metric = metric_words(rows[0].metric)
        if all(row.n > 0 for row in rows):
            column.addWidget(ChartWidget(_forest(shown, metric)))
        else:
            column.addWidget(group_table(shown, metric))
        weak = facts.weak_groups(rows)
        if weak:
            column.addLayout(flagged(weak))

    def _further(self, column: QVBoxLayout) -> None:
        shown = facts.further(self._manifest)
        if shown:
            column.addLayout(section(_("Further figures"), facts.first_dataset(self._manifest)[0].dataset))
            column.addWidget(figure_table(shown))

    def _tried(self, column: QVBoxLayout) -> None:
        metric, shown = facts.tried(self._manifest)
        if shown:
            note = _("cross-validated on the training data, by {metric}").format(metric=metric)
            column.addLayout(section(_("Kinds of models that were compared"), note))
            column.addWidget(tried_table(shown))
            words = _("The simplest one within a standard error of the best was chosen.")
            column.addWidget(Text(words, Type.CAPTION, Role.MUTED, wrap=True))

    def _attributes(self, column: QVBoxLayout) -> None:
        manifest = self._manifest
        unknown = facts.not_known(manifest)
        words = _("{n} of {all} stated, {unknown} of them not known")
        note = words.format(n=len(manifest.attributes), all=len(ATTRIBUTES), unknown=unknown)
        column.addLayout(section(_("Source attributes"), note))
        for key, heading in SECTIONS.items():
            column.addWidget(Text(_(heading), bold=True))
            pairs = Pairs(label_width=190)
            for name, title in ATTRIBUTES.items():
                if name.startswith(f"{key}."):
                    text = manifest.attributes.get(name)
                    pairs.add(_(title), localised(text) if text else _("not known"))
            column.addWidget(pairs)
        pairs = Pairs(label_width=190)
        pairs.add(_("Licence"), manifest.licence)
        pairs.add(_("Licence of the data"), manifest.data_licence)
        pairs.add(_("Citation"), manifest.citation)
        column.addWidget(Text(_("Licences and citation"), bold=True))
        column.addWidget(pairs)

    # Right

    def _for_whom(self, column: QVBoxLayout) -> None:
        manifest = self._manifest
        column.addLayout(section(_("For whom"), "", first=self._local is None))
        pairs = Pairs(label_width=84)
        pairs.add(_("For"), localised(manifest.indication))
        if manifest.age is not None:
            low, high = (format_number(age, 0) for age in manifest.age)
            pairs.add(_("Age"), _("{span} y").format(span=format_range(low, high)))
        pairs.add(_("Use"), localised(manifest.intended_use))
        pairs.add(_("Not for"), localised(manifest.not_for))
        stops = [localised(e.reason) for e in manifest.exclusions if e.effect == "out_of_scope"]
        stops.append(_("A value outside its accepted range"))
        if any(spec.missing == "refuse" and spec.required for spec in manifest.inputs):
            stops.append(_("A required value that is missing"))
        pairs.add(_("Stops when"), "\n".join(stops))
        column.addWidget(pairs)

    def _lineage(self, column: QVBoxLayout) -> None:
        shown = facts.lineage_facts(self._manifest)
        if not shown:
            return
        column.addLayout(section(_("Where it comes from"), ""))
        pairs = Pairs(label_width=84)
        for label, text in shown:
            pairs.add(label, text)
        column.addWidget(pairs)

    def _calibration(self, column: QVBoxLayout) -> None:
        points = facts.calibration_points(self._manifest)
        tenths = facts.calibration_tenths(self._manifest)
        gaps = facts.gap_words(self._manifest)
        if not points and not tenths and not gaps:
            return
        column.addLayout(section(_("Observed and predicted"), ""))
        if points or tenths:
            column.addWidget(ChartWidget(_calibration(points, tenths)))
        for sentence in facts.calibration_words(self._manifest):
            column.addLayout(flagged(sentence))
        if gaps:
            column.addWidget(Text(_("Gaps between groups"), bold=True))
            for sentence in gaps:
                column.addWidget(Text(sentence, wrap=True))

    def _inputs(self, column: QVBoxLayout) -> None:
        specs = self._manifest.inputs
        title = ngettext("{n} input", "{n} inputs", len(specs)).format(n=len(specs))
        titles = [lambda: title, lambda: _("Range seen"), lambda: _("Not older than")]
        model = RowsModel(titles)
        model.aligned = {2: Right}
        table = Table(model, lambda: _("Inputs of the model"))
        table.set_widths([None, 156, 94])
        model.set_rows([self._input_row(spec) for spec in specs])
        table.fit()
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addSpacing(S8)
        column.addWidget(table)

    def _input_row(self, spec: InputSpec) -> Row:
        title = input_title(spec.name)
        unit = "" if spec.categories else figures.unit_words(spec.unit)
        return Row(
            (
                Cell(title, tip=title),
                Cell(range_words(spec), after=unit),
                Cell(age_words(spec), Role.MUTED, align=Right, type_=Type.CAPTION),
            )
        )

    def _here(self, column: QVBoxLayout) -> None:
        running = self._running
        column.addLayout(section(_("On this computer"), ""))
        pairs = Pairs(label_width=84)
        pairs.add(_("Runs on"), running.provider)
        if running.note:
            pairs.add(_("Not used"), running.note)
        if running.milliseconds is None:
            time = _("not run on an open patient yet")
        else:
            time = _("{ms} ms for the open patient").format(ms=format_number(running.milliseconds, 1))
        pairs.add(_("Time"), time)
        pairs.add(_("Version"), self._manifest.version)
        pairs.add(_("Signature"), self._signed)
        pairs.add(
            _("File"), _("SHA-256 {hash}").format(hash=self._manifest.hashes.get("model.onnx", "")[:16])
        )
        column.addWidget(pairs)


def input_title(name: str) -> str:
    """Return the title of a standard input; its name where it is none."""
    variable = VARIABLES.get(name)
    return localised(variable.title) if variable is not None else name.replace("_", " ")


def range_words(spec: InputSpec) -> str:
    """Write the range seen in training; the categories where it is a choice."""
    if spec.categories:
        variable = VARIABLES.get(spec.name)
        named = variable.categories if variable is not None else {}
        return format_list([localised(named[c]) if c in named else _(c) for c in spec.categories])
    span = spec.seen or spec.accepted
    if span is None:
        return _("not known")
    return format_range(*(figures.plain(end) for end in span))


def age_words(spec: InputSpec) -> str:
    """Say how old a value may be, and whether it is required."""
    if spec.max_age_days is None:
        return _("required") if spec.required else _("optional")
    if spec.max_age_days % 365 == 0:
        years = spec.max_age_days // 365
        return ngettext("{n} year", "{n} years", years).format(n=years)
    return ngettext("{n} day", "{n} days", spec.max_age_days).format(n=spec.max_age_days)


def _forest(rows: Sequence[forest.Row], metric: str) -> Callable[[float, Measure, Sizes], Drawing]:
    def build(width: float, measure: Measure, sizes: Sizes) -> Drawing:
        return forest.draw(rows, measure, width, metric=metric, events=_("events"), sizes=sizes)

    return build


def _calibration(
    points: Sequence[calibration.Point], tenths: Sequence[calibration.Tenth]
) -> Callable[[float, Measure, Sizes], Drawing]:
    def build(width: float, measure: Measure, sizes: Sizes) -> Drawing:
        return calibration.draw(points, measure, width, theme.px(250), tenths=tenths, sizes=sizes)

    return build
