"""The lift table: one row a lift, newest at the bottom, the set's state under it; a click shows a lift enlarged."""

from collections.abc import Callable

from .card import Painted
from .lift_lists import RowContent
from .painting import CENTRE, draw_badge, draw_card, draw_elided, draw_text, fit_font, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Left edges of the columns as shares of the inner width: lift, order, verdict, delay, hip, pelvis.
COLUMNS = (0.0, 0.075, 0.36, 0.635, 0.815, 0.915)
ROW_PX, HEAD_PX, FOOT_PX = 52.0, 42.0, 44.0
#: Rows closer than this could not be read.
LEAST_ROW_PX = 44.0


class LiftRow(QtWidgets.QAbstractButton):
    """One row: a button for pointers and screen readers, without focus, so that keys stay with the window."""

    def __init__(self, style: Style, content: RowContent, parent: QtWidgets.QWidget) -> None:
        """Start with a content."""
        super().__init__(parent)
        self.look = style
        self.content = content
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self._say()

    def _say(self) -> None:
        """Tell pointers and screen readers what does not fit into the cells."""
        self.setAccessibleName(self.content.spoken)
        self.setAccessibleDescription(self.content.motion)
        self.setToolTip(self.content.motion)

    def show_content(self, content: RowContent) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self._say()
            self.update()

    def paintEvent(self, e: QtGui.QPaintEvent) -> None:
        """Draw the row."""
        with painting(self) as painter:
            style, rect = self.look, QtCore.QRectF(self.rect())
            if self.content.selected:
                painter.setPen(QtCore.Qt.PenStyle.NoPen)
                painter.setBrush(style.colour("lens"))
                painter.drawRoundedRect(rect, style.px(8), style.px(8))
            painter.setPen(style.pen("line", 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            self._draw_cells(painter, rect)

    def _draw_cells(self, painter: QtGui.QPainter, rect: QtCore.QRectF) -> None:
        """Draw number, order, words and figures."""
        style, content = self.look, self.content
        cells = [cell(rect, i, style) for i in range(len(COLUMNS))]
        draw_text(painter, cells[0], str(content.number), style.font(22, SEMIBOLD, tabular=True), style.colour("text"))
        if not content.scored:
            wide = QtCore.QRectF(
                cells[1].left(), rect.top(), cells[4].left() - cells[1].left() - style.px(8), rect.height()
            )
            font = fit_font(style, content.verdict, 18, MEDIUM, wide.width(), least_px=13)
            draw_elided(painter, wide, content.verdict, font, style.colour("muted"))
        else:
            self._draw_chips(painter, cells[1])
            font = fit_font(style, content.verdict, 21, SEMIBOLD, cells[2].width())
            words, under = QtCore.QRectF(cells[2]), QtCore.QRectF(cells[2])
            if content.hand:
                words.setBottom(rect.top() + rect.height() * 0.62)
                under.setTop(rect.top() + rect.height() * 0.56)
                small = fit_font(style, content.hand, 14, MEDIUM, under.width())
                draw_text(painter, under, content.hand, small, style.colour("muted"))
            draw_text(painter, words, content.verdict, font, style.colour("text"))
        for i, text in ((3, content.delay), (4, content.hip), (5, content.pelvis)):
            draw_text(painter, cells[i], text, style.font(21, SEMIBOLD, tabular=True), style.colour("text"))

    def _draw_chips(self, painter: QtGui.QPainter, rect: QtCore.QRectF) -> None:
        """Draw the letters by onset, joined by a line only where their order was decided."""
        style, chips = self.look, self.content.chips
        if not chips:
            return
        pitch = min(style.px(40), rect.width() / len(chips))
        side = min(style.px(30), pitch * 0.85)
        for i, (letter, role) in enumerate(chips):
            badge = QtCore.QRectF(rect.left() + i * pitch, rect.center().y() - side / 2, side, side)
            draw_badge(painter, badge, letter, role, style)
            if i and self.content.decided:
                painter.setPen(style.pen("muted", 2))
                y = rect.center().y()
                painter.drawLine(
                    QtCore.QPointF(badge.left() - (pitch - side) + 1, y), QtCore.QPointF(badge.left() - 1, y)
                )


def cell(rect: QtCore.QRectF, column: int, style: Style) -> QtCore.QRectF:
    """Return a column's cell in a row."""
    inner = rect.adjusted(style.px(10), 0, -style.px(6), 0)
    edges = (*COLUMNS, 1.0)
    left = inner.left() + edges[column] * inner.width()
    width = (edges[column + 1] - edges[column]) * inner.width() - style.px(8)
    return QtCore.QRectF(left, rect.top(), width, rect.height())


def fit_rows(contents: list[RowContent], fitting: int) -> list[RowContent]:
    """Return so many rows: the newest, or those around the selected one where that is not among them."""
    last = len(contents)
    selected = next((place for place, content in enumerate(contents) if content.selected), last)
    if selected < last - fitting:
        last = max(selected + fitting // 2 + 1, fitting)
    return contents[max(last - fitting, 0) : last]


class LiftTable(Painted):
    """Draws heading and set line, and holds the rows that fit: a row costs 5 kB, and a long test has hundreds of lifts.

    Parameters
    ----------
    choose
        Called with a lift's number when its row is clicked.
    """

    def __init__(
        self, style: Style, texts: Texts, choose: Callable[[int], None], parent: QtWidgets.QWidget | None = None
    ) -> None:
        """Start empty."""
        super().__init__(style, texts.table_name, parent)
        self._texts = texts
        self._choose = choose
        self._contents: list[RowContent] = []
        self._line = ""
        self.rows: dict[int, LiftRow] = {}

    def show_content(self, contents: list[RowContent], line: str, motion: str = "") -> None:
        """Show rows and the set's line; `motion` says in words what does not fit into it."""
        self.setToolTip(motion)
        self.say("; ".join(part for part in (line, motion) if part))
        if contents == self._contents and line == self._line:
            return
        headed = bool(contents) != bool(self._contents) or line != self._line
        self._contents, self._line = contents, line
        self._place()
        if headed:
            self.update()

    def _make_row(self, content: RowContent) -> LiftRow:
        """Make a row; which lift it stands for may change."""
        row = LiftRow(self.look, content, self)
        row.clicked.connect(lambda: self._choose(row.content.number))
        return row

    def set_style(self, style: Style) -> None:
        """Change theme or scale of table and rows."""
        super().set_style(style)
        for row in self.rows.values():
            row.look = style
            row.update()
        self._place()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place the rows anew."""
        self._place()

    def _place(self) -> None:
        """Lay out what fits, the newest or those around an older one that is selected, in the rows of what does not."""
        style = self.look
        top, left = style.px(HEAD_PX + 6), style.px(14)
        room = self.height() - top - style.px(FOOT_PX)
        fitting = max(1, int(room // style.px(LEAST_ROW_PX)))
        shown = fit_rows(self._contents, fitting)
        spare = [self.rows.pop(number) for number in self.rows.keys() - {content.number for content in shown}]
        pitch = min(style.px(ROW_PX), room / max(len(shown), 1))
        for place, content in enumerate(shown):
            if content.number not in self.rows:
                self.rows[content.number] = spare.pop() if spare else self._make_row(content)
            row = self.rows[content.number]
            row.show_content(content)
            area = QtCore.QRectF(left, top + place * pitch, self.width() - 2 * left, pitch)
            row.setGeometry(area.toAlignedRect())
            row.raise_()  # screen readers go through them in this order
            row.show()
        for row in spare:
            row.hide()
            row.deleteLater()  # not at once: it may be the one that is being clicked

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw card, heading and set line; without lifts only the card."""
        with painting(self) as painter:
            style = self.look
            draw_card(painter, self.area(), style)
            if not self._contents:
                font, colour = style.font(21, MEDIUM), style.colour("muted")
                draw_text(painter, self.area(), self._texts.table_later, font, colour, CENTRE)
                return
            left = style.px(14)
            head = QtCore.QRectF(left, style.px(6), self.width() - 2 * left, style.px(HEAD_PX))
            texts = self._texts
            names = (
                texts.column_lift,
                texts.column_order,
                texts.column_verdict,
                texts.column_delay,
                texts.column_hip,
                texts.column_pelvis,
            )
            for i, name in enumerate(names):
                place = cell(head, i, style)
                place.setRight(place.right() + style.px(6))  # headings may use the space between columns
                font = fit_font(style, name, 14, SEMIBOLD, place.width())
                draw_text(painter, place, name, font, style.colour("muted"))
            foot = QtCore.QRectF(
                style.px(24), self.height() - style.px(FOOT_PX), self.width() - style.px(48), style.px(FOOT_PX - 6)
            )
            draw_text(
                painter, foot, self._line, fit_font(style, self._line, 18, MEDIUM, foot.width()), style.colour("muted")
            )
