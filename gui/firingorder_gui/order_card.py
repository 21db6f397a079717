"""The order of onset: a staircase sorted by onset, whiskers for the 90 % intervals, the start of movement as zero."""

import math

from . import figures
from .card import Painted
from .lift_lists import OrderBar, OrderContent
from .painting import (
    CENTRE,
    draw_badge,
    draw_card,
    draw_elided,
    draw_text,
    draw_wrapped,
    fit_font,
    painting,
    text_width,
)
from .qt import QtCore, QtGui, QtWidgets
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: The axis never shows less than this, ms, so that a small lag looks small.
LEAST_LEFT_MS, LEAST_RIGHT_MS = -150.0, 50.0
TICKS_MS = (50, 100, 200, 500)
#: Room for what the pelvis did, two lines of it, and the sizes of its type, design px, falling.
PELVIS_PX, PELVIS_SIZES = 52.0, (18.0, 17.0, 16.0, 15.0, 14.0, 13.0)


def axis_range(bars: tuple[OrderBar, ...]) -> tuple[float, float]:
    """Choose the axis so that every onset and whisker lies inside, in ms.

    Examples
    --------
    >>> axis_range((OrderBar("H", "H", "Hamstring", -210.0, (-225.0, -200.0)),))
    (-245.0, 60.0)
    """
    left, right = LEAST_LEFT_MS, LEAST_RIGHT_MS
    for bar in bars:
        for value in (bar.onset_ms, *(bar.interval_ms or ())):
            if value is not None:
                left, right = min(left, value - 10), max(right, value + 40)
    return left - 10, right + 10


class OrderCard(Painted):
    """Draws an `OrderContent`."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(style, texts.order_empty_title, parent)
        self.content = OrderContent(texts.order_empty_title, message=texts.order_later)
        self._texts = texts

    def show_content(self, content: OrderContent) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self.say(content.spoken)
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card."""
        with painting(self) as painter:
            style = self.look
            draw_card(painter, self.area(), style)
            inner = self.area().adjusted(style.px(24), style.px(14), -style.px(24), -style.px(10))
            title = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(30))
            draw_text(painter, title, self.content.title, style.font(18, SEMIBOLD), style.colour("muted"))
            room = QtCore.QRectF(inner.left(), title.bottom(), inner.width(), inner.bottom() - title.bottom())
            if self.content.pelvis is not None:
                line = QtCore.QRectF(room.left(), room.top(), room.width(), style.px(PELVIS_PX))
                draw_wrapped(painter, line, self.content.pelvis, style, PELVIS_SIZES, style.colour("text"))
                room.setTop(line.bottom())
            if self.content.message:
                font, colour = fit_font(style, self.content.message, 21, MEDIUM, room.width()), style.colour("muted")
                draw_text(painter, room, self.content.message, font, colour, CENTRE)
            elif self.content.bars:
                self._draw_bars(painter, room)

    def _draw_bars(self, painter: QtGui.QPainter, room: QtCore.QRectF) -> None:
        """Draw axis and bars."""
        style = self.look
        left_ms, right_ms = axis_range(self.content.bars)
        label_px = style.px(172)
        axis = QtCore.QRectF(room.left() + label_px, room.top(), room.width() - label_px, room.height() - style.px(30))
        per_ms = axis.width() / (right_ms - left_ms)
        zero_x = axis.left() - left_ms * per_ms
        self._draw_axis(painter, axis, (left_ms, right_ms), zero_x, per_ms)
        pitch = min(axis.height() / len(self.content.bars), style.px(74))
        height = min(pitch * 0.7, style.px(44))
        for i, bar in enumerate(self.content.bars):
            middle = axis.top() + (i + 0.5) * pitch
            self._draw_name(painter, bar, QtCore.QRectF(room.left(), middle - pitch / 2, label_px, pitch))
            self._draw_bar(painter, bar, axis, middle, height, zero_x, per_ms)
        painter.setPen(style.pen("text", 2))
        painter.drawLine(QtCore.QPointF(zero_x, axis.top()), QtCore.QPointF(zero_x, axis.bottom()))
        # Figures last: the zero line may not cross them.
        for i, bar in enumerate(self.content.bars):
            if bar.onset_ms is not None:
                right = max(bar.onset_ms, (bar.interval_ms or (0.0, bar.onset_ms))[1])
                left = min(zero_x + right * per_ms, axis.right() - style.px(60))
                self._draw_figure(
                    painter, bar, QtCore.QRectF(left, axis.top() + (i + 0.5) * pitch - height / 2, 0, height)
                )

    def _draw_axis(
        self, painter: QtGui.QPainter, axis: QtCore.QRectF, limits: tuple[float, float], zero_x: float, per_ms: float
    ) -> None:
        """Draw the ticks with their labels; the zero line's own label wins where two would touch."""
        style = self.look
        font = style.font(15, MEDIUM, tabular=True)
        step = next((tick for tick in TICKS_MS if tick * per_ms > style.px(84)), TICKS_MS[-1])
        first = math.ceil(limits[0] / step) * step
        zero_half = text_width(style.font(15, SEMIBOLD), self.content.zero_label) / 2
        for tick in range(first, int(limits[1]) + 1, step):
            x = zero_x + tick * per_ms
            painter.setPen(style.pen("line", 1))
            painter.drawLine(QtCore.QPointF(x, axis.top()), QtCore.QPointF(x, axis.bottom()))
            text = f"{figures.signed(tick)} ms"
            half = text_width(font, text) / 2
            clear = abs(x - zero_x) > zero_half + half + style.px(8) and x + half <= axis.right() + style.px(16)
            if tick != 0 and clear:
                label = QtCore.QRectF(x - half, axis.bottom() + style.px(4), 2 * half, style.px(26))
                draw_text(painter, label, text, font, style.colour("muted"), CENTRE)
        label = QtCore.QRectF(zero_x - zero_half, axis.bottom() + style.px(4), 2 * zero_half, style.px(26))
        draw_text(painter, label, self.content.zero_label, style.font(15, SEMIBOLD), style.colour("text"), CENTRE)

    def _draw_name(self, painter: QtGui.QPainter, bar: OrderBar, rect: QtCore.QRectF) -> None:
        """Draw badge and name."""
        style = self.look
        side = min(style.px(32), rect.height() * 0.8)
        badge = QtCore.QRectF(rect.left(), rect.center().y() - side / 2, side, side)
        draw_badge(painter, badge, bar.letter, bar.role, style, hollow=bar.onset_ms is None)
        left = badge.right() + style.px(10)
        name = QtCore.QRectF(left, rect.top(), rect.right() - left - style.px(6), rect.height())
        draw_text(painter, name, bar.name, fit_font(style, bar.name, 21, SEMIBOLD, name.width()), style.colour("text"))

    def _draw_bar(
        self,
        painter: QtGui.QPainter,
        bar: OrderBar,
        axis: QtCore.QRectF,
        middle: float,
        height: float,
        zero_x: float,
        per_ms: float,
    ) -> None:
        """Draw a bar from its onset to the right end, fading, with its figure inside and its whisker on the edge."""
        style = self.look
        if bar.onset_ms is None:
            rect = QtCore.QRectF(axis.left() + style.px(8), middle - height / 2, axis.width(), height)
            draw_elided(painter, rect, self._texts.not_detected, style.font(19, MEDIUM), style.colour("muted"))
            return
        x = zero_x + bar.onset_ms * per_ms
        rect = QtCore.QRectF(x, middle - height / 2, axis.right() - x, height)
        # Full colour under the figure, fading behind it: a bar has an onset, not an end.
        fade = QtGui.QLinearGradient(rect.left(), 0, axis.right(), 0)
        fade.setColorAt(0.0, style.colour(bar.role))
        fade.setColorAt(min(0.9, style.px(130) / max(rect.width(), 1.0)), style.colour(bar.role))
        fade.setColorAt(1.0, style.colour(bar.role, 0.18))
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(fade)
        painter.drawRoundedRect(rect, style.px(4), style.px(4))
        if bar.interval_ms is not None:
            low, high = (zero_x + value * per_ms for value in bar.interval_ms)
            self._draw_whisker(painter, low, min(high, axis.right()), x, middle, height)

    def _draw_figure(self, painter: QtGui.QPainter, bar: OrderBar, edge: QtCore.QRectF) -> None:
        """Write the onset into its bar, right of the whisker's end `edge`, on a plate of the bar's colour."""
        style = self.look
        font = style.font(min(20.0, edge.height() / style.scale * 0.8), BOLD, tabular=True)
        text = figures.signed(bar.onset_ms or 0.0)
        plate = QtCore.QRectF(
            edge.left() + style.px(4), edge.top(), text_width(font, text) + style.px(8), edge.height()
        )
        painter.fillRect(plate, style.colour(bar.role))
        draw_text(painter, plate, text, font, style.colour("on_badge"), CENTRE)

    def _draw_whisker(
        self, painter: QtGui.QPainter, low: float, high: float, x: float, middle: float, height: float
    ) -> None:
        """Draw the 90 % interval: light outside the bar, dark inside it."""
        style = self.look
        tick = height * 0.22
        for role, start, stop in (("text", low, min(high, x)), ("on_badge", max(low, x), high)):
            if stop <= start:
                continue
            painter.setPen(style.pen(role, 2))
            end = start if role == "text" else stop
            painter.drawLine(QtCore.QPointF(start, middle), QtCore.QPointF(stop, middle))
            painter.drawLine(QtCore.QPointF(end, middle - tick), QtCore.QPointF(end, middle + tick))
