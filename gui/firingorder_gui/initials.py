"""Asks once who moves onsets: initials are kept with a correction; nothing is taken from the machine unasked."""

from collections.abc import Callable

from .card import Painted
from .painting import draw_card, draw_text, draw_wrapped, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, Style
from .texts import Texts

#: Initials, not a name: longer than this is none.
MOST_LETTERS = 8


class AskInitials(Painted):
    """Covers the window until initials are given or refused.

    Parameters
    ----------
    answer
        Called with the initials, empty where none were given.
    """

    def __init__(self, style: Style, texts: Texts, answer: Callable[[str], None], parent: QtWidgets.QWidget) -> None:
        """Start hidden."""
        super().__init__(style, texts.review.initials, parent)
        self._texts = texts
        self._answer = answer
        self.field = QtWidgets.QLineEdit(self)
        self.field.setMaxLength(MOST_LETTERS)
        self.field.setAccessibleName(texts.review.initials)
        self.field.setPlaceholderText(texts.review.initials)
        self.field.returnPressed.connect(self._take)
        self.say(texts.review.ask_who)
        self.hide()

    def ask(self) -> None:
        """Show the question."""
        self.show()
        self.raise_()
        self._place()
        self.field.setFocus()

    def _take(self) -> None:
        """Hand over what was written."""
        initials = self.field.text().strip()
        if initials:
            self._close(initials)

    def _close(self, initials: str) -> None:
        """Go away, and give the keys back to the window."""
        self.hide()
        self.window().setFocus()
        self._answer(initials)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Let Esc refuse; keep every other key from the window."""
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self._close("")

    def keyReleaseEvent(self, event: QtGui.QKeyEvent) -> None:
        """Keep releases from the window too."""

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place the field anew."""
        self._place()

    @property
    def card(self) -> QtCore.QRectF:
        """Where the question lies."""
        width, height = min(self.look.px(860), self.width() * 0.9), self.look.px(250)
        return QtCore.QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _place(self) -> None:
        """Place the field in the card."""
        card, style = self.card, self.look
        self.field.setFont(style.font(30, MEDIUM))
        colours = {role: style.colour(role).name() for role in ("lens", "text", "muted")}
        self.field.setStyleSheet(
            f"background: {colours['lens']}; color: {colours['text']}; border: 1px solid {colours['muted']};"
            f" padding: 0 {round(style.px(12))}px;"
        )
        left, top = card.left() + style.px(40), card.top() + style.px(118)
        self.field.setGeometry(round(left), round(top), round(style.px(280)), round(style.px(56)))

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the question."""
        with painting(self) as painter:
            style, card = self.look, self.card
            painter.fillRect(self.rect(), style.colour("background", 0.82))
            draw_card(painter, card, style, "text")
            inner = card.adjusted(style.px(40), style.px(26), -style.px(40), -style.px(20))
            words = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(84))
            draw_wrapped(painter, words, self._texts.review.ask_who, style, (25.0, 21.0, 18.0), style.colour("text"))
            foot = QtCore.QRectF(inner.left(), inner.bottom() - style.px(34), inner.width(), style.px(34))
            draw_text(painter, foot, self._texts.review.ask_who_keys, style.font(18, MEDIUM), style.colour("muted"))
