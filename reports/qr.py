"""QR codes as one path on the page."""

from __future__ import annotations

from itertools import groupby

import segno
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

_MASK = 3  # the search for the best mask is most of the work of a page; readers take any mask


def draw(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """The code of `text` in a square of `size` points whose lower left corner is (x, y). The caller leaves it air."""
    code = segno.make(text, error="m", mask=_MASK, micro=False, boost_error=False)
    rows = len(code.matrix)
    runs = []
    for row, modules in enumerate(code.matrix):
        column = 0
        for dark, run in groupby(modules):
            length = len(list(run))
            if dark & 1:
                runs.append(f"{column} {rows - row - 1} {length} 1 re")
            column += length
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / rows, size / rows)
    canvas.setFillGray(0)
    canvas.drawPath(PDFPathObject(runs), fill=1, stroke=0)
    canvas.restoreState()
