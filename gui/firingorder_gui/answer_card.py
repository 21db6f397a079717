"""The answer card: what the set shows, most important first, and what others published; shown after the last lift."""

from .answer import AnswerContent, AnswerRow
from .card import Painted
from .painting import RIGHT_MIDDLE, draw_card, draw_text, draw_wrapped, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Height of the title and of a row, width of the names, of it the space behind them, design px.
TITLE_PX, ROW_PX, NAME_PX, NAME_GAP_PX = 36.0, 52.0, 120.0, 12.0
#: Type sizes of a finding, of its name and of the context, falling, design px.
FINDING_SIZES = (23.0, 21.0, 19.0, 17.0, 15.0)
NAME_SIZES = (20.0, 18.0, 16.0, 14.0)
CONTEXT_SIZES = (18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0)


class AnswerCard(Painted):
    """Draws an `AnswerContent`."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(style, texts.answer.title, parent)
        self.content = AnswerContent(texts.answer.title)
        self._texts = texts

    def show_content(self, content: AnswerContent) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self.say(content.spoken)
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw title, rows and context."""
        with painting(self) as painter:
            style = self.look
            # The card below must not show at the rounded corners.
            painter.fillRect(self.rect(), style.colour("background"))
            draw_card(painter, self.area(), style)
            room = self.area().adjusted(style.px(24), style.px(10), -style.px(24), -style.px(12))
            line = QtCore.QRectF(room.left(), room.top(), room.width(), style.px(TITLE_PX))
            draw_text(painter, line, self.content.title, style.font(18, SEMIBOLD), style.colour("muted"))
            font = style.font(16, MEDIUM)
            draw_text(painter, line, self._texts.answer.key, font, style.colour("muted"), RIGHT_MIDDLE)
            top = line.bottom()
            for row in self.content.rows:
                self._draw_row(painter, row, QtCore.QRectF(room.left(), top, room.width(), style.px(ROW_PX)))
                top += style.px(ROW_PX)
            rest = QtCore.QRectF(room.left(), top + style.px(4), room.width(), room.bottom() - top - style.px(4))
            words = "\n".join(self.content.context)
            draw_wrapped(painter, rest, words, style, CONTEXT_SIZES, style.colour("muted"), MEDIUM)

    def _draw_row(self, painter: QtGui.QPainter, row: AnswerRow, rect: QtCore.QRectF) -> None:
        """Draw what a row is about, and what was found."""
        style = self.look
        name = QtCore.QRectF(rect.left(), rect.top(), style.px(NAME_PX), rect.height())
        room = name.adjusted(0, 0, -style.px(NAME_GAP_PX), 0)
        draw_wrapped(painter, room, row.name, style, NAME_SIZES, style.colour("muted"), SEMIBOLD)
        found = QtCore.QRectF(name.right(), rect.top(), rect.right() - name.right(), rect.height())
        draw_wrapped(painter, found, row.text, style, FINDING_SIZES, style.colour(row.role), SEMIBOLD)
