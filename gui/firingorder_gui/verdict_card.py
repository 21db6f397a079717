"""The state card: one word, one figure, one instruction, legible from two metres."""

from .card import Painted
from .content import CardContent
from .painting import draw_badge, draw_card, draw_flash, draw_text, draw_wrapped, fit_font, painting, text_width
from .qt import QtCore, QtGui, QtWidgets
from .style import BOLD, MEDIUM, SEMIBOLD, Style

#: Design sizes: verdict 104 px (9-13 mm capitals on a 15.6 inch screen), figure 72, its tail 34.
WORD_PX, FIGURE_PX, TAIL_PX, KICKER_PX, NOTE_PX = 104.0, 72.0, 34.0, 20.0, 18.0
#: A tail that would be smaller than the first of these in one line is broken, and the figure leaves it so much room.
TAIL_SIZES, FIGURE_SHARE = (26.0, 23.0, 20.0, 17.0, 15.0), 0.6
BODY_SIZES = (38.0, 34.0, 30.0, 27.0, 24.0, 21.0, 18.0)


class VerdictCard(Painted):
    """Draws a `CardContent`."""

    def __init__(self, style: Style, content: CardContent, parent: QtWidgets.QWidget | None = None) -> None:
        """Start with a content."""
        super().__init__(style, content.word, parent)
        self.content = content
        self.flashes = False

    def show_content(self, content: CardContent) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self.setAccessibleName(content.word)
            self.say(content.spoken)
            self.update()

    def show_flash(self, flashes: bool) -> None:
        """Light the edge up, or put it out."""
        if flashes != self.flashes:
            self.flashes = flashes
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card."""
        with painting(self) as painter:
            draw_card(painter, self.area(), self.look, self.content.edge_role)
            if self.flashes:
                draw_flash(painter, self.area(), self.look)
            inner = self.area().adjusted(self.look.px(28), self.look.px(18), -self.look.px(28), -self.look.px(16))
            self._draw_head(painter, inner)
            self._draw_rest(painter, inner)

    def _draw_head(self, painter: QtGui.QPainter, inner: QtCore.QRectF) -> None:
        """Draw the kicker and the word, with a hollow badge where a muscle stayed silent."""
        style, content = self.look, self.content
        line = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(36))
        font = fit_font(style, content.kicker, KICKER_PX, SEMIBOLD, line.width())
        draw_text(painter, line, content.kicker, font, style.colour("muted"))
        word = QtCore.QRectF(inner.left(), inner.top() + style.px(30), inner.width(), style.px(126))
        if content.hollow_badge:
            side = style.px(64)
            badge = QtCore.QRectF(word.right() - side, inner.top(), side, side)
            draw_badge(painter, badge, content.hollow_badge, content.hollow_badge, style, hollow=True)
        font = fit_font(style, content.word, WORD_PX, BOLD, word.width())
        draw_text(painter, word, content.word, font, style.colour(content.word_role))

    def _draw_rest(self, painter: QtGui.QPainter, inner: QtCore.QRectF) -> None:
        """Draw the figure or the instruction below the word, then the note or the progress bar."""
        style, content = self.look, self.content
        top = inner.top() + style.px(148)
        note = QtCore.QRectF(inner.left(), inner.bottom() - style.px(28), inner.width(), style.px(28))
        room = QtCore.QRectF(inner.left(), top, inner.width(), inner.bottom() - top)
        if content.note:
            font = fit_font(style, content.note, NOTE_PX, MEDIUM, note.width(), tabular=True)
            draw_text(painter, note, content.note, font, style.colour("muted"))
            room.setBottom(note.top())
        if content.progress is not None:
            self._draw_progress(painter, QtCore.QRectF(note.left(), note.center().y(), note.width(), style.px(10)))
            room.setBottom(note.top())
        if content.figure:
            self._draw_figure(painter, room)
        elif content.body:
            draw_wrapped(painter, room, content.body, style, BODY_SIZES, style.colour("text"))

    def _draw_figure(self, painter: QtGui.QPainter, room: QtCore.QRectF) -> None:
        """Draw the milliseconds large, what they are between beside them, and a second line under that."""
        style, content = self.look, self.content
        font = fit_font(style, content.figure, FIGURE_PX, BOLD, room.width() * FIGURE_SHARE, tabular=True)
        figure = QtCore.QRectF(room.left(), room.top(), room.width(), style.px(86))
        draw_text(painter, figure, content.figure, font, style.colour("text"))
        left = room.left() + text_width(font, content.figure) + style.px(22)
        tail = QtCore.QRectF(left, figure.top() + style.px(10), room.right() - left, figure.height() - style.px(10))
        if not content.body:
            self._draw_tail(painter, tail)
            return
        upper, lower = QtCore.QRectF(tail), QtCore.QRectF(tail)
        upper.setHeight(tail.height() / 2)
        lower.setTop(upper.bottom())
        fitted = fit_font(style, content.tail, 27, MEDIUM, upper.width())
        draw_text(painter, upper, content.tail, fitted, style.colour("text"))
        fitted = fit_font(style, content.body, 21, MEDIUM, lower.width())
        draw_text(painter, lower, content.body, fitted, style.colour("muted"))

    def _draw_tail(self, painter: QtGui.QPainter, room: QtCore.QRectF) -> None:
        """Draw what the milliseconds are between in one line, or in a narrow card in more."""
        style, text = self.look, self.content.tail
        fitted = fit_font(style, text, TAIL_PX, MEDIUM, room.width(), least_px=TAIL_SIZES[0])
        if text_width(fitted, text) <= room.width():
            draw_text(painter, room, text, fitted, style.colour("text"))
        else:
            draw_wrapped(painter, room, text, style, TAIL_SIZES, style.colour("text"))

    def _draw_progress(self, painter: QtGui.QPainter, bar: QtCore.QRectF) -> None:
        """Draw a bar filled to the progress."""
        share = min(max(self.content.progress or 0.0, 0.0), 1.0)
        radius = bar.height() / 2
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("line"))
        painter.drawRoundedRect(bar, radius, radius)
        painter.setBrush(self.look.colour("text"))
        painter.drawRoundedRect(QtCore.QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), radius, radius)
