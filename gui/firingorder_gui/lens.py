"""The lens: the last lift enlarged around its onsets, or the last hold; drawn once, and when it is another."""

import numpy as np

from firingorder_signal.blocks import FloatArray, Site

from . import figures
from .hold_picture import HoldPicture
from .lane_labels import ROOMY_PX
from .lens_hold import HoldPainter
from .lens_model import LensLane, LensPicture, lens_columns, lens_envelope
from .painting import CENTRE, LEFT_MIDDLE, RIGHT_MIDDLE, draw_text, draw_triangle, draw_wrapped, text_width
from .panel_layout import PanelLayout, Row
from .qt import GraphicsObject, LineBatch, QtCore, QtGui, QtWidgets
from .sites import role_of
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .sweep import FIRST_SCALE_UV
from .texts import Texts
from .traces import WINDOW_S

TICK_S = 0.2


class Lens(GraphicsObject):
    """Paints a `LensPicture` into the lens's box of a layout, or a `HoldPicture`, which goes first."""

    def __init__(self, style: Style, texts: Texts, layout: PanelLayout) -> None:
        """Start empty."""
        super().__init__()
        self.look = style
        self.place = layout
        self.picture: LensPicture | None = None
        self.hold: HoldPicture | None = None
        self.scales_uv: dict[Site, float] = {}
        self.angles_deg = (0.0, 1.0)
        self.chosen: Site | None = None  # whose onset a hand is moving
        self.ratio = 1.0
        self._texts = texts
        self._lines = LineBatch()

    def boundingRect(self) -> QtCore.QRectF:
        """Return the lens's box."""
        box = self.place.lens
        return QtCore.QRectF(box.left, box.top, box.width, box.height)

    def set_place(self, style: Style, layout: PanelLayout, ratio: float) -> None:
        """Change style, layout or device pixel ratio."""
        self.prepareGeometryChange()
        self.look, self.place, self.ratio = style, layout, ratio
        self.update()

    def show_picture(self, picture: LensPicture | None) -> None:
        """Draw another lift, or nothing."""
        self.picture, self.hold = picture, None
        self.update()

    def show_hold(self, hold: HoldPicture) -> None:
        """Draw a hold, or where the first one will be."""
        self.picture, self.hold = None, hold
        self.update()

    def x_of(self, time_s: float) -> float:
        """Pixel of a time from the zero line."""
        if self.picture is None:
            return self.place.lens.left
        share = (time_s - self.picture.start_s) / self.picture.width_s
        return self.place.lens.left + share * self.place.lens.width

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionGraphicsItem,
        widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Draw ground, lanes, zero line and labels."""
        if self.hold is not None:
            HoldPainter(painter, self.look, self._texts, self.place).draw(self.hold)
            return
        picture = self.picture
        if picture is None:
            self._draw_later(painter)
            return
        painter.setClipRect(self.boundingRect())
        painter.fillRect(self.boundingRect(), self.look.colour("lens"))
        self._draw_grid(painter, picture)
        for row in self.place.rows:
            if row.site is None:
                self._draw_angles(painter, picture, row)
            elif row.site in picture.lanes:
                self._draw_muscle(painter, picture, picture.lanes[row.site], row)
        self._draw_zero(painter, picture)
        # Labels last: no trace may cross a figure.
        for row in self.place.rows:
            if row.site is not None and row.site in picture.lanes:
                self._draw_label(painter, picture.lanes[row.site], row)
                if row.site == self.chosen:
                    self._draw_chosen(painter, row)
        self._draw_title(painter, picture)

    def _draw_chosen(self, painter: QtGui.QPainter, row: Row) -> None:
        """Frame the lane whose onset is being moved."""
        box, half = self.place.lens, self.look.px(2)
        painter.setPen(self.look.pen("text", 3))
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.drawRect(QtCore.QRectF(box.left + half, row.top + half, box.width - 2 * half, row.height - 2 * half))

    def _draw_later(self, painter: QtGui.QPainter) -> None:
        """Say what will be here, once there are lanes."""
        if self.place.rows:
            room = self.boundingRect().adjusted(self.look.px(30), 0, -self.look.px(30), 0)
            room.setTop(self.boundingRect().center().y() - self.look.px(40))
            draw_wrapped(painter, room, self._texts.lens_later, self.look, (21.0,), self.look.colour("muted"))

    def _draw_grid(self, painter: QtGui.QPainter, picture: LensPicture) -> None:
        """Draw a line every 200 ms and one between lanes."""
        box = self.place.lens
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QtGui.QPen(self.look.colour("line"), 0))
        for i in range(int(np.ceil(picture.start_s / TICK_S)), int(np.floor(picture.stop_s / TICK_S)) + 1):
            x = round(self.x_of(i * TICK_S))
            painter.drawLine(QtCore.QPointF(x, box.top), QtCore.QPointF(x, box.bottom))
        for row in self.place.rows[1:]:
            painter.drawLine(QtCore.QPointF(box.left, row.top), QtCore.QPointF(box.right, row.top))

    def _draw_muscle(self, painter: QtGui.QPainter, picture: LensPicture, lane: LensLane, row: Row) -> None:
        """Draw a muscle's lead time, raw trace, envelope and onset."""
        role = role_of(lane.site)
        if lane.onset_s is not None:
            self._draw_lead(painter, lane, row, role)
        per_uv = row.per_uv(self.scales_uv.get(lane.site, FIRST_SCALE_UV))
        limit = row.height * 0.49
        self._draw_raw(painter, picture, lane, row, per_uv, limit)
        # One point a pixel: more would only cost.
        every = max(1, int(len(lane.times_s) / self.place.lens.width))
        y = row.middle - np.minimum(lens_envelope(lane)[::every] * per_uv, limit)
        share = (lane.times_s[::every] - picture.start_s) / picture.width_s
        self._draw_line(painter, self.place.lens.left + share * self.place.lens.width, y, role)
        if lane.onset_s is not None:
            self._draw_onset(painter, lane, row, role)

    def _draw_raw(
        self, painter: QtGui.QPainter, picture: LensPicture, lane: LensLane, row: Row, per_uv: float, limit: float
    ) -> None:
        """Draw the raw samples as columns one pixel wide, wider where samples lie further apart than pixels."""
        n_columns = max(1, round(self.place.lens.width * self.ratio))
        column_s = picture.width_s / n_columns
        if len(lane.times_s) > 1:
            period_s = float(np.median(np.diff(lane.times_s)))
            column_s = max(column_s, period_s * 1.001)
        low, high = lens_columns(lane, picture.start_s, column_s, int(np.ceil(picture.width_s / column_s)))
        drawn = np.isfinite(low)
        width = column_s / picture.width_s * self.place.lens.width
        x: FloatArray = self.place.lens.left + (np.flatnonzero(drawn).astype(np.float64) + 0.5) * width
        top = row.middle - np.clip(high[drawn] * per_uv, -limit, limit)
        bottom = row.middle - np.clip(low[drawn] * per_uv, -limit, limit)
        colour = self.look.blend(role_of(lane.site), "lens", self.look.theme.trace_opacity)
        pen = QtGui.QPen(colour, 0 if width * self.ratio < 1.5 else width)
        pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen)
        self._lines.vertical(painter, x, top, np.maximum(bottom, top + 1.0))

    def _draw_line(self, painter: QtGui.QPainter, x: FloatArray, y: FloatArray, role: str) -> None:
        """Draw a smooth line, broken where there is no data."""
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self.look.pen(role, 2.5))
        self._lines.joined(painter, x, y, np.isfinite(y))

    def _draw_lead(self, painter: QtGui.QPainter, lane: LensLane, row: Row, role: str) -> None:
        """Shade the time from onset to the start of movement, and darker the onset's 90 % interval."""
        top, height = row.top + 2.0, row.height - 4.0
        spans = [((min(lane.onset_s or 0.0, 0.0), 0.0), 0.16)]
        if lane.interval_s is not None:
            spans.append((lane.interval_s, 0.30))
        for (start_s, stop_s), opacity in spans:
            left, right = self.x_of(start_s), self.x_of(stop_s)
            painter.fillRect(QtCore.QRectF(left, top, right - left, height), self.look.colour(role, opacity))

    def _draw_onset(self, painter: QtGui.QPainter, lane: LensLane, row: Row, role: str) -> None:
        """Draw the onset line with its triangle, and a hollow mark where equal onsets would have put it."""
        x = self.x_of(lane.onset_s or 0.0)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self.look.pen(role, 3))
        painter.drawLine(QtCore.QPointF(x, row.top + 3), QtCore.QPointF(x, row.top + row.height - 3))
        draw_triangle(painter, x, row.top + 3 + self.look.px(18), self.look.px(18), self.look.colour(role), up=False)
        if lane.found_s is not None:
            self._draw_found(painter, self.x_of(lane.found_s), row, role)
        if lane.equal_s is not None:
            self._draw_equal(painter, self.x_of(lane.equal_s), row)

    def _draw_found(self, painter: QtGui.QPainter, x: float, row: Row, role: str) -> None:
        """Draw, dotted, where an onset was found that a hand has moved."""
        pen = self.look.pen(role, 2)
        pen.setStyle(QtCore.Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawLine(QtCore.QPointF(x, row.top + 3), QtCore.QPointF(x, row.top + row.height - 3))

    def _draw_equal(self, painter: QtGui.QPainter, x: float, row: Row) -> None:
        """Draw the null-lag mark at the foot of the lane: a hollow triangle with its word."""
        style = self.look
        y, size = row.top + row.height - style.px(5), style.px(12)
        painter.setPen(style.pen("text", 1.5))
        painter.setBrush(style.colour("lens"))
        half = size * 0.6
        corners = [QtCore.QPointF(x, y - size), QtCore.QPointF(x - half, y), QtCore.QPointF(x + half, y)]
        painter.drawPolygon(QtGui.QPolygonF(corners))
        font = style.font(14, MEDIUM)
        width = text_width(font, self._texts.equal_onsets)
        rect = QtCore.QRectF(x - width - size, y - style.px(18), width, style.px(20))
        if rect.left() < self.place.lens.left + 2:
            rect.moveLeft(x + size)
        draw_text(painter, rect, self._texts.equal_onsets, font, style.colour("text"))

    def _draw_label(self, painter: QtGui.QPainter, lane: LensLane, row: Row) -> None:
        """Write the onset's milliseconds beside its line, or why there is none."""
        style = self.look
        top = row.top + style.px(8)
        if lane.onset_s is None:
            rect = QtCore.QRectF(self.place.lens.left + style.px(10), top, style.px(240), style.px(32))
            draw_text(painter, rect, lane.note, style.font(19, SEMIBOLD), style.colour("muted"))
            return
        text = figures.signed(lane.onset_s * 1000)
        font = style.font(30, BOLD, tabular=True)
        width, x = text_width(font, text), self.x_of(lane.onset_s)
        if x - width - style.px(20) >= self.place.lens.left:
            rect, align = QtCore.QRectF(x - width - style.px(16), top, width, style.px(36)), RIGHT_MIDDLE
        else:
            rect, align = QtCore.QRectF(x + style.px(16), top, width, style.px(36)), LEFT_MIDDLE
        plate = rect.adjusted(-style.px(3), style.px(2), style.px(3), -style.px(2))
        painter.fillRect(plate, style.colour("lens", 0.7))
        draw_text(painter, rect, text, font, style.colour("text"), align)
        if lane.by:
            small = style.font(16, SEMIBOLD)
            under = QtCore.QRectF(rect.left(), rect.bottom(), text_width(small, lane.by), style.px(22))
            if align is RIGHT_MIDDLE:
                under.moveRight(rect.right())
                under.moveLeft(max(under.left(), self.place.lens.left + style.px(4)))
            painter.fillRect(under, style.colour("lens", 0.7))
            draw_text(painter, under, lane.by, small, style.colour("text"))

    def _draw_angles(self, painter: QtGui.QPainter, picture: LensPicture, row: Row) -> None:
        """Draw hip angle and tilt, and the time ticks under them."""
        x = self.place.lens.left + (picture.angle_times_s - picture.start_s) / picture.width_s * self.place.lens.width
        for curve, role in ((1, "tilt"), (0, "hip")):
            y = row.y_of_angles(picture.angles_deg[:, curve], self.angles_deg)
            self._draw_line(painter, x, y, role)

    def _draw_zero(self, painter: QtGui.QPainter, picture: LensPicture) -> None:
        """Draw the zero line dashed through all lanes, its word on the right."""
        if not picture.zero_label:
            return
        style, box, x = self.look, self.place.lens, self.x_of(0.0)
        pen = style.pen("text", 2)
        pen.setStyle(QtCore.Qt.PenStyle.DashLine)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        painter.setPen(pen)
        painter.drawLine(QtCore.QPointF(x, box.top), QtCore.QPointF(x, box.bottom))
        rect = QtCore.QRectF(x + style.px(8), box.top + style.px(34), box.right - x, style.px(26))
        draw_text(painter, rect, picture.zero_label, style.font(18, SEMIBOLD), style.colour("text"))

    def _draw_title(self, painter: QtGui.QPainter, picture: LensPicture) -> None:
        """Write which lift this is and how much it is enlarged, and the ticks' times under the first lane."""
        style, box = self.look, self.place.lens
        per_s = self.place.sweep.width / WINDOW_S
        zoom = max(1, round(box.width / picture.width_s / per_s))
        title = self._texts.lens_title.format(number=picture.number, zoom=zoom)
        rect = QtCore.QRectF(box.left + style.px(8), box.top + style.px(6), box.width, style.px(24))
        draw_text(painter, rect, title, style.font(16, SEMIBOLD), style.colour("muted"))
        if not self.place.rows or self.place.rows[0].height < style.px(ROOMY_PX):
            return
        foot = self.place.rows[0].top + self.place.rows[0].height
        for time_s in (-TICK_S, TICK_S):
            text = f"{figures.signed(time_s * 1000)} ms"
            font = style.font(14, MEDIUM, tabular=True)
            half, x = text_width(font, text) / 2 + style.px(4), self.x_of(time_s)
            tick = QtCore.QRectF(x - half, foot - style.px(24), 2 * half, style.px(20))
            painter.fillRect(tick, style.colour("lens", 0.8))
            draw_text(painter, tick, text, font, style.colour("muted"), CENTRE)
