"""The top bar: what is tested, how far it has come, each sensor's state, where the data goes."""

from .card import Painted
from .painting import (
    CENTRE,
    LEFT_MIDDLE,
    draw_elided,
    draw_text,
    draw_triangle,
    painting,
    text_width,
)
from .qt import QtCore, QtGui, QtWidgets
from .spoken import top_spoken
from .status import ChipContent, CircleContent, TopContent
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .texts import Texts


class TopBar(Painted):
    """Draws a `TopContent`."""

    def __init__(
        self, style: Style, texts: Texts, content: TopContent, parent: QtWidgets.QWidget | None = None
    ) -> None:
        """Start with a content."""
        super().__init__(style, content.title, parent)
        self.content = content
        self._texts = texts

    def show_content(self, content: TopContent) -> None:
        """Draw a content, if it is another one."""
        if content == self.content:
            return
        self.setAccessibleName(" ".join(part for part in (content.title, content.leg, content.origin) if part))
        self.say(top_spoken(content, self._texts))
        self.content = content
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw from both ends; the sensor chips take what is left in the middle."""
        with painting(self) as painter:
            left = self._draw_test(painter)
            right = self._draw_recording(painter)
            self._draw_chips(painter, left + self.look.px(24), right - self.look.px(20))

    def _draw_test(self, painter: QtGui.QPainter) -> float:
        """Draw title, side and lift counter; return where they end."""
        style, content = self.look, self.content
        x = 0.0
        for text, weight, role in ((content.title, SEMIBOLD, "text"), (content.leg, MEDIUM, "muted")):
            if text:
                font = style.font(26, weight)
                rect = QtCore.QRectF(x, 0, text_width(font, text) + 2, self.height())
                draw_text(painter, rect, text, font, style.colour(role))
                x = rect.right() + style.px(14)
        if not content.circles and not content.counter:
            return x
        x += style.px(24)
        words = content.counter
        font = style.font(22, MEDIUM)
        rect = QtCore.QRectF(x, 0, text_width(font, words) + 2, self.height())
        draw_text(painter, rect, words, font, style.colour("muted"))
        x = rect.right() + style.px(14)
        for circle in content.circles:
            self._draw_circle(painter, circle, x)
            x += style.px(35)
        return x

    def _draw_circle(self, painter: QtGui.QPainter, circle: CircleContent, x: float) -> None:
        """Draw one lift of the counter: filled when scored, yellow while it is being done."""
        style = self.look
        side = style.px(27)
        rect = QtCore.QRectF(x, (self.height() - side) / 2, side, side)
        edge = "hip" if circle.current else ("text" if circle.filled else "muted")
        painter.setPen(style.pen(edge, 3 if circle.current else 1.5))
        painter.setBrush(style.colour("text") if circle.filled else QtCore.Qt.BrushStyle.NoBrush)
        painter.drawEllipse(rect)
        colour = style.colour("background" if circle.filled else "muted")
        draw_text(painter, rect, circle.label, style.font(15, SEMIBOLD), colour, CENTRE)

    def _draw_recording(self, painter: QtGui.QPainter) -> float:
        """Draw origin and recording state at the right end; return where they begin."""
        style, content = self.look, self.content
        right = float(self.width())
        role = "alarm_text" if content.recording_role == "alarm" else content.recording_role
        words = [content.error, content.recording] if content.error else [content.recording]
        for text in reversed([word for word in words if word]):
            font = style.font(19, SEMIBOLD, tabular=True)
            width = min(text_width(font, text) + 2, self.width() * 0.3)
            rect = QtCore.QRectF(right - width, 0, width, self.height())
            draw_elided(painter, rect, text, font, style.colour(role))
            right = rect.left() - style.px(10)
        if content.is_recording:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("alarm"))
            painter.drawEllipse(QtCore.QPointF(right - style.px(4), self.height() / 2), style.px(8), style.px(8))
            right -= style.px(22)
        if content.origin:
            right = self._draw_origin(painter, right)
        return right

    def _draw_origin(self, painter: QtGui.QPainter, right: float) -> float:
        """Draw SIMULATED or REPLAY as a solid tag; return where it begins."""
        style = self.look
        font = style.font(19, BOLD)
        width = text_width(font, self.content.origin) + style.px(24)
        tag = QtCore.QRectF(right - width - style.px(8), self.height() / 2 - style.px(16), width, style.px(32))
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("text"))
        painter.drawRoundedRect(tag, style.px(6), style.px(6))
        draw_text(painter, tag, self.content.origin, font, style.colour("background"), CENTRE)
        return tag.left()

    def _draw_chips(self, painter: QtGui.QPainter, left: float, right: float) -> None:
        """Draw the sensor chips right-aligned; where they would not fit, smaller, then merged by state."""
        chips, room = self.content.chips, right - left
        if not chips or room <= 0:
            return
        size, least = 17.0, 14.0
        while size > least and self._chips_width(chips, size) > room:
            size -= 1.0
        if self._chips_width(chips, size) > room:
            chips = merge_chips(chips, self._texts)
        painter.save()
        painter.setClipRect(QtCore.QRectF(left, 0, room, self.height()))
        x = max(left, right - self._chips_width(chips, size))
        for chip in chips:
            width = self._chip_width(chip, size)
            self._draw_chip(painter, chip, QtCore.QRectF(x, 0, width - self.look.px(12), self.height()), size)
            x += width
        painter.restore()

    def _chips_width(self, chips: tuple[ChipContent, ...], size: float) -> float:
        """Width of chips side by side."""
        return sum(self._chip_width(chip, size) for chip in chips)

    def _chip_width(self, chip: ChipContent, size: float) -> float:
        """Width of a chip with the space behind it."""
        font = self.look.font(size, SEMIBOLD)
        return text_width(font, self._chip_text(chip)) + self.look.px(2 * 16 + 22 + 12)

    def _chip_text(self, chip: ChipContent) -> str:
        """Write the sensor's name; its state only when it is not well."""
        return chip.name if chip.well else f"{chip.name} · {chip.word}"

    def _draw_chip(self, painter: QtGui.QPainter, chip: ChipContent, room: QtCore.QRectF, size: float) -> None:
        """Draw a rounded chip: circle when well, triangle and word when not."""
        style = self.look
        height = style.px(34)
        rect = QtCore.QRectF(room.left(), room.center().y() - height / 2, room.width(), height)
        painter.setPen(style.pen("line" if chip.well else "alarm", 1.5))
        painter.setBrush(style.colour("card"))
        painter.drawRoundedRect(rect, height / 2, height / 2)
        x, y = rect.left() + style.px(20), rect.center().y()
        if chip.well:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("text"))
            painter.drawEllipse(QtCore.QPointF(x, y), style.px(5.5), style.px(5.5))
        else:
            draw_triangle(painter, x, y - style.px(7), style.px(13), style.colour("alarm_text"), up=True)
        text = rect.adjusted(style.px(36), 0, -style.px(8), 0)
        colour = style.colour("text" if chip.well else "alarm_text")
        draw_text(painter, text, self._chip_text(chip), style.font(size, SEMIBOLD), colour, LEFT_MIDDLE)


def merge_chips(chips: tuple[ChipContent, ...], texts: Texts) -> tuple[ChipContent, ...]:
    """Put sensors in the same state into one chip, those in trouble first; all that are well are in one."""

    def state_of(chip: ChipContent) -> tuple[bool, str]:
        return chip.well, "" if chip.well else chip.word

    merged: list[ChipContent] = []
    for well, word in sorted(dict.fromkeys(map(state_of, chips)), key=lambda state: state[0]):
        same = [chip for chip in chips if state_of(chip) == (well, word)]
        name = same[0].name if len(same) == 1 else texts.sensors_count.format(count=len(same))
        merged.append(ChipContent(name, well, word))
    return tuple(merged)
