"""Pages of the report are drawn by several workers; PDFium takes one at a time."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from medgui.app.documents import preview


def a_pdf(pages: int) -> bytes:
    stream = BytesIO()
    canvas = Canvas(stream)
    for number in range(pages):
        canvas.drawString(100, 100, f"page {number}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_many_pages_can_be_asked_for_at_once() -> None:
    pdf = a_pdf(4)
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda n: preview(pdf, n % 4, 300), range(64)))
    assert {picture.pages for picture in drawn} == {4}
    assert all(picture.width == 300 for picture in drawn)
