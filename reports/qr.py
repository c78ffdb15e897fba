"""QR codes as one path on the page."""

from __future__ import annotations

from itertools import groupby

import segno
from reportlab.pdfgen.canvas import Canvas

_MASK = 3  # the search for the best mask is most of the work of a page; readers take any mask


def draw(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """The code of `text` in a square of `size` points whose lower left corner is (x, y). The caller leaves it air."""
    code = segno.make(text, error="m", mask=_MASK, micro=False, boost_error=False)
    module = size / len(code.matrix)
    path = canvas.beginPath()
    for row, modules in enumerate(code.matrix):
        column = 0
        for dark, run in groupby(modules):
            length = len(list(run))
            if dark & 1:
                path.rect(x + column * module, y + size - (row + 1) * module, length * module, module)
            column += length
    canvas.setFillGray(0)
    canvas.drawPath(path, fill=1, stroke=0)
