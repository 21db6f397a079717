"""The playhead of the review: a line over the sweep at the moment that is looked at, moved by the pointer."""

from collections.abc import Callable

from .painting import CENTRE, draw_text, text_width
from .panel_layout import PanelLayout
from .qt import GraphicsObject, QtCore, QtGui, QtWidgets
from .style import SEMIBOLD, Style
from .traces import WINDOW_S


class Playhead(GraphicsObject):
    """Draws a line at a time of the page; nothing where there is none."""

    def __init__(self, style: Style, layout: PanelLayout) -> None:
        """Start without a moment."""
        super().__init__()
        self.look, self.place = style, layout
        self.on_page_s: float | None = None
        self.label = ""

    def boundingRect(self) -> QtCore.QRectF:
        """Return the sweep's box."""
        box = self.place.sweep
        return QtCore.QRectF(box.left, box.top, box.width, box.height)

    def set_place(self, style: Style, layout: PanelLayout) -> None:
        """Change style or layout."""
        self.prepareGeometryChange()
        self.look, self.place = style, layout
        self.update()

    def show_moment(self, on_page_s: float, label: str) -> None:
        """Draw another moment, seconds from the page's start."""
        if (on_page_s, label) != (self.on_page_s, self.label):
            self.on_page_s, self.label = on_page_s, label
            self.update()

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionGraphicsItem,
        widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Draw line and time."""
        if self.on_page_s is None:
            return
        style, box = self.look, self.place.sweep
        x = box.left + self.on_page_s / WINDOW_S * box.width
        painter.setPen(style.pen("text", 2))
        painter.drawLine(QtCore.QPointF(x, box.top), QtCore.QPointF(x, box.bottom))
        font = style.font(16, SEMIBOLD, tabular=True)
        half = text_width(font, self.label) / 2 + style.px(8)
        middle = min(max(x, box.left + half), box.right - half)
        plate = QtCore.QRectF(middle - half, box.bottom - style.px(30), 2 * half, style.px(26))
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(style.colour("card"))
        painter.drawRoundedRect(plate, style.px(6), style.px(6))
        draw_text(painter, plate, self.label, font, style.colour("text"), CENTRE)


class PlayheadPointer(QtCore.QObject):
    """Watches the trace view's pointer over the sweep.

    Parameters
    ----------
    move
        Called with the seconds from the page's start that are pointed at.
    """

    def __init__(self, view: QtWidgets.QWidget, playhead: Playhead, move: Callable[[float], None]) -> None:
        """Begin to watch."""
        super().__init__(view)
        self._playhead, self._move = playhead, move
        self._held = False
        view.installEventFilter(self)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Follow a pressed pointer."""
        if not isinstance(event, QtGui.QMouseEvent):
            return False
        at, kind = event.position(), event.type()
        if kind is QtCore.QEvent.Type.MouseButtonPress:
            self._held = self._playhead.boundingRect().contains(at)
        elif kind is QtCore.QEvent.Type.MouseButtonRelease:
            held, self._held = self._held, False
            return held
        if self._held:
            box = self._playhead.place.sweep
            self._move(min(max((at.x() - box.left) / box.width, 0.0), 1.0) * WINDOW_S)
        return self._held
