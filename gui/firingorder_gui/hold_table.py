"""The list of holds: a row each, the newest at the bottom; a click shows a hold again."""

from collections.abc import Callable

from .card import Painted
from .hold_rows import HoldRow, column_names
from .painting import LEFT_MIDDLE, draw_card, draw_text, fit_font, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Left edges of the columns as shares of the inner width.
COLUMNS = (0.0, 0.09, 0.195, 0.365, 0.60, 0.80)
ROW_PX, LEAST_ROW_PX, HEAD_PX = 38.0, 28.0, 30.0


class HoldButton(QtWidgets.QAbstractButton):
    """One row: a button for pointers and screen readers, without focus, so that keys stay with the window."""

    def __init__(self, style: Style, content: HoldRow, parent: QtWidgets.QWidget) -> None:
        """Start with a content."""
        super().__init__(parent)
        self.look = style
        self.content = content
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(content.spoken)

    def show_content(self, content: HoldRow) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self.setAccessibleName(content.spoken)
            self.update()

    def paintEvent(self, e: QtGui.QPaintEvent) -> None:
        """Draw the row."""
        with painting(self) as painter:
            style, rect, content = self.look, QtCore.QRectF(self.rect()), self.content
            if content.selected:
                painter.setPen(QtCore.Qt.PenStyle.NoPen)
                painter.setBrush(style.colour("lens"))
                painter.drawRoundedRect(rect, style.px(8), style.px(8))
            painter.setPen(style.pen("line", 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            colour = style.colour("text" if content.complete else "muted")
            for column, text in enumerate(content.cells):
                place = cell(rect, column, style)
                font = fit_font(style, text, 21, SEMIBOLD, place.width(), tabular=True)
                draw_text(painter, place, text, font, colour, LEFT_MIDDLE)


def cell(rect: QtCore.QRectF, column: int, style: Style) -> QtCore.QRectF:
    """Return a column's cell in a row."""
    inner = rect.adjusted(style.px(10), 0, -style.px(6), 0)
    edges = (*COLUMNS, 1.0)
    left = inner.left() + edges[column] * inner.width()
    width = (edges[column + 1] - edges[column]) * inner.width() - style.px(8)
    return QtCore.QRectF(left, rect.top(), width, rect.height())


class HoldTable(Painted):
    """Draws the heading and holds the rows.

    Parameters
    ----------
    choose
        Called with the place of a hold whose row is clicked.
    """

    def __init__(
        self, style: Style, texts: Texts, choose: Callable[[int], None], parent: QtWidgets.QWidget | None = None
    ) -> None:
        """Start empty."""
        super().__init__(style, texts.effort.table_name, parent)
        self._texts, self._choose = texts, choose
        self.contents: tuple[HoldRow, ...] = ()
        self.buttons: list[HoldButton] = []

    def show_content(self, contents: tuple[HoldRow, ...]) -> None:
        """Show rows."""
        if contents == self.contents:
            return
        self.contents = contents
        for index, content in enumerate(contents):
            if index < len(self.buttons):
                self.buttons[index].show_content(content)
            else:
                button = HoldButton(self.look, content, self)
                button.clicked.connect(lambda _=False, row=button: self._choose(row.content.place))
                self.buttons.append(button)
        self._place()

    def set_style(self, style: Style) -> None:
        """Change theme or scale of table and rows."""
        super().set_style(style)
        for button in self.buttons:
            button.look = style
            button.update()
        self._place()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place the rows anew."""
        self._place()

    def _place(self) -> None:
        """Lay out as many rows as fit, so that the selected one is among them, else the newest."""
        style = self.look
        top, left = style.px(HEAD_PX + 8), style.px(14)
        room = self.height() - top - style.px(8)
        fitting = max(1, int(room // style.px(LEAST_ROW_PX)))
        n_rows = len(self.contents)
        chosen = next((i for i, content in enumerate(self.contents) if content.selected), n_rows - 1)
        first = min(max(n_rows - fitting, 0), max(chosen - fitting + 1, 0)) if n_rows > fitting else 0
        first = max(first, chosen - fitting + 1)
        pitch = min(style.px(ROW_PX), room / max(min(n_rows, fitting), 1))
        for index, button in enumerate(self.buttons):
            shown = first <= index < min(first + fitting, n_rows)
            button.setVisible(shown)
            if shown:
                y = top + (index - first) * pitch
                button.setGeometry(QtCore.QRectF(left, y, self.width() - 2 * left, pitch).toAlignedRect())

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw card and heading."""
        with painting(self) as painter:
            style = self.look
            # The cards below must not show at the rounded corners.
            painter.fillRect(self.rect(), style.colour("background"))
            draw_card(painter, self.area(), style)
            left = style.px(14)
            head = QtCore.QRectF(left, style.px(6), self.width() - 2 * left, style.px(HEAD_PX))
            for column, name in enumerate(column_names(self._texts)):
                place = cell(head, column, style)
                place.setRight(place.right() + style.px(6))
                draw_text(painter, place, name, fit_font(style, name, 14, MEDIUM, place.width()), style.colour("muted"))
