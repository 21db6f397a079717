"""The help: every key on one card over the window; any key closes it."""

from .card import Painted
from .painting import draw_card, draw_text, fit_font, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts


class HelpOverlay(Painted):
    """Covers the window while it is shown; recording and analysis go on behind it."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget) -> None:
        """Start hidden."""
        super().__init__(style, texts.help_title, parent)
        self._texts = texts
        self.say(". ".join(f"{keys}: {meaning}" for keys, meaning in texts.help_lines))
        self.hide()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Close on a click."""
        self.hide()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card in the middle."""
        with painting(self) as painter:
            style, lines = self.look, self._texts.help_lines
            painter.fillRect(self.rect(), style.colour("background", 0.82))
            width, height = min(style.px(1100), self.width() * 0.96), style.px(150 + 56 * len(lines))
            card = QtCore.QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
            draw_card(painter, card, style)
            left, top = card.left() + style.px(40), card.top() + style.px(24)
            title = QtCore.QRectF(left, top, card.width(), style.px(48))
            draw_text(painter, title, self._texts.help_title, style.font(30, SEMIBOLD), style.colour("text"))
            for i, (keys, meaning) in enumerate(lines):
                y = title.bottom() + style.px(8 + 56 * i)
                first = QtCore.QRectF(left, y, width * 0.46 - style.px(50), style.px(52))
                font = fit_font(style, keys, 22, SEMIBOLD, first.width())
                draw_text(painter, first, keys, font, style.colour("text"))
                second = QtCore.QRectF(card.left() + width * 0.46, y, width * 0.54 - style.px(30), style.px(52))
                font = fit_font(style, meaning, 22, MEDIUM, second.width())
                draw_text(painter, second, meaning, font, style.colour("muted"))
            foot = QtCore.QRectF(left, card.bottom() - style.px(60), card.width(), style.px(40))
            draw_text(painter, foot, self._texts.help_close, style.font(18, MEDIUM), style.colour("muted"))
