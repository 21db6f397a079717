"""The effort card: a bar a muscle with figures for two metres, the target band, shares, a ring that runs down."""

from .card import Painted
from .effort import EffortBar, EffortContent, ShareBar
from .painting import (
    CENTRE,
    LEFT_TOP,
    RIGHT_MIDDLE,
    draw_badge,
    draw_card,
    draw_text,
    draw_wrapped,
    fit_font,
    painting,
    text_width,
)
from .qt import QtCore, QtGui, QtWidgets
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Heights of the head, of a muscle's row at most and of a share, of the ring, and the width of the figures, design px.
HEAD_PX, ROW_PX, SHARE_PX, RING_PX, FIGURE_WIDTH_PX = 34.0, 136.0, 56.0, 148.0, 196.0
#: A row while the last hold is told in figures, which need the room.
LOW_ROW_PX = 78.0
#: Figures are read from two metres: never below 36 design px, whatever the number of muscles.
FIGURE_PX, FIGURE_LEAST_PX = 72.0, 36.0
HINT_SIZES = (32.0, 29.0, 26.0, 23.0, 20.0, 18.0)
WRAPPED = int(LEFT_TOP.value) | int(QtCore.Qt.TextFlag.TextWordWrap.value)
LINE_SIZES = (22.0, 20.0, 19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0)


class EffortCard(Painted):
    """Draws an `EffortContent`."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(style, texts.effort.title, parent)
        self.content = EffortContent(texts.effort.title, texts.effort.units_none)

    def show_content(self, content: EffortContent) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self.say(content.spoken)
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card from top to bottom; the bars take what the rest leaves."""
        with painting(self) as painter:
            style, content = self.look, self.content
            # The cards below must not show at the rounded corners.
            painter.fillRect(self.rect(), style.colour("background"))
            draw_card(painter, self.area(), style)
            room = self.area().adjusted(style.px(24), style.px(10), -style.px(24), -style.px(14))
            self._draw_head(painter, QtCore.QRectF(room.left(), room.top(), room.width(), style.px(HEAD_PX)))
            has_foot = content.ring is not None or content.hint or content.lines or content.counter
            foot_px = style.px(RING_PX) if has_foot else 0.0  # in a bridge nothing is timed
            foot = QtCore.QRectF(room.left(), room.bottom() - foot_px, room.width(), foot_px)
            top = room.top() + style.px(HEAD_PX)
            shares_px = style.px(SHARE_PX) * len(content.shares)
            if content.bars:
                left = foot.top() - top - shares_px - style.px(8)
                most = LOW_ROW_PX if content.lines and not content.hint else ROW_PX
                height = min(style.px(most), max(left, 0.0) / len(content.bars))
                for bar in content.bars:
                    self._draw_bar(painter, bar, QtCore.QRectF(room.left(), top, room.width(), height))
                    top += height
            for share in content.shares:
                self._draw_share(painter, share, QtCore.QRectF(room.left(), top, room.width(), style.px(SHARE_PX)))
                top += style.px(SHARE_PX)
            foot.setTop(min(top + style.px(8), foot.top()))
            self._draw_foot(painter, foot)

    def _draw_head(self, painter: QtGui.QPainter, line: QtCore.QRectF) -> None:
        """Draw what 100 % is, and how many holds are done."""
        style, content = self.look, self.content
        font = style.font(18, SEMIBOLD)
        draw_text(painter, line, content.counter, font, style.colour("text"), RIGHT_MIDDLE)
        words = f"{content.title}  ·  {content.unit}"
        room = line.adjusted(0, 0, -text_width(font, content.counter) - style.px(16), 0)
        draw_text(painter, room, words, fit_font(style, words, 18, SEMIBOLD, room.width()), style.colour("muted"))

    def _draw_bar(self, painter: QtGui.QPainter, bar: EffortBar, row: QtCore.QRectF) -> None:
        """Draw badge, name, bar with its target band, and the figure."""
        style, content = self.look, self.content
        side = min(style.px(62), row.height() - style.px(10))
        badge = QtCore.QRectF(row.left(), row.center().y() - side / 2, side, side)
        draw_badge(painter, badge, bar.letter, bar.role, style)
        figure = QtCore.QRectF(
            row.right() - style.px(FIGURE_WIDTH_PX), row.top(), style.px(FIGURE_WIDTH_PX), row.height()
        )
        size = max(min(FIGURE_PX, 0.68 * row.height() / style.scale), FIGURE_LEAST_PX)
        font = fit_font(style, bar.figure, size, BOLD, figure.width(), tabular=True)
        draw_text(painter, figure, bar.figure, font, style.colour("text"), RIGHT_MIDDLE)
        left = badge.right() + style.px(14)
        width = figure.left() - left - style.px(14)
        half = min(style.px(26), row.height() * 0.22)
        names = row.height() >= style.px(70)
        middle = row.center().y() + (style.px(12) if names else 0.0)
        track = QtCore.QRectF(left, middle - half, width, 2 * half)
        if names:
            name = QtCore.QRectF(left, track.top() - style.px(36), track.width(), style.px(30))
            draw_text(painter, name, bar.name, style.font(22, SEMIBOLD), style.colour(bar.role))
            if bar.has_target and content.target_text:
                colour = style.colour("muted" if content.target is None else "text")
                width = name.width() - text_width(style.font(22, SEMIBOLD), bar.name) - style.px(16)
                font = fit_font(style, content.target_text, 17, MEDIUM, width)
                draw_text(painter, name, content.target_text, font, colour, RIGHT_MIDDLE)
        self._draw_track(painter, bar, track)

    def _draw_track(self, painter: QtGui.QPainter, bar: EffortBar, track: QtCore.QRectF) -> None:
        """Draw the bar, a tick at 100 % and the band."""
        style, content = self.look, self.content
        per_percent = track.width() / content.axis_percent
        radius = track.height() * 0.2
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("line"))
        painter.drawRoundedRect(track, radius, radius)
        painter.setBrush(style.colour(bar.role))
        filled = QtCore.QRectF(track)
        filled.setWidth(per_percent * (bar.percent or 0.0))
        painter.drawRoundedRect(filled, radius, radius)
        x = track.left() + 100.0 * per_percent
        painter.setPen(style.pen("muted", 2))
        painter.drawLine(QtCore.QPointF(x, track.top() - style.px(3)), QtCore.QPointF(x, track.bottom() + style.px(3)))
        if bar.has_target and content.target is not None:
            low, high = content.target
            box = QtCore.QRectF(
                track.left() + low * per_percent,
                track.top() - style.px(5),
                (high - low) * per_percent,
                track.height() + style.px(10),
            )
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.setPen(style.pen("text", 4))
            painter.drawRoundedRect(box, radius, radius)

    def _draw_share(self, painter: QtGui.QPainter, share: ShareBar, row: QtCore.QRectF) -> None:
        """Draw both muscles' shares as one bar, and the words below it."""
        style = self.look
        bar = QtCore.QRectF(row.left(), row.top() + style.px(8), row.width(), style.px(16))
        part = QtCore.QRectF(bar)
        part.setWidth(bar.width() * min(max(share.glute, 0.0), 1.0))
        gap = style.px(2)
        painter.fillRect(part.adjusted(0, 0, -gap, 0), style.colour(share.roles[0]))
        bar.setLeft(part.right() + gap)
        painter.fillRect(bar, style.colour(share.roles[1]))
        words = QtCore.QRectF(row.left(), bar.bottom(), row.width(), row.bottom() - bar.bottom())
        font = fit_font(style, share.text, 22, SEMIBOLD, words.width(), tabular=True)
        draw_text(painter, words, share.text, font, style.colour("text"))

    def _draw_foot(self, painter: QtGui.QPainter, foot: QtCore.QRectF) -> None:
        """Draw the ring, and beside it the hint, else the last hold in figures."""
        style, content = self.look, self.content
        words = QtCore.QRectF(foot)
        if content.ring is not None:
            side = min(style.px(RING_PX), foot.height())
            self._draw_ring(painter, QtCore.QRectF(foot.left(), foot.bottom() - side, side, side))
            words.setLeft(foot.left() + side + style.px(20))
        if content.hint:
            draw_wrapped(painter, words, content.hint, style, HINT_SIZES, style.colour("text"), SEMIBOLD)
        elif content.lines:
            self._draw_lines(painter, words)

    def _draw_lines(self, painter: QtGui.QPainter, room: QtCore.QRectF) -> None:
        """Draw the last hold in the largest type that fits, what is said first in bold."""
        top = room.top()
        for (text, bold), (font, height) in zip(self.content.lines, self._fit_lines(room), strict=True):
            painter.setFont(font)
            painter.setPen(self.look.colour("text" if bold else "muted"))
            painter.drawText(QtCore.QRectF(room.left(), top, room.width(), height), WRAPPED, text)
            top += height

    def _fit_lines(self, room: QtCore.QRectF) -> list[tuple[QtGui.QFont, float]]:
        """Return font and height of each line in the largest type that fits, else in the smallest."""
        fitted: list[tuple[QtGui.QFont, float]] = []
        for size in LINE_SIZES:
            fonts = [self.look.font(size, SEMIBOLD if bold else MEDIUM) for _, bold in self.content.lines]
            fitted = [
                (font, QtGui.QFontMetricsF(font).boundingRect(room, WRAPPED, text).height())
                for font, (text, _) in zip(fonts, self.content.lines, strict=True)
            ]
            if sum(height for _, height in fitted) <= room.height():
                break
        return fitted

    def _draw_ring(self, painter: QtGui.QPainter, square: QtCore.QRectF) -> None:
        """Draw what is left of work or rest, clockwise from the top, with the seconds inside."""
        style, content = self.look, self.content
        width = style.px(13)
        ring = square.adjusted(width, width, -width, -width)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.setPen(QtGui.QPen(style.colour("line"), width))
        painter.drawEllipse(ring)
        pen = QtGui.QPen(style.colour(content.ring_role), width)
        pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, round(-(content.ring or 0.0) * 360 * 16))
        figure = ring.adjusted(0, 0, 0, -ring.height() * 0.22)
        draw_text(
            painter, figure, content.ring_figure, style.font(50, BOLD, tabular=True), style.colour("text"), CENTRE
        )
        word = QtCore.QRectF(ring.left(), ring.top() + ring.height() * 0.64, ring.width(), ring.height() * 0.2)
        draw_text(painter, word, content.ring_word, style.font(18, SEMIBOLD), style.colour("muted"), CENTRE)
