"""A hold drawn into the lens: under each muscle's badge its effort as a filled curve, below it the median frequency."""

import numpy as np

from firingorder_signal.blocks import FloatArray

from .hold_picture import HoldLane, HoldPicture
from .painting import CENTRE, LEFT_MIDDLE, RIGHT_MIDDLE, draw_text, draw_wrapped, fit_font, text_width
from .panel_layout import Box, PanelLayout, Row
from .qt import QtCore, QtGui
from .sites import role_of
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Rows lower than this have no room for the frequency under the effort, design px.
ROOMY_PX = 150.0
#: Height of the line that holds title or times, and share of a roomy row that is the effort's.
LINE_PX, EFFORT_SHARE = 30.0, 0.6
NOTE_SIZES = (17.0, 16.0, 15.0, 14.0, 13.0, 12.0)
#: What stands for a hold that is to come: effort in percent (in the middle of the common band), and how far the
#: frequency goes in a picture that means no figure.
GHOST_PERCENT, GHOST_RISE = 45.0, 0.06


class HoldPainter:
    """Paints one picture into the lens's box."""

    def __init__(self, painter: QtGui.QPainter, style: Style, texts: Texts, place: PanelLayout) -> None:
        """Paint with these."""
        self._painter, self._style, self._texts, self._place = painter, style, texts, place

    def draw(self, picture: HoldPicture) -> None:
        """Draw ground, title, times and every muscle's row."""
        painter, style, box = self._painter, self._style, self._place.lens
        painter.setClipRect(QtCore.QRectF(box.left, box.top, box.width, box.height))
        painter.fillRect(QtCore.QRectF(box.left, box.top, box.width, box.height), style.colour("lens"))
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        rows = [row for row in self._place.rows if row.site is not None]
        if not rows or picture.length_s <= 0.0:
            return
        title = QtCore.QRectF(box.left + style.px(8), box.top + style.px(6), box.width, style.px(24))
        draw_text(painter, title, picture.title, style.font(16, SEMIBOLD), style.colour("muted"))
        for row in rows:
            painter.setPen(QtGui.QPen(style.colour("line"), 0))
            if row.top > box.top + 1:
                painter.drawLine(QtCore.QPointF(box.left, row.top), QtCore.QPointF(box.right, row.top))
            self._draw_row(picture, row, is_first=row is rows[0])

    def _draw_row(self, picture: HoldPicture, row: Row, *, is_first: bool) -> None:
        """Draw one muscle, or where it will be."""
        style, box = self._style, self._place.lens
        top = row.top + style.px(LINE_PX if is_first and row.top <= box.top + 1 else 8)
        bottom = row.top + row.height - style.px(6)
        roomy = row.height >= style.px(ROOMY_PX)
        split = top + (bottom - top) * (EFFORT_SHARE if roomy else 1.0)
        side = style.px(14)
        effort = Box(box.left + side, top, box.width - 2 * side, split - top - style.px(4))
        below = Box(effort.left, split + style.px(8), effort.width, bottom - split - style.px(8))
        if not picture.lanes:
            self._draw_ghost(picture, row, effort, below if roomy else None)
            return
        lane = picture.lanes.get(row.site) if row.site is not None else None
        if lane is None:
            return
        self._draw_scale(picture, effort, has_band=lane.site.is_glute)
        self._draw_effort(picture, lane, effort)
        if roomy:
            self._draw_frequency(picture, lane, below)
        else:
            self._write_low(lane, effort)

    def _draw_scale(self, picture: HoldPicture, box: Box, *, has_band: bool) -> None:
        """Draw the ground line, 100 %, and the band."""
        painter, style = self._painter, self._style
        painter.setPen(style.pen("line", 1.5))
        painter.drawLine(QtCore.QPointF(box.left, box.bottom), QtCore.QPointF(box.right, box.bottom))
        y = _y(box, 100.0, picture.axis_percent)
        pen = style.pen("muted", 1.2)
        pen.setStyle(QtCore.Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QtCore.QPointF(box.left, y), QtCore.QPointF(box.right, y))
        words = QtCore.QRectF(box.left, y - style.px(19), box.width, style.px(18))
        label = self._texts.effort.percent.format(value=100)
        draw_text(painter, words, label, style.font(14, MEDIUM), style.colour("muted"))
        if has_band and picture.target is not None:
            low, high = (_y(box, percent, picture.axis_percent) for percent in picture.target)
            painter.setPen(style.pen("text", 2))
            painter.setBrush(style.colour("text", 0.07))
            painter.drawRoundedRect(QtCore.QRectF(box.left, high, box.width, low - high), style.px(4), style.px(4))

    def _draw_effort(self, picture: HoldPicture, lane: HoldLane, box: Box) -> None:
        """Draw the effort's curve, filled, with its mean."""
        if len(lane.levels) == 0:
            return
        painter, style, role = self._painter, self._style, role_of(lane.site)
        xs = box.left + lane.levels[:, 0] / picture.length_s * box.width
        ys = box.bottom - lane.levels[:, 1] / picture.axis_percent * box.height
        curve = _polygon(xs, ys)
        area = QtGui.QPolygonF(curve)
        area.append(QtCore.QPointF(float(xs[-1]), box.bottom))
        area.prepend(QtCore.QPointF(float(xs[0]), box.bottom))
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(style.colour(role, 0.28))
        painter.drawPolygon(area)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.setPen(style.pen(role, 2.5))
        painter.drawPolyline(curve)
        self._plate(box, box.top, 34, lane.figure, 30, BOLD)

    def _draw_frequency(self, picture: HoldPicture, lane: HoldLane, box: Box) -> None:
        """Draw the median frequency of each second with its line, or why there is none."""
        painter, style, words = self._painter, self._style, self._texts.effort
        head = QtCore.QRectF(box.left, box.top, box.width, style.px(22))
        told = lane.line_hz is not None
        figure = style.font(21, BOLD, tabular=True)
        draw_text(painter, head, lane.frequency, figure, style.colour("text"), RIGHT_MIDDLE)
        left = head.adjusted(0, 0, -text_width(figure, lane.frequency) - style.px(12), 0)
        font = fit_font(style, words.lens_frequency, 15, MEDIUM, left.width())
        draw_text(painter, left, words.lens_frequency, font, style.colour("muted"))
        room = Box(box.left, box.top + style.px(26), box.width, box.height - style.px(26))
        if not told and lane.note:
            area = QtCore.QRectF(room.left, room.top, room.width, room.height)
            draw_wrapped(painter, area, lane.note, style, NOTE_SIZES, style.colour("muted"))
            return
        if len(lane.medians) == 0 or lane.line_hz is None:
            return
        foot = QtCore.QRectF(room.left, room.bottom - style.px(20), room.width, style.px(20))
        draw_text(painter, foot, lane.amplitude, style.font(15, MEDIUM), style.colour("muted"), RIGHT_MIDDLE)
        start = words.lens_hertz.format(start=round(lane.line_hz[0]))
        draw_text(painter, foot, start, style.font(15, MEDIUM), style.colour("muted"))
        room = Box(room.left, room.top, room.width, room.height - style.px(24))
        low, high = lane.range_hz
        xs = room.left + lane.medians[:, 0] / picture.length_s * room.width
        ys = room.bottom - (lane.medians[:, 1] - low) / (high - low) * room.height
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(style.colour(role_of(lane.site), 0.75))
        radius = style.px(2.6)
        for x, y in zip(xs, ys, strict=True):
            painter.drawEllipse(QtCore.QPointF(float(x), float(y)), radius, radius)
        ends = [room.bottom - (value - low) / (high - low) * room.height for value in lane.line_hz]
        painter.setPen(style.pen("text", 2.5))
        painter.drawLine(QtCore.QPointF(room.left, ends[0]), QtCore.QPointF(room.right, ends[1]))

    def _write_low(self, lane: HoldLane, box: Box) -> None:
        """Write the frequency's slope into a row that is too low to draw it."""
        text = lane.frequency or ""
        self._plate(box, box.bottom - self._style.px(22), 20, text, 16, SEMIBOLD)

    def _draw_ghost(self, picture: HoldPicture, row: Row, box: Box, below: Box | None) -> None:
        """Draw what will be here: a dashed outline of the effort, and of the frequency's course."""
        painter, style, words = self._painter, self._style, self._texts.effort
        self._draw_scale(picture, box, has_band=row.site is not None and row.site.is_glute)
        pen = style.pen(role_of(row.site) if row.site is not None else "muted", 2)
        pen.setStyle(QtCore.Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        percent = np.mean(picture.target) if picture.target else GHOST_PERCENT
        y, rise = _y(box, float(percent), picture.axis_percent), box.width * GHOST_RISE
        corners = ((box.left, box.bottom), (box.left + rise, y), (box.right - rise, y), (box.right, box.bottom))
        painter.drawPolyline(QtGui.QPolygonF([QtCore.QPointF(*corner) for corner in corners]))
        font, muted = style.font(15, MEDIUM), style.colour("muted")
        middle = QtCore.QRectF(box.left, (y + box.bottom) / 2 - style.px(12), box.width, style.px(24))
        draw_text(painter, middle, words.lens_effort, font, muted, CENTRE)
        if below is None:
            return
        head = QtCore.QRectF(below.left, below.top, below.width, style.px(22))
        draw_text(painter, head, words.lens_frequency, font, muted)
        seconds = words.seconds.format(value=f"{picture.length_s:g}")
        draw_text(painter, head, seconds, font, muted, RIGHT_MIDDLE)
        painter.setPen(pen)
        painter.drawLine(
            QtCore.QPointF(below.left, below.top + below.height * 0.45),
            QtCore.QPointF(below.right, below.top + below.height * 0.8),
        )

    def _plate(self, box: Box, top: float, height: float, text: str, size: float, weight: int) -> None:
        """Write a figure at the right on a plate, so that no curve crosses it."""
        if not text:
            return
        painter, style = self._painter, self._style
        font = fit_font(style, text, size, weight, box.width, tabular=True)
        width = text_width(font, text) + style.px(8)
        plate = QtCore.QRectF(box.right - width, top, width, style.px(height))
        painter.fillRect(plate, style.colour("lens", 0.75))
        draw_text(painter, plate, text, font, style.colour("text"), LEFT_MIDDLE)


def _y(box: Box, percent: float, axis_percent: float) -> float:
    """Pixel of an effort."""
    return box.bottom - percent / axis_percent * box.height


def _polygon(xs: FloatArray, ys: FloatArray) -> QtGui.QPolygonF:
    """Join pixels."""
    return QtGui.QPolygonF([QtCore.QPointF(float(x), float(y)) for x, y in zip(xs, ys, strict=True)])
