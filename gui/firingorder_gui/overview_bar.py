"""The overview bar: the whole recording in one strip, with a frame over the open page that can be dragged."""

from collections.abc import Callable

import numpy as np

from .card import Painted
from .overview import LiftSpan, OverviewContent, OverviewTrace
from .painting import CENTRE, draw_card, draw_text, painting
from .qt import LineBatch, QtCore, QtGui, QtWidgets
from .style import SEMIBOLD, Style

#: Space beside the strip, and the height of the lifts' numbers above it, design px.
EDGE_PX, NUMBERS_PX = 14.0, 22.0
#: A frame narrower than this could not be taken hold of, design px.
LEAST_FRAME_PX = 10.0


class OverviewBar(Painted):
    """Draws an `OverviewContent` over traces.

    Parameters
    ----------
    turn
        Called with the start of the page that the pointer asks for, seconds.
    choose
        Called with the number of a lift that was clicked.
    """

    def __init__(
        self,
        style: Style,
        name: str,
        turn: Callable[[float], None],
        choose: Callable[[int], None],
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        """Start without a recording."""
        super().__init__(style, name, parent)
        self.content = OverviewContent(1.0, (0.0, 1.0))
        self._traces: list[OverviewTrace] = []
        self._ground: QtGui.QPixmap | None = None
        self._turn = turn
        self._choose = choose
        self._grip_s: float | None = None  # from the page's start to where the frame is held
        self._lines = LineBatch()

    def show_traces(self, traces: list[OverviewTrace]) -> None:
        """Draw other traces."""
        self._traces, self._ground = traces, None
        self.update()

    def show_content(self, content: OverviewContent) -> None:
        """Draw another page, other lifts or marks."""
        if content != self.content:
            if content.spans != self.content.spans or content.marks_s != self.content.marks_s:
                self._ground = None
            self.content = content
            self.update()

    def set_style(self, style: Style) -> None:
        """Change theme or scale."""
        self._ground = None
        super().set_style(style)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Draw the traces anew for another width."""
        self._ground = None

    @property
    def strip(self) -> QtCore.QRectF:
        """Where the recording lies."""
        edge = self.look.px(EDGE_PX)
        return self.area().adjusted(edge, self.look.px(NUMBERS_PX), -edge, -self.look.px(6))

    def x_of(self, time_s: float) -> float:
        """Pixel of a time."""
        return self.strip.left() + time_s / self.content.duration_s * self.strip.width()

    def time_at(self, x: float) -> float:
        """Time of a pixel."""
        return (x - self.strip.left()) / self.strip.width() * self.content.duration_s

    @property
    def frame(self) -> QtCore.QRectF:
        """The open page's frame, never too narrow to be held."""
        left, right = (self.x_of(time_s) for time_s in self.content.page_s)
        more = max(self.look.px(LEAST_FRAME_PX) - (right - left), 0.0) / 2
        return QtCore.QRectF(left - more, self.strip.top(), right - left + 2 * more, self.strip.height())

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Take hold of the frame, choose the lift under the pointer, or turn to that place."""
        at = event.position()
        time_s, (start_s, stop_s) = self.time_at(at.x()), self.content.page_s
        number = self.content.lift_at(time_s)
        if number is not None and number != self.content.shown:
            self._choose(number)
        elif self.frame.contains(at):
            self._grip_s = time_s - start_s
        else:
            self._grip_s = (stop_s - start_s) / 2
            self._turn(time_s - self._grip_s)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        """Drag the frame."""
        if self._grip_s is not None:
            self._turn(self.time_at(event.position().x()) - self._grip_s)

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        """Let the frame go."""
        self._grip_s = None

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the ground from its picture, where that is on a screen, and the frame over it."""
        with painting(self) as painter:
            self._draw_all(painter)

    def _draw_all(self, painter: QtGui.QPainter) -> None:
        """Draw the bar; into a vector picture without the detour over pixels."""
        # Not the device: a widget that is rendered into a picture still paints on itself.
        if painter.paintEngine().type() is not QtGui.QPaintEngine.Type.SVG:
            if self._ground is None:
                self._ground = self._make_ground()
            painter.drawPixmap(0, 0, self._ground)
        else:
            self._draw_ground(painter)
        self._draw_shown(painter)
        painter.setPen(self.look.pen("text", 2))
        painter.setBrush(self.look.colour("text", 0.10))
        painter.drawRoundedRect(self.frame, self.look.px(4), self.look.px(4))

    def _make_ground(self) -> QtGui.QPixmap:
        """Draw everything but the frame into a picture: a frame that is dragged is then cheap."""
        ratio = self.devicePixelRatioF()
        ground = QtGui.QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(ground)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        try:
            self._draw_ground(painter)
        finally:
            painter.end()
        return ground

    def _draw_ground(self, painter: QtGui.QPainter) -> None:
        """Draw card, lifts, traces and marks."""
        draw_card(painter, self.area(), self.look)
        self._draw_spans(painter)
        rows = len(self._traces)
        for i, trace in enumerate(self._traces):
            pitch = self.strip.height() / rows
            self._draw_trace(painter, trace, self.strip.top() + i * pitch, pitch)
        self._draw_marks(painter)

    def _draw_spans(self, painter: QtGui.QPainter) -> None:
        """Shade each lift, neutral; hatch one that was not judged; write the numbers that have room."""
        free_from = -1.0
        for span in self.content.spans:
            rect = self._span_rect(span)
            painter.fillRect(rect, self.look.colour("muted", 0.22))
            if not span.scored:
                self._hatch(painter, rect)
            if self._label_rect(rect).left() >= free_from:
                free_from = self._label_rect(rect).right()
                font, colour = self.look.font(15, SEMIBOLD), self.look.colour("muted")
                draw_text(painter, self._label_rect(rect), span.label or str(span.number), font, colour, CENTRE)

    def _draw_shown(self, painter: QtGui.QPainter) -> None:
        """Shade the shown lift once more, its number on a plate over those of its neighbours."""
        span = next((span for span in self.content.spans if span.number == self.content.shown), None)
        if span is None:
            return
        style, rect = self.look, self._span_rect(span)
        painter.fillRect(rect, style.colour("muted", 0.25))
        label = self._label_rect(rect)
        painter.fillRect(label.adjusted(0, style.px(2), 0, 0), style.colour("card"))
        draw_text(
            painter, label, span.label or str(span.number), style.font(15, SEMIBOLD), style.colour("text"), CENTRE
        )

    def _span_rect(self, span: LiftSpan) -> QtCore.QRectF:
        """Where a lift lies, never too narrow to be seen."""
        left, right = self.x_of(span.start_s), self.x_of(span.stop_s)
        return QtCore.QRectF(left, self.strip.top(), max(right - left, 2.0), self.strip.height())

    def _label_rect(self, rect: QtCore.QRectF) -> QtCore.QRectF:
        """Where a lift's number lies."""
        half = self.look.px(16)
        return QtCore.QRectF(rect.center().x() - half, 0, 2 * half, self.look.px(NUMBERS_PX))

    def _hatch(self, painter: QtGui.QPainter, rect: QtCore.QRectF) -> None:
        """Draw slanted lines over a rectangle; a brush pattern would be pixels in a vector picture."""
        painter.save()
        painter.setClipRect(rect)
        painter.setPen(self.look.pen("muted", 1.5))
        x, step = rect.left() - rect.height(), self.look.px(7)
        while x < rect.right():
            painter.drawLine(QtCore.QPointF(x, rect.bottom()), QtCore.QPointF(x + rect.height(), rect.top()))
            x += step
        painter.restore()

    def _draw_trace(self, painter: QtGui.QPainter, trace: OverviewTrace, top: float, height: float) -> None:
        """Draw a course as one vertical line a pixel, scaled to all but its few largest values."""
        drawn = np.isfinite(trace.low) & np.isfinite(trace.high)
        if not drawn.any():
            return
        low, high = trace.low[drawn], trace.high[drawn]
        least, most = float(np.quantile(low, 0.005)), float(np.quantile(high, 0.995))
        per = (height - 4.0) / max(most - least, 1e-9)
        x = self.strip.left() + (np.flatnonzero(drawn) + 0.5) / len(trace.low) * self.strip.width()
        y_high = top + 2.0 + np.clip((most - high) * per, 0.0, height - 4.0)
        y_low = top + 2.0 + np.clip((most - low) * per, 0.0, height - 4.0)
        painter.setPen(QtGui.QPen(self.look.colour(trace.role), 1.0))
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
        self._lines.vertical(painter, x, y_high, np.maximum(y_low, y_high + 1.0))
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)

    def _draw_marks(self, painter: QtGui.QPainter) -> None:
        """Draw each mark as a dashed line with a knob."""
        pen = self.look.pen("text", 1.5)
        pen.setStyle(QtCore.Qt.PenStyle.DashLine)
        for time_s in self.content.marks_s:
            x = self.x_of(time_s)
            painter.setPen(pen)
            painter.drawLine(QtCore.QPointF(x, self.strip.top()), QtCore.QPointF(x, self.strip.bottom()))
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(self.look.colour("text"))
            painter.drawEllipse(QtCore.QPointF(x, self.strip.top()), self.look.px(4), self.look.px(4))
