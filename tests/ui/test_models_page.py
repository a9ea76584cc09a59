from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from medgui.app import make_services
from medgui.inference.attributes import ATTRIBUTES
from medgui.inference.manifest import EvaluationRow
from medgui.settings import Settings
from medgui.ui.pages.models import ModelsPage, figures
from medgui.ui.pages.models.card import Card
from medgui.ui.pages.models.locked import NOT_CONTAINED, LockedPanel
from medgui.ui.widgets.text import Text
from medgui.ui.window import MainWindow

Opened = Callable[[], ModelsPage]


@pytest.fixture
def page(qtbot: QtBot) -> ModelsPage:
    window = MainWindow(make_services(Settings()))
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.go("models")
    shown = window.current
    assert isinstance(shown, ModelsPage)
    qtbot.waitUntil(lambda: shown.card is not None, timeout=30_000)
    return shown


def words(card: Card) -> str:
    return "\n".join(text.text() for text in card.findChildren(Text))


def test_a_card_states_all_source_attributes(page: ModelsPage) -> None:
    assert page.card is not None
    said = words(page.card)
    from medgui.i18n import _

    for title in ATTRIBUTES.values():
        assert _(title) in said
    assert f"31 of {len(ATTRIBUTES)} stated" in "\n".join(
        child.accessibleName() for child in page.card.findChildren(object) if hasattr(child, "accessibleName")
    )


def test_the_list_names_every_bundle_and_its_evidence(page: ModelsPage) -> None:
    catalogue = page.shell.services.catalogue()
    ids = {line.id for line in page.lines.lines if line.id}
    assert ids == set(catalogue.bundles) | set(catalogue.refused) | {NOT_CONTAINED}
    headings = [line.title for line in page.lines.lines if not line.id]
    assert "Risk" in headings


def test_what_is_not_contained_is_listed_with_its_reason(qtbot: QtBot, page: ModelsPage) -> None:
    page.show_place(NOT_CONTAINED)
    qtbot.waitUntil(lambda: isinstance(page.area.widget(), LockedPanel), timeout=30_000)
    panel = page.area.widget()
    assert panel is not None
    said = " ".join(label.text() for label in panel.findChildren(QLabel))
    for words in ("FRAX", "CanRisk", "canrisk.org", "The equations are not published"):
        assert words in said


def test_another_page_can_ask_for_a_card(qtbot: QtBot, page: ModelsPage) -> None:
    page.shell.go("models", "ckd_epi_2021")
    qtbot.waitUntil(lambda: "eGFR" in page.card_head.title.text(), timeout=30_000)


def row(group: str, value: float, lo: float, hi: float, **more: object) -> EvaluationRow:
    plain = EvaluationRow("set", group, "auroc", value, lo, hi, 1000, 100)
    return replace(plain, **more)  # type: ignore[arg-type]


def test_a_group_that_ranks_clearly_worse_is_said_in_a_sentence() -> None:
    rows = [
        row("all", 0.89, 0.88, 0.90),
        row("age: 20-49", 0.66, 0.62, 0.70),
        row("sex: female", 0.90, 0.88, 0.92),
    ]
    sentence = figures.weak_groups(rows)
    assert "20–49 y (0.660)" in sentence
    assert "Women" not in sentence
    assert figures.weak_groups(rows[:1]) == ""


def test_a_group_is_flagged_where_observed_and_predicted_differ_beyond_chance() -> None:
    class Fake:
        evaluation = (
            row("ethnicity: NH White", 0.9, 0.8, 1.0, n=7000, predicted=0.222, observed=0.221),
            row("ethnicity: Other", 0.9, 0.8, 1.0, n=2000, predicted=0.160, observed=0.117),
        )

    points = figures.calibration_points(Fake())  # type: ignore[arg-type]
    assert [point.flagged for point in points] == [False, True]
    sentences = figures.calibration_sentences(points)
    assert len(sentences) == 1
    assert "overstates" in sentences[0]


def test_the_score_interval_is_that_of_wilson() -> None:
    # Newcombe 1998, Stat Med 17:857, example 81/263: 0.2553 to 0.3662.
    lo, hi = figures.wilson(81 / 263, 263)
    assert (round(lo, 4), round(hi, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("all", "All"),
        ("", "All"),
        ("sex: female", "Women"),
        ("age: 20-49", "20–49 y"),
        ("site: Hungary", "Hungary"),
    ],
)
def test_groups_are_said_in_words(group: str, said: str) -> None:
    assert figures.group_words(group) == said


def test_no_card_is_wider_than_its_place(qtbot: QtBot, page: ModelsPage) -> None:
    for model in ("breast_recurrence", "prevent", "qrisk3", "predict_breast"):
        page.show_place(model)
        qtbot.waitUntil(lambda model=model: page._shown == model and page.card is not None, timeout=30_000)
        assert page.card is not None
        assert page.card.minimumSizeHint().width() <= page.area.viewport().width()
