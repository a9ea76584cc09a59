"""Make every picture of the guides and of the other documents: `make pictures`.

One table says which demonstration patient, what is done, and what the picture shows; the real window is brought there,
1440 x 900 at 100 %, light, with the fonts that ship and without a screen. Times of reading and of computing are set, so
that the same program gives the same pictures. They are written with a palette, docs/images/guide/{en,zh}/NAME.png.

    python packaging/guide_pictures.py [--only NAME] [--language en] [--out DIR]
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from screenshots import SIZE, Studio, rest, until  # noqa: E402

if TYPE_CHECKING:
    from medgui.ui.services import Services
    from medgui.ui.window import MainWindow

IMAGES = ROOT / "docs" / "images"
COLOURS = 128
READ_AT, PRINTED_AT = "09:05:00+00:00", "09:10:00+00:00"
SECONDS = 0.4

LABORATORY = "\r".join(
    (
        "MSH|^~\\&|LAB|HERE|EHR|THERE|20261109090000||ORU^R01|1|P|2.5",
        "PID|1||5520-118^^^HOSP&1.2.3.4&ISO^MR||HOLM^EVA^^^^^L||19640218|F",
        "OBR|1|P1|F1|24323-8^Panel^LN|||20261109080000|||||||||||||||20261109080000|||F",
        "OBX|1|NM|tt-3^Creatinine^LABSYS||78|umol/L|45-84||||F",
        "OBX|2|NM|tt-4^Potassium^LABSYS||4.1|mmol/L|3.5-5.1||||F",
        "OBX|3|NM|tt-9^HbA1c (IFCC)^LABSYS||44|mmol/mol|20-42|H|||F",
        "OBX|4|NM|tt-12^Chol. total^LABSYS||5.9|mmol/L|||||F",
        "",
    )
)
"""An invented message of a laboratory with codes of its own."""

TABLE = "name,dob,visit date,SBP,DBP,chol,mystery\nEVA HOLM,03/04/1964,05/06/2026,148,88,231,7\n"
"""An invented table with dates that can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: *demo* is a demonstration patient or "", *act* brings the window there, *en* and *zh* are captions.

    *place* is where it lies below docs/images; "" stands for guide/LANGUAGE/NAME.png.
    """

    name: str
    demo: str
    act: Callable[[Stage], None]
    en: str = ""
    zh: str = ""
    size: tuple[int, int] = SIZE
    place: str = ""


class Stage(Studio):
    """The studio with fixed times, and what a doctor does before a picture."""

    def __init__(self, out: Path) -> None:
        super().__init__(out, 100)
        self._settings.tour = "done"
        self._services = timeless(self._services)
        self.folder = Path(os.environ["MEDGUI_HOME"])

    @property
    def window(self) -> MainWindow:
        """The window in its pose."""
        if self._window is None:
            raise RuntimeError("pose first")
        return self._window

    def page(self, key: str, anchor: str = "") -> Any:
        """Show a page and return it."""
        self.window.go(key, anchor)
        rest(0.3)
        return self.window.current

    def open_file(self, name: str, text: str) -> None:
        """Write an invented file and open it."""
        path = self.folder / name
        path.write_bytes(text.encode())
        self._demo = name
        self.window.open_path(path, as_of="2026-11-10")

    def settle(self) -> None:
        """Wait until nothing runs."""
        visit = self.window.shell.visit
        until(lambda: visit.opening is None and not visit.busy)

    def work(self, step: str) -> None:
        """Bring the workshop to a step."""
        self._work(self.window, step)

    def shoot(self, picture: Picture, language: str) -> bytes:
        """Bring the window into the state of *picture* and return the PNG."""
        from PySide6.QtCore import QBuffer, QIODevice

        self.pose("light", language)
        self.window.resize(*picture.size)
        self._open(self.window, picture.demo)
        picture.act(self)
        rest(0.6)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.window.grab().save(buffer, "PNG")
        self.window.shell.visit.close()
        return bytes(buffer.data().data())


def timeless(services: Services) -> Services:
    """Let reading, computing and printing happen at a set time."""

    def opened(*args: Any, **options: Any) -> Any:
        record = services.open_record(*args, **options)
        return replace(record, read_at=f"{record.as_of}T{READ_AT}")

    def assessed(*args: Any, **options: Any) -> Any:
        return replace(services.assess(*args, **options), seconds=SECONDS)

    def rendered(record: Any, assessment: Any, lang: str, prognosis: bool, units: str) -> bytes:
        from medgui.report import render

        now, catalogue = datetime.fromisoformat(f"{record.as_of}T{PRINTED_AT}"), services.catalogue()
        options = {"include_prognosis": prognosis, "catalogue": catalogue, "units": units}
        return render(record, assessment, lang=lang, now=now, **options)

    return replace(services, open_record=opened, assess=assessed, render_pdf=rendered)


def opens(model: str, output: str = "") -> Callable[[Stage], None]:
    """Open the result of *model*, and choose one of its outputs."""

    def act(stage: Stage) -> None:
        page = stage.page("results", model)
        if output:
            page.details[model].choose(output)

    return act


def shows(page: str, anchor: str = "", seconds: float = 0.3) -> Callable[[Stage], None]:
    """Show a page at a place of it."""

    def act(stage: Stage) -> None:
        stage.page(page, anchor)
        rest(seconds)

    return act


def mapper(stage: Stage) -> None:
    """Open a table whose columns are not clear."""
    stage.open_file("visits.csv", TABLE)
    until(lambda: stage.window.mapper is not None and stage.window.mapper.isVisible(), 20)


def codes(stage: Stage) -> None:
    """Open a message with codes of a laboratory, and name them."""
    stage.open_file("laboratory.hl7", LABORATORY)
    until(lambda: stage.window.shell.visit.assessment is not None, 30)
    stage.page("codes", "names")


def what_if(stage: Stage) -> None:
    """Change two inputs of the open result."""
    page = stage.page("results", "prevent")
    detail = page.details["prevent"]
    detail.what_if.set("systolic_bp", 130.0)
    detail.what_if.set("total_cholesterol", 190.0)
    until(lambda: detail.what_if.result is not None, 20)
    detail.table.setFocus()
    page.body.ensureWidgetVisible(detail.line, 0, 24)


def sheet(model: str) -> Callable[[Stage], None]:
    """Open the sheet of a score."""

    def act(stage: Stage) -> None:
        from medgui.ui.pages.results.score_sheet import ScoreSheet

        stage.page("results").scores.open(model)
        until(lambda: any(found.items for found in stage.window.findChildren(ScoreSheet)), 20)

    return act


def unreadable(stage: Stage) -> None:
    """Open a file of a kind that is never read."""
    stage.open_file("letter.docx", "PK\x03\x04 word/document.xml")
    stage.settle()


def run(command: str) -> Callable[[Stage], None]:
    """Run a command of the window."""
    return lambda stage: stage.window.shell.commands.trigger(command)


def palette(stage: Stage) -> None:
    """Find something by typing."""
    from PySide6.QtTest import QTest

    stage.page("results")
    stage.window.palette_.open()
    QTest.keyClicks(stage.window.palette_.edit, "cre")


def tour(stage: Stage) -> None:
    """Begin the tour."""
    stage.window.tour.begin()
    until(lambda: stage.window.tour.running and stage.window.shell.visit.assessment is not None, 30)


def work(step: str) -> Callable[[Stage], None]:
    """Bring the workshop to a step."""
    return lambda stage: stage.work(step)


PICTURES = (
    Picture("start", "", shows("start", seconds=3.0), "The start page", "开始页"),
    Picture("tour", "", tour, "The first step of the tour, in the strip at the foot", "导览第 1 步，说明在窗口下方"),
    Picture("columns", "", mapper, "A table asks what its columns are", "表格打开前确认各列的含义"),
    Picture("question", "bauer_anna", shows("record", "question"), "One weight in the wrong unit",
            "一次体重的单位有误"),
    Picture("source", "marlow_helen", shows("record", "systolic_bp"), "A value and its lines in the file",
            "数值及其原文"),
    Picture("codes", "", codes, "Naming the codes of a laboratory", "为检验机构的代码命名"),
    Picture("export", "marlow_helen", shows("record", "export"), "Handing the record on", "导出病历"),
    Picture("results", "marlow_helen", shows("results"), "All results, one row each", "全部结果，每行一项"),
    Picture("why", "marlow_helen", opens("prevent"), "Why this number", "为什么是该数值"),
    Picture("what_if", "marlow_helen", what_if, "Two values changed", "改动两项数值"),
    Picture("missing", "rowe_thomas", opens("prevent", "ascvd_10y"), "One value is missing", "缺少一项数值"),
    Picture("not_for", "lindqvist_per", opens("prevent"), "Not for this patient", "不适用于该患者"),
    Picture("score", "marlow_helen", sheet("curb65"), "The sheet of a score", "评分表单"),
    Picture("report", "marlow_helen", shows("report", seconds=2.5), "The PDF before it is saved", "保存前的 PDF"),
    Picture("model_card", "marlow_helen", shows("models", "prevent", 1.0), "A model card", "模型卡"),
    Picture("workshop", "", work("columns"), "What each column of your table is", "确认本院表格各列的用途"),
    Picture("settings", "", shows("settings"), "Settings", "设置"),
    Picture("palette", "marlow_helen", palette, "Everything is found by typing", "键入即可查找"),
    Picture("keys", "marlow_helen", run("help"), "The keys of this place", "本页快捷键"),
    Picture("refused_file", "", unreadable, "A file of a kind that is not read", "不支持的文件"),
)  # fmt: skip
"""The pictures of the two guides, in the order of the guides."""

DOCUMENTS = (
    Picture("results-light", "marlow_helen", opens("prevent"), place="results-light-en.png"),
    Picture("workshop-columns", "", work("columns"), size=(1280, 800), place="workshop-columns-light-en.png"),
    Picture("workshop-card", "", work("card"), size=(1280, 800), place="workshop-card-light-en.png"),
)
"""Pictures of the README and of other documents, in English alone."""


def place(picture: Picture, language: str) -> Path:
    """Return where a picture lies below docs/images."""
    return Path(picture.place) if picture.place else Path("guide") / language / f"{picture.name}.png"


def smaller(png: bytes) -> bytes:
    """Write a PNG with a palette of few colours: the window has few, and a letter's edge needs no more."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Make the pictures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names that hold this text")
    parser.add_argument("--language", choices=("en", "zh"), help="one of the two")
    parser.add_argument("--out", default=str(IMAGES))
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ |= {"MEDGUI_HOME": tempfile.mkdtemp(prefix="medgui-pictures-"), "MEDGUI_LANG": "en"}
    os.environ.pop("QT_SCALE_FACTOR", None)
    stage = Stage(Path(options.out))
    for language in (options.language,) if options.language else ("en", "zh"):
        for picture in (*PICTURES, *(DOCUMENTS if language == "en" else ())):
            if options.only in picture.name:
                target = Path(options.out) / place(picture, language)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(smaller(stage.shoot(picture, language)))
                print(target, target.stat().st_size // 1024, "KB", flush=True)
    sys.stdout.flush()
    os._exit(0)  # worker threads may still hold a model


if __name__ == "__main__":
    main()
