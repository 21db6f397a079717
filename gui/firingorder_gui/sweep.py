"""The sweep: ten seconds of traces, written over from left to right, drawn only where something changed.

A repaint touches the columns between the old and the new head; measured 40 to 250 times cheaper than scrolling
(`benchmarks/window.py`). What is older than the gap's far end is not drawn at all, markers
included: nothing on the screen is stale.
"""

import math

import numpy as np

from firingorder_signal.blocks import FloatArray, Site

from .columns import BoolArray, IntArray
from .markers import Marker
from .painting import CENTRE, RIGHT_MIDDLE, draw_text, draw_triangle, exposed_part, text_width
from .panel_layout import PanelLayout, Row
from .qt import GraphicsObject, LineBatch, QtCore, QtGui, QtWidgets
from .sites import role_of
from .style import BOLD, SEMIBOLD, Style
from .traces import WINDOW_S, TraceStore

#: Half height of a lane before anything is known of it, µV, and the first angle range, degrees (the design).
FIRST_SCALE_UV = 50.0
FIRST_ANGLES_DEG = (-4.0, 22.0)
#: Width of envelopes and angle curves, design px.
LINE_PX = 2.5


class Sweep(GraphicsObject):
    """Paints a `TraceStore` into the sweep's box of a layout."""

    def __init__(self, style: Style, store: TraceStore, layout: PanelLayout) -> None:
        """Start with an empty layout."""
        super().__init__()
        self.look = style
        self.store = store
        self.place = layout
        self.scales_uv: dict[Site, float] = {}
        self.angles_deg = FIRST_ANGLES_DEG
        self.markers: tuple[Marker, ...] = ()
        self.ratio = 1.0  # device pixels per pixel
        self.shown: tuple[Marker, ...] = ()  # those of `markers` that still lie on shown columns
        self._lines = LineBatch()
        self.setFlag(QtWidgets.QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QtCore.QRectF:
        """Return the sweep's box."""
        box = self.place.sweep
        return QtCore.QRectF(box.left, box.top, box.width, box.height)

    def set_place(self, style: Style, layout: PanelLayout, ratio: float) -> None:
        """Change style, layout or device pixel ratio; everything is drawn again."""
        self.prepareGeometryChange()
        self.look, self.place, self.ratio = style, layout, ratio
        self.update()

    def follow(self) -> None:
        """Ask for a repaint of what changed since the last call, and of everything when a marker comes or goes."""
        dirty = self.store.take_dirty()
        shown = tuple(marker for marker in self.markers if self._is_shown(marker))
        if shown != self.shown:
            self.shown = shown
            self.update()
        elif dirty is not None:
            self._update_columns(*dirty)

    def _update_columns(self, first: int, last: int) -> None:
        """Ask for a repaint of columns `first..last`, which may lie on both sides of the seam."""
        n_columns = self.store.n_columns
        if last - first >= n_columns - 1:
            self.update()
            return
        start, stop = first % n_columns, last % n_columns
        box = self.place.sweep
        for begin, end in ((start, stop),) if start <= stop else ((start, n_columns - 1), (0, stop)):
            left, width = box.left + begin / self.ratio, (end - begin + 1) / self.ratio
            # Thick lines reach over their columns' edges, and may have to be wiped there.
            spill = math.ceil(self.look.px(LINE_PX)) + 2
            self.update(QtCore.QRectF(left - spill, box.top, width + 2 * spill, box.height))

    def x_of(self, column: int) -> float:
        """Pixel of the middle of a column."""
        return self.place.sweep.left + (column % self.store.n_columns + 0.5) / self.ratio

    def _is_shown(self, marker: Marker) -> bool:
        """Say whether a marker, with its triangle or label, lies wholly on columns that are still shown."""
        head = self.store.head
        if head is None:
            return False
        column = self.store.column_of(marker.time_s)
        reach = self._label_width(marker) if marker.label else self.look.px(9)
        return self.store.oldest <= column - int(reach * self.ratio) and column <= head

    def _label_width(self, marker: Marker) -> float:
        """Pixels that a marker's label reaches to its left."""
        if not marker.label:
            return 0.0
        width = text_width(self.look.font(19, SEMIBOLD), marker.label)
        return width / 2 if marker.curve is not None else width + self.look.px(12)

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionGraphicsItem,
        widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Draw the exposed columns of all lanes, then the markers that reach into them."""
        exposed = exposed_part(option, self.boundingRect())
        painter.setClipRect(exposed)
        self._draw_grid(painter, exposed)
        slots = self._slots(exposed)
        for row in self.place.rows:
            if row.site is None:
                self._draw_angles(painter, row, slots)
            else:
                self._draw_muscle(painter, row, row.site, slots)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        for marker in self.shown:
            x = self.x_of(self.store.column_of(marker.time_s))
            # Labels reach over their line, triangles a little to both sides.
            reach = 2 * self._label_width(marker) + self.look.px(12)
            if exposed.left() - reach <= x <= exposed.right() + reach:
                self._draw_marker(painter, marker, x)

    def _slots(self, exposed: QtCore.QRectF) -> IntArray:
        """Return the slots that an exposed rectangle covers, with two more on each side for the joints of lines."""
        left = (exposed.left() - self.place.sweep.left) * self.ratio
        right = (exposed.right() - self.place.sweep.left) * self.ratio
        more = 2 + int(np.ceil(self.look.px(LINE_PX) * self.ratio))
        first, last = max(0, int(left) - more), min(self.store.n_columns, int(np.ceil(right)) + more)
        return np.arange(first, last, dtype=np.int64)

    def _x(self, slots: IntArray) -> FloatArray:
        """Pixels of slots."""
        x: FloatArray = self.place.sweep.left + (slots.astype(np.float64) + 0.5) / self.ratio
        return x

    def _draw_grid(self, painter: QtGui.QPainter, exposed: QtCore.QRectF) -> None:
        """Draw a line a second and one between lanes."""
        box = self.place.sweep
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QtGui.QPen(self.look.blend("line", "card", 0.7), 0))
        for second in range(1, int(WINDOW_S)):
            x = box.left + round(box.width * second / WINDOW_S)
            if exposed.left() - 1 <= x <= exposed.right() + 1:
                painter.drawLine(QtCore.QPointF(x, box.top), QtCore.QPointF(x, box.bottom))
        painter.setPen(QtGui.QPen(self.look.colour("line"), 0))
        for row in self.place.rows[1:]:
            painter.drawLine(QtCore.QPointF(exposed.left(), row.top), QtCore.QPointF(exposed.right(), row.top))

    def _draw_muscle(self, painter: QtGui.QPainter, row: Row, site: Site, slots: IntArray) -> None:
        """Draw a muscle's raw columns and its envelope over them."""
        lane = self.store.lane(site)
        if lane is None or self.store.head is None:
            return
        columns, channel = lane
        role = role_of(site)
        per_uv = row.per_uv(self.scales_uv.get(site, FIRST_SCALE_UV))
        low, high = columns.low[slots, channel], columns.high[slots, channel]
        drawn = columns.holds(slots, self.store.oldest, self.store.head) & np.isfinite(low)
        limit = row.height * 0.49
        x = self._x(slots)
        top = row.middle - np.clip(high[drawn] * per_uv, -limit, limit)
        bottom = row.middle - np.clip(low[drawn] * per_uv, -limit, limit)
        painter.setPen(QtGui.QPen(self.look.blend(role, "card", self.look.theme.trace_opacity), 0))
        # At least one pixel high: a quiet muscle is a line, not nothing.
        self._lines.vertical(painter, x[drawn], top, np.maximum(bottom, top + 1.0))
        level = columns.envelope(slots, self.store.reach)[:, channel]
        drawn &= np.isfinite(level)
        y = row.middle - np.minimum(level * per_uv, limit)
        self._draw_line(painter, x, y, drawn, role, LINE_PX)

    def _draw_angles(self, painter: QtGui.QPainter, row: Row, slots: IntArray) -> None:
        """Draw hip angle and pelvic tilt."""
        motion = self.store.motion
        if motion is None or self.store.head is None:
            return
        x = self._x(slots)
        held = motion.holds(slots, self.store.oldest, self.store.head)
        for curve, role in ((1, "tilt"), (0, "hip")):
            values = motion.values[slots, curve]
            drawn = held & np.isfinite(values)
            y = np.clip(row.y_of_angles(values, self.angles_deg), row.top + 1, row.top + row.height - 1)
            self._draw_line(painter, x, y, drawn, role, LINE_PX)

    def _draw_line(
        self, painter: QtGui.QPainter, x: FloatArray, y: FloatArray, drawn: BoolArray, role: str, width: float
    ) -> None:
        """Draw a smooth line over each stretch of `drawn`; the gap before the head breaks it."""
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self.look.pen(role, width))
        self._lines.joined(painter, x, y, drawn)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)

    def _draw_marker(self, painter: QtGui.QPainter, marker: Marker, x: float) -> None:
        """Draw one marker; only the newest lift's are heavy."""
        if marker.curve is not None:
            self._draw_peak(painter, marker, x)
        elif marker.site is None:
            self._draw_movement(painter, marker, x)
        else:
            row = next((row for row in self.place.rows if row.site == marker.site), None)
            if row is not None:
                self._draw_onset(painter, marker, row, x)

    def _draw_onset(self, painter: QtGui.QPainter, marker: Marker, row: Row, x: float) -> None:
        """Draw a muscle's onset: a line with a triangle on top, in the muscle's colour."""
        if marker.site is None:
            return
        role, size = role_of(marker.site), self.look.px(15 if marker.newest else 10)
        painter.setPen(self.look.pen(role, 3 if marker.newest else 1.5))
        painter.drawLine(QtCore.QPointF(x, row.top + 3), QtCore.QPointF(x, row.top + row.height - 3))
        draw_triangle(painter, x, row.top + 3 + size, size, self.look.colour(role), up=False)

    def _draw_movement(self, painter: QtGui.QPainter, marker: Marker, x: float) -> None:
        """Draw the start of movement: a dashed line through all lanes, labelled on its left where there is room."""
        pen = self.look.pen("text", 2)
        pen.setStyle(QtCore.Qt.PenStyle.DashLine)
        painter.setPen(pen)
        box = self.place.sweep
        painter.drawLine(QtCore.QPointF(x, box.top), QtCore.QPointF(x, box.bottom))
        width, space = self._label_width(marker), self.look.px(10)
        font, colour = self.look.font(19, SEMIBOLD), self.look.colour("text")
        rect = QtCore.QRectF(x - width, box.top + space, width - space, self.look.px(26))
        if rect.left() >= box.left:
            draw_text(painter, rect, marker.label, font, colour, RIGHT_MIDDLE)

    def _draw_peak(self, painter: QtGui.QPainter, marker: Marker, x: float) -> None:
        """Write a peak angle over its curve."""
        row = next((row for row in self.place.rows if row.site is None), None)
        motion = self.store.motion
        if row is None or motion is None or marker.curve is None:
            return
        value = motion.values[self.store.column_of(marker.time_s) % motion.n_columns, marker.curve]
        if not np.isfinite(value):
            return
        role = ("hip", "tilt")[marker.curve]
        y = row.y_of_angle(float(value), self.angles_deg) - self.look.px(20)
        half = self._label_width(marker)
        # At the seam the label stays whole, beside its peak.
        x = min(max(x, self.place.sweep.left + half), self.place.sweep.left + self.place.sweep.width - half)
        half = self.look.px(40)
        rect = QtCore.QRectF(x - half, max(y - self.look.px(14), row.top), 2 * half, self.look.px(28))
        draw_text(painter, rect, marker.label, self.look.font(21, BOLD), self.look.colour(role), CENTRE)
