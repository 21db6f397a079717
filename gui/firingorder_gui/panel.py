"""The card around the traces; says so while there are none."""

from .painting import draw_card, draw_text, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, Style
from .texts import Texts
from .trace_panel import TracePanel
from .traces import TraceStore


class Panel(QtWidgets.QWidget):
    """The card around the traces; says so while there are none."""

    def __init__(self, style: Style, texts: Texts, store: TraceStore, parent: QtWidgets.QWidget) -> None:
        """Make the trace view inside, hidden until a lane is there."""
        super().__init__(parent)
        self.look = style
        self.traces = TracePanel(style, texts, store, self)
        self._texts = texts
        self.traces.hide()
        self.setAccessibleName(texts.no_data_yet)

    def say(self, names: str, troubles: str) -> None:
        """Tell screen readers what is traced, and what is the matter with it, when that has changed."""
        if names != self.accessibleName():
            self.setAccessibleName(names)
            self.traces.name(names)
        if troubles != self.accessibleDescription():
            self.setAccessibleDescription(troubles)

    def set_style(self, style: Style) -> None:
        """Change theme or scale."""
        self.look = style
        self._fit()
        self.traces.set_style(style)
        self.update()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Keep the traces inside the card's edge."""
        self._fit()

    def _fit(self) -> None:
        """Place the trace view inside the rounded edge."""
        edge = round(self.look.px(4))
        self.traces.setGeometry(self.rect().adjusted(edge, edge, -edge, -edge))

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card, and where there are no traces a word."""
        with painting(self) as painter:
            rect = QtCore.QRectF(self.rect())
            draw_card(painter, rect, self.look)
            if self.traces.isHidden():
                text_at = QtCore.QRectF(rect)
                font, colour = self.look.font(22, MEDIUM), self.look.colour("muted")
                draw_text(painter, text_at, self._texts.no_data_yet, font, colour, QtCore.Qt.AlignmentFlag.AlignCenter)
