"""Chart geometry, computed once and drawn by the window and by the PDF.

Each chart is a function from plain figures to a `display.Drawing`: lines, rectangles, text, circles and polygons
in logical pixels and in colour *roles*. No chart knows Qt or reportlab; the width of a text comes from a
`measure(text, size, bold) -> width` that is passed in.
"""
