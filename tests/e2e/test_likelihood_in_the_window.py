"""A likelihood ratio becomes a probability once the doctor states one; a file of expression values opens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from medgui.i18n import using_language
from medgui.ui.pages.results.gaps import MissingEntry
from medgui.ui.window import MainWindow
from tests.readers.build import save

WAIT_MS = 60_000
URINE = (
    "patient_id,birth_date,sex,urine_creatinine (mg/dL),lyve1 (ng/mL),reg1b (ng/mL),tff1 (ng/mL),ca19_9 (U/mL),time\n"
    "X1,1955-03-02,F,90,6.2,180,700,310,2026-11-10\n"
)


def opened(window: MainWindow, qtbot: QtBot, path: Path, model: str) -> None:
    window.open_path(path)
    shell = window.shell
    qtbot.waitUntil(lambda: shell.visit.assessment is not None and not shell.visit.busy, timeout=WAIT_MS)
    window.go("results")
    window.page("results").toggle(model)
    qtbot.wait(100)


def picture(window: MainWindow, name: str) -> None:
    """Keep a picture to be looked at, where a folder for it is named."""
    folder = os.environ.get("MEDGUI_PICTURES")
    if folder:
        window.grab().save(str(Path(folder) / f"{name}.png"))


def finding(window: MainWindow, model: str):
    return next(f for f in window.shell.visit.assessment.findings if f.model == model)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_stating_a_probability_gives_one_after_the_test(
    language: str, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.speak(language)
    opened(window, qtbot, save(tmp_path, URINE, "urine.csv"), "pdac_urine")
    with using_language(language):
        before = finding(window, "pdac_urine")
        assert [output.value is None for output in before.outputs] == [False, True]
        assert before.reason.startswith("26 times as likely" if language == "en" else "在胰腺癌患者中")
        (entry,) = [e for e in window.findChildren(MissingEntry) if e.isVisible()]
        picture(window, f"pdac_before_{language}")
        entry.edit.setText("5")
        entry.edit.returnPressed.emit()
        shell = window.shell
        qtbot.waitUntil(lambda: finding(window, "pdac_urine").outputs[1].value is not None, timeout=WAIT_MS)
        qtbot.wait(200)
        after = finding(window, "pdac_urine")
        assert after.outputs[0].value == before.outputs[0].value
        assert after.outputs[1].value == pytest.approx(0.58, abs=0.01)
        assert after.outputs[1].interval is not None
        picture(window, f"pdac_after_{language}")
        path = tmp_path / "report.pdf"
        shell.services.write_pdf(
            shell.visit.record, shell.visit.assessment, path, language, False, "conventional"
        )
        text = pdf_text(path)
        assert ("26 times" if language == "en" else "26 倍") in text
        assert "58.0" in text


def pdf_text(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    folder = os.environ.get("MEDGUI_PICTURES")
    parts = []
    for number, page in enumerate(document):
        parts.append(page.get_textpage().get_text_range())
        if folder:
            page.render(scale=1.4).to_pil().save(Path(folder) / f"{path.parent.name}_{number}.png")
    document.close()
    return "".join(parts)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_of_gene_expression_opens_and_is_explained(
    language: str, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.speak(language)
    opened(window, qtbot, save(tmp_path, expression(), "array.csv"), "leukaemia_expression")
    with using_language(language):
        made = finding(window, "leukaemia_expression")
        assert made.explanations[0].method == "enumeration"
        picture(window, f"leukaemia_{language}")
        window.go("record")
        qtbot.wait(200)
        picture(window, f"leukaemia_record_{language}")
        record = window.shell.visit.record
        assert len(record.observations) == 30
        assert len(record.unread) == 1
        path = tmp_path / "report.pdf"
        services = window.shell.services
        services.write_pdf(record, window.shell.visit.assessment, path, language, False, "conventional")
        assert "AML" in pdf_text(path)


def expression() -> str:
    """An array of 7,000 probe sets: those of the model as in the middle of its training arrays, the others made up."""
    import numpy as np

    from medgui.inference.catalogue import Catalogue

    bundle = Catalogue.load().get("leukaemia_expression")
    middle = np.median(bundle.reference.background, axis=0)
    rows = [f"{name},{value:.0f}" for name, value in zip(bundle.input_names, middle, strict=True)]
    rows += [f"Q{number:05d}_at,{number % 900}" for number in range(6970)]
    return "probe,value\n" + "\n".join(rows) + "\n"
