"""The sensors' card: shown until the first lift, and whenever the key asks for it; a press of the pointer puts it away.

It lies over the order card and the table, which have nothing to show before the first lift.
"""

from collections.abc import Callable

from .card import Painted
from .painting import LEFT_TOP, RIGHT_MIDDLE, draw_card, draw_elided, draw_text, fit_font, painting, text_width
from .qt import QtCore, QtGui, QtWidgets
from .sensors import ClockRow, SensorRow, SensorsContent
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Height of a sensor's two lines, of a clock's one, and of a heading, design px.
ROW_PX, CLOCK_PX, TITLE_PX = 56.0, 34.0, 38.0
#: Largest share of the card that sensors take, so that what to know keeps its room.
ROWS_SHARE = 0.5
#: Type sizes for what to know, design px, falling.
NOTE_SIZES = (21.0, 19.0, 17.0, 15.0, 13.0)
NOTE_GAP_PX = 14.0
WRAPPED = int(LEFT_TOP.value) | int(QtCore.Qt.TextFlag.TextWordWrap.value)


class SensorsCard(Painted):
    """Draws a `SensorsContent`.

    Parameters
    ----------
    dismiss
        Called when the pointer presses the card.
    """

    def __init__(
        self, style: Style, texts: Texts, dismiss: Callable[[], None], parent: QtWidgets.QWidget | None = None
    ) -> None:
        """Start empty."""
        super().__init__(style, texts.sensors_title, parent)
        self.content = SensorsContent(texts.sensors_title)
        self._texts = texts
        self._dismiss = dismiss

    def show_content(self, content: SensorsContent) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self.say(content.spoken)
            self.update()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Put the card away."""
        self._dismiss()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw sensors, clocks and what to know, each with a heading."""
        with painting(self) as painter:
            style, texts = self.look, self._texts
            # The cards below must not show at the rounded corners.
            painter.fillRect(self.rect(), style.colour("background"))
            draw_card(painter, self.area(), style)
            room = self.area().adjusted(style.px(24), style.px(12), -style.px(24), -style.px(16))
            close = QtCore.QRectF(room.left(), room.top(), room.width(), style.px(TITLE_PX))
            draw_text(painter, close, texts.sensors_close, style.font(16, MEDIUM), style.colour("muted"), RIGHT_MIDDLE)
            self._draw_title(painter, room, self.content.title)
            pitch = min(style.px(ROW_PX), room.height() * ROWS_SHARE / max(len(self.content.rows), 1))
            for row in self.content.rows:
                self._draw_sensor(painter, row, _cut(room, pitch))
            if self.content.clocks:
                self._draw_title(painter, room, texts.clocks_title)
                for clock in self.content.clocks:
                    self._draw_clock(painter, clock, _cut(room, style.px(CLOCK_PX)))
            if self.content.notes:
                self._draw_title(painter, room, texts.notes_title)
                self._draw_notes(painter, room)

    def _draw_title(self, painter: QtGui.QPainter, room: QtCore.QRectF, title: str) -> None:
        """Draw a heading at the top of what is left."""
        line = _cut(room, self.look.px(TITLE_PX))
        draw_text(painter, line, title, self.look.font(18, SEMIBOLD), self.look.colour("muted"))

    def _draw_sensor(self, painter: QtGui.QPainter, row: SensorRow, rect: QtCore.QRectF) -> None:
        """Draw name and state, and under them where the sensor is."""
        style = self.look
        size = min(21.0, rect.height() / style.scale * 0.42)
        upper = QtCore.QRectF(rect.left(), rect.top(), rect.width(), rect.height() * 0.52)
        lower = QtCore.QRectF(rect.left(), upper.bottom(), rect.width(), rect.height() * 0.4)
        colour = style.colour("text" if row.well else "alarm_text")
        font = style.font(size - 2, MEDIUM)
        draw_text(painter, upper, row.state, font, colour, RIGHT_MIDDLE)
        upper.setRight(upper.right() - text_width(font, row.state) - style.px(16))
        draw_elided(painter, upper, row.name, style.font(size, SEMIBOLD), style.colour("text"))
        draw_elided(painter, lower, row.link, style.font(size * 0.8, MEDIUM), style.colour("muted"))

    def _draw_clock(self, painter: QtGui.QPainter, clock: ClockRow, rect: QtCore.QRectF) -> None:
        """Draw a class at the right, and its pairs in the room that leaves."""
        style = self.look
        font = style.font(18, MEDIUM)
        draw_text(painter, rect, clock.words, font, style.colour("text"), RIGHT_MIDDLE)
        left = QtCore.QRectF(rect)
        left.setRight(rect.right() - text_width(font, clock.words) - style.px(16))
        pairs = fit_font(style, clock.pairs, 18, SEMIBOLD, left.width(), least_px=14)
        draw_elided(painter, left, clock.pairs, pairs, style.colour("text"))

    def _draw_notes(self, painter: QtGui.QPainter, room: QtCore.QRectF) -> None:
        """Draw each note with a bar beside it, all in the largest size at which they fit."""
        style = self.look
        inner = room.adjusted(style.px(16), 0, 0, 0)
        font, heights = self._fit_notes(inner)
        painter.setFont(font)
        for note, height in zip(self.content.notes, heights, strict=True):
            bar = QtCore.QRectF(room.left(), inner.top(), style.px(4), height)
            painter.fillRect(bar, style.colour("muted"))
            painter.setPen(style.colour("text"))
            painter.drawText(QtCore.QRectF(inner.left(), inner.top(), inner.width(), height), WRAPPED, note)
            inner.setTop(inner.top() + height + style.px(NOTE_GAP_PX))

    def _fit_notes(self, room: QtCore.QRectF) -> tuple[QtGui.QFont, list[float]]:
        """Find the largest font in which all notes fit, else the smallest; return it and the notes' heights."""
        style, notes = self.look, self.content.notes
        gaps = style.px(NOTE_GAP_PX) * (len(notes) - 1)
        for size in NOTE_SIZES[:-1]:
            font = style.font(size, MEDIUM)
            heights = [_height(font, note, room.width()) for note in notes]
            if sum(heights) + gaps <= room.height():
                return font, heights
        font = style.font(NOTE_SIZES[-1], MEDIUM)
        return font, [_height(font, note, room.width()) for note in notes]


def _height(font: QtGui.QFont, text: str, width: float) -> float:
    """Height of words over several lines of a width."""
    return QtGui.QFontMetricsF(font).boundingRect(QtCore.QRectF(0, 0, width, 1e4), WRAPPED, text).height()


def _cut(room: QtCore.QRectF, height: float) -> QtCore.QRectF:
    """Take a line off the top of the room."""
    line = QtCore.QRectF(room.left(), room.top(), room.width(), height)
    room.setTop(line.bottom())
    return line
