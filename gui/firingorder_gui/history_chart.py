"""Draws one figure over the visits, large with its grid or small beside the others.

Left is hollow, right is filled, and each ends in its letter: colour alone tells nothing. What lies in the band of a
side cannot be told from its visit before.
"""

from dataclasses import dataclass

from .history_content import ChartContent, Curve, Dot
from .painting import CENTRE, RIGHT_MIDDLE, draw_badge, draw_text, text_width
from .qt import QtCore, QtGui
from .style import MEDIUM, Style

#: Half the distance between the two sides' figures of one visit, their radius and line, design px: large and small.
SHIFT_PX, RADIUS_PX, LINE_PX = (9.0, 3.0), (9.0, 4.0), (3.0, 2.0)
#: Visits that stand close together are still told apart; few ones do not stand at both ends of the wall, design px.
MOST_STEP_PX = (240.0, 70.0)
BADGE_PX, DAY_PX = 28.0, 18.0
PALE = 0.38
SHIFTS = {"L": -1.0, "R": 1.0, "": 0.0}


@dataclass(frozen=True)
class Plot:
    """Where figures lie: `box` is the field, `n` how many visits there are, `large` which of two sizes is drawn."""

    box: QtCore.QRectF
    content: ChartContent
    n: int
    style: Style
    large: bool

    def px(self, sizes: tuple[float, float]) -> float:
        """Choose a size."""
        return self.style.px(sizes[0] if self.large else sizes[1])

    def x(self, place: int) -> float:
        """Where a visit stands."""
        step = min(self.box.width() / max(self.n, 1), self.px(MOST_STEP_PX))
        return self.box.center().x() + (place - (self.n - 1) / 2) * step

    def y(self, value: float) -> float:
        """Where a figure stands."""
        share = (value - self.content.low) / (self.content.high - self.content.low)
        return self.box.bottom() - share * self.box.height()

    def at(self, curve: Curve, dot: Dot) -> QtCore.QPointF:
        """Where a side's figure stands."""
        both = len({each.letter for each in self.content.curves}) > 1
        shift = SHIFTS[curve.letter] * self.px(SHIFT_PX) if both else 0.0
        return QtCore.QPointF(self.x(dot.place) + shift, self.y(dot.value))


def role_of(curve: Curve) -> str:
    """Return a side's colour role; what has no side is plain."""
    return curve.letter or "text"


def draw_chart(painter: QtGui.QPainter, plot: Plot, days: tuple[str, ...]) -> None:
    """Draw a figure with all its sides."""
    if plot.large:
        _draw_grid(painter, plot)
        _draw_days(painter, plot, days)
    painter.save()
    painter.setClipRect(plot.box.adjusted(-plot.style.px(14), -1, plot.style.px(44), 1))
    for curve in plot.content.curves:
        _draw_band(painter, plot, curve)
    for curve in plot.content.curves:
        _draw_curve(painter, plot, curve)
    painter.restore()
    if plot.large:
        _draw_badges(painter, plot)


def _draw_grid(painter: QtGui.QPainter, plot: Plot) -> None:
    """Draw the lines that are counted from; the one of zero is stronger."""
    style, box = plot.style, plot.box
    font = style.font(DAY_PX, MEDIUM, tabular=True)
    for value, label in plot.content.ticks:
        y = plot.y(value)
        painter.setPen(style.pen("muted" if value == 0 else "line", 1.5))
        painter.drawLine(QtCore.QPointF(box.left(), y), QtCore.QPointF(box.right(), y))
        place = QtCore.QRectF(box.left() - style.px(80), y - style.px(14), style.px(66), style.px(28))
        draw_text(painter, place, label, font, style.colour("muted"), RIGHT_MIDDLE)


def _draw_days(painter: QtGui.QPainter, plot: Plot, days: tuple[str, ...]) -> None:
    """Write the days, as many as have room; the newest always, since it is asked about."""
    style = plot.style
    font = style.font(DAY_PX, MEDIUM, tabular=True)
    width = max((text_width(font, day) for day in days), default=0.0) + style.px(22)
    free = float("inf")
    for place in reversed(range(len(days))):
        x = plot.x(place)
        if x + width / 2 <= free:
            room = QtCore.QRectF(x - width / 2, plot.box.bottom() + style.px(10), width, style.px(28))
            role = "text" if place == len(days) - 1 else "muted"
            draw_text(painter, room, days[place], font, style.colour(role), CENTRE)
            free = x - width / 2


def _draw_band(painter: QtGui.QPainter, plot: Plot, curve: Curve) -> None:
    """Lay the band from the visit before on."""
    if curve.band is None:
        return
    style, role = plot.style, role_of(curve)
    low, high = curve.band
    left = plot.x(curve.dots[-2].place)
    right = plot.box.right() if plot.large else plot.x(curve.dots[-1].place) + style.px(12)
    box = QtCore.QRectF(left, plot.y(high), right - left, plot.y(low) - plot.y(high))
    painter.fillRect(box, style.colour(role, 0.13))
    if plot.large:
        pen = style.pen(role, 1.5, 0.7)
        pen.setDashPattern([5.0, 5.0])
        painter.setPen(pen)
        for y in (box.top(), box.bottom()):
            painter.drawLine(QtCore.QPointF(left, y), QtCore.QPointF(right, y))


def _draw_curve(painter: QtGui.QPainter, plot: Plot, curve: Curve) -> None:
    """Draw lines, intervals and figures of a side."""
    style, role, radius = plot.style, role_of(curve), plot.px(RADIUS_PX)
    for before, dot in zip(curve.dots, curve.dots[1:], strict=False):
        if dot.joined:
            painter.setPen(style.pen(role, LINE_PX[0] if plot.large else LINE_PX[1], PALE if dot.simulated else 1.0))
            painter.drawLine(plot.at(curve, before), plot.at(curve, dot))
    pale = any(not dot.simulated for dot in curve.dots)  # all alike need no telling apart
    for dot in curve.dots:
        centre, opacity = plot.at(curve, dot), PALE if dot.simulated and pale else 1.0
        if dot.interval is not None and plot.large:
            painter.setPen(style.pen(role, 2.5, 0.6 * opacity))
            for low, high in (dot.interval,):
                painter.drawLine(QtCore.QPointF(centre.x(), plot.y(low)), QtCore.QPointF(centre.x(), plot.y(high)))
        painter.setPen(style.pen(role, 3.0 if plot.large else 2.0, opacity))
        painter.setBrush(style.colour("card") if curve.letter == "L" else style.blend(role, "card", opacity))
        painter.drawEllipse(centre, radius, radius)


def _draw_badges(painter: QtGui.QPainter, plot: Plot) -> None:
    """Write each side's letter beside its newest figure, apart where two would lie over each other."""
    style, size = plot.style, plot.style.px(BADGE_PX)
    ends = {curve.letter: plot.at(curve, curve.dots[-1]) for curve in plot.content.curves if curve.letter}
    places = sorted(ends.items(), key=lambda end: end[1].y())
    ys = [point.y() for _, point in places]
    if len(ys) == 2 and ys[1] - ys[0] < size + style.px(4):
        middle, half = (ys[0] + ys[1]) / 2, (size + style.px(4)) / 2
        ys = [middle - half, middle + half]
    right = max((point.x() for _, point in places), default=0.0)
    for (letter, _), y in zip(places, ys, strict=True):
        box = QtCore.QRectF(right + style.px(20), y - size / 2, size, size)
        draw_badge(painter, box, letter, letter, style, hollow=letter == "L")
