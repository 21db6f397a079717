"""Small painters that the widgets share: text that fits, badges, triangles, cards.

A painter left open by an exception kills the window, so every widget paints inside `painting`.
"""

from collections.abc import Generator
from contextlib import contextmanager

from .qt import QtCore, QtGui, QtWidgets
from .style import BOLD, MEDIUM, Style

Align = QtCore.Qt.AlignmentFlag
LEFT_MIDDLE = Align.AlignLeft | Align.AlignVCenter
RIGHT_MIDDLE = Align.AlignRight | Align.AlignVCenter
CENTRE = Align.AlignCenter
LEFT_TOP = Align.AlignLeft | Align.AlignTop


@contextmanager
def painting(widget: QtWidgets.QWidget) -> Generator[QtGui.QPainter]:
    """Open an antialiased painter on a widget and close it whatever happens."""
    painter = QtGui.QPainter(widget)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    try:
        yield painter
    finally:
        painter.end()


def exposed_part(option: QtWidgets.QStyleOptionGraphicsItem, bounds: QtCore.QRectF) -> QtCore.QRectF:
    """Return what of an item's bounds must be painted (PySide6's stubs leave this attribute untyped)."""
    exposed: QtCore.QRectF = option.exposedRect
    return exposed.intersected(bounds)


def text_width(font: QtGui.QFont, text: str) -> float:
    """Advance of a line of text, pixels."""
    return QtGui.QFontMetricsF(font).horizontalAdvance(text)


def fit_font(
    style: Style,
    text: str,
    design_px: float,
    weight: int,
    width: float,
    *,
    tabular: bool = False,
    least_px: float | None = None,
) -> QtGui.QFont:
    """Return the largest font up to `design_px` at which a line fits into `width` pixels.

    Never below `least_px`, a third where none is given. Fonts have whole pixels, so sizes are rounded down to them.
    """
    font = style.font(design_px, weight, tabular=tabular)
    needed = text_width(font, text)
    least = max(1, round(style.px(design_px / 3 if least_px is None else least_px)))
    if needed <= width or needed <= 0 or font.pixelSize() <= least:
        return font
    pixels = max(least, int(font.pixelSize() * width / needed))
    return style.font(pixels / style.scale, weight, tabular=tabular)


def draw_text(
    painter: QtGui.QPainter,
    rect: QtCore.QRectF,
    text: str,
    font: QtGui.QFont,
    colour: QtGui.QColor,
    align: QtCore.Qt.AlignmentFlag = LEFT_MIDDLE,
) -> None:
    """Draw one line inside a rectangle, without clipping its overhang."""
    if is_vector(painter):
        draw_outlines(painter, rect, text, font, colour, align)
        return
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, int(align.value) | int(QtCore.Qt.TextFlag.TextDontClip.value), text)


def is_vector(painter: QtGui.QPainter) -> bool:
    """Say whether a painter writes a vector picture, in which the window's font would not be found by its readers."""
    return painter.paintEngine().type() is QtGui.QPaintEngine.Type.SVG


def draw_outlines(
    painter: QtGui.QPainter,
    rect: QtCore.QRectF,
    text: str,
    font: QtGui.QFont,
    colour: QtGui.QColor,
    align: QtCore.Qt.AlignmentFlag,
) -> None:
    """Draw one line of text as the outlines of its letters."""
    metrics, width = QtGui.QFontMetricsF(font), text_width(font, text)
    x, baseline = rect.left(), rect.top() + metrics.ascent()
    if align & Align.AlignHCenter:
        x = rect.center().x() - width / 2
    elif align & Align.AlignRight:
        x = rect.right() - width
    if align & Align.AlignVCenter:
        baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
    letters = QtGui.QPainterPath()
    letters.addText(x, baseline, font, text)
    painter.fillPath(letters, colour)


def draw_elided(
    painter: QtGui.QPainter, rect: QtCore.QRectF, text: str, font: QtGui.QFont, colour: QtGui.QColor
) -> None:
    """Draw one line, its end replaced by an ellipsis where it does not fit."""
    elided = QtGui.QFontMetricsF(font).elidedText(text, QtCore.Qt.TextElideMode.ElideRight, rect.width())
    draw_text(painter, rect, elided, font, colour)


def draw_wrapped(
    painter: QtGui.QPainter,
    rect: QtCore.QRectF,
    text: str,
    style: Style,
    sizes: tuple[float, ...],
    colour: QtGui.QColor,
    weight: int = MEDIUM,
) -> None:
    """Draw words over several lines in the largest of `sizes` (design px, falling) that fits the rectangle."""
    flags = int(LEFT_TOP.value) | int(QtCore.Qt.TextFlag.TextWordWrap.value)
    font = style.font(sizes[-1], weight)
    for size in sizes:
        candidate = style.font(size, weight)
        bounds = QtGui.QFontMetricsF(candidate).boundingRect(rect, flags, text)
        if bounds.height() <= rect.height() and bounds.width() <= rect.width():
            font = candidate
            break
    if is_vector(painter):
        for y, line in wrapped_lines(rect, text, font):
            place = QtCore.QRectF(rect.left(), rect.top() + y, rect.width(), 0.0)
            draw_outlines(painter, place, line, font, colour, LEFT_TOP)
        return
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, flags, text)


def wrapped_lines(rect: QtCore.QRectF, text: str, font: QtGui.QFont) -> list[tuple[float, str]]:
    """Break words into the lines that fit a rectangle's width: how far each lies under its top, and its text."""
    lines: list[tuple[float, str]] = []
    y = 0.0
    for paragraph in text.split("\n"):
        layout = QtGui.QTextLayout(paragraph, font)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(rect.width())
            start = line.textStart()
            lines.append((y, paragraph[start : start + line.textLength()].rstrip()))
            y += QtGui.QFontMetricsF(font).lineSpacing()
        layout.endLayout()
    return lines


def draw_badge(
    painter: QtGui.QPainter, rect: QtCore.QRectF, letter: str, role: str, style: Style, *, hollow: bool = False
) -> None:
    """Draw a muscle's letter on its colour; hollow where the muscle stayed silent."""
    radius = rect.height() * 0.2
    painter.setPen(QtGui.QPen(style.colour(role), max(1.0, style.px(2))))
    painter.setBrush(QtCore.Qt.BrushStyle.NoBrush if hollow else QtGui.QBrush(style.colour(role)))
    inset = max(1.0, style.px(1))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    size = rect.height() * (0.6 if len(letter) == 1 else 0.42) / style.scale
    draw_text(
        painter, rect, letter, style.font(round(size), BOLD), style.colour(role if hollow else "on_badge"), CENTRE
    )


def draw_triangle(painter: QtGui.QPainter, x: float, y: float, size: float, colour: QtGui.QColor, *, up: bool) -> None:
    """Draw a filled triangle with its point at (x, y), pointing up or down."""
    base = y + size if up else y - size
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(
        [QtCore.QPointF(x, y), QtCore.QPointF(x - size * 0.6, base), QtCore.QPointF(x + size * 0.6, base)]
    )


def draw_flash(painter: QtGui.QPainter, rect: QtCore.QRectF, style: Style) -> None:
    """Draw a broad bright edge, wide enough to be noticed from the corner of an eye."""
    width = style.px(16)
    painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
    painter.setPen(QtGui.QPen(style.colour("text"), width))
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), style.px(14), style.px(14))


def draw_card(painter: QtGui.QPainter, rect: QtCore.QRectF, style: Style, edge_role: str | None = None) -> None:
    """Draw a card's ground with its hair line, or a coloured edge that can be seen from two metres."""
    width = style.px(4) if edge_role else max(1.0, style.px(1.5))
    painter.setBrush(style.colour("card"))
    painter.setPen(QtGui.QPen(style.colour(edge_role or "line"), width))
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), style.px(14), style.px(14))
