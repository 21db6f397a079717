"""The window that offers to go on with an unfinished test, before anything is opened: one card, two keys."""

from .card import Painted
from .offer import CHOICES, Choice, OfferContent
from .page_window import PageWindow
from .painting import CENTRE, draw_card, draw_text, draw_wrapped, fit_font, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import BOLD, LEAST_SCALE, MEDIUM, SEMIBOLD, Style, scale_of
from .texts import ENGLISH, Texts

#: Python sees Ctrl-C only when it has a turn.
TURN_MS = 100
#: The card, and what is in it from its top, in design pixels: read from two metres, like the state card.
CARD_PX = (1180.0, 620.0)
ROOM = 1.06
EDGE_PX, KICKER_PX, TITLE_PX, COUNT_PX, NOTE_PX = 56.0, 28.0, 96.0, 56.0, 24.0
QUESTION_SIZES = (38.0, 34.0, 30.0, 27.0, 24.0)
BUTTON_PX = (330.0, 84.0)


class OfferCard(Painted):
    """Draws an `OfferContent`."""

    def __init__(self, style: Style, content: OfferContent, parent: QtWidgets.QWidget) -> None:
        """Start with a content."""
        super().__init__(style, content.title, parent)
        self.content = content
        self.say(content.spoken)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card; its buttons are widgets of their own."""
        with painting(self) as painter:
            style, content = self.look, self.content
            draw_card(painter, self.area(), style)
            edge = style.px(EDGE_PX)
            inner = self.area().adjusted(edge, style.px(40), -edge, -style.px(36))
            y = inner.top()
            for text, size, weight, role, height in (
                (content.kicker, KICKER_PX, SEMIBOLD, "muted", 44),
                (content.title, TITLE_PX, BOLD, "text", 128),
                (content.count, COUNT_PX, BOLD, "text", 84),
            ):
                line = QtCore.QRectF(inner.left(), y, inner.width(), style.px(height))
                font = fit_font(style, text, size, weight, line.width(), tabular=True)
                draw_text(painter, line, text, font, style.colour(role))
                y = line.bottom()
            question = QtCore.QRectF(inner.left(), y + style.px(18), inner.width(), style.px(56))
            draw_wrapped(painter, question, content.question, style, QUESTION_SIZES, style.colour("text"))
            note = QtCore.QRectF(inner.left(), inner.bottom() - style.px(40), inner.width(), style.px(40))
            font = fit_font(style, content.kept, NOTE_PX, MEDIUM, note.width())
            draw_text(painter, note, content.kept, font, style.colour("muted"))


class OfferButton(QtWidgets.QAbstractButton):
    """A key cap with its meaning, as large as a thumb; the first choice is filled."""

    def __init__(self, style: Style, cap: str, meaning: str, parent: QtWidgets.QWidget, *, first: bool) -> None:
        """Start with the cap's text and its meaning."""
        super().__init__(parent)
        self.look, self.cap, self.meaning, self.first = style, cap, meaning, first
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{meaning} ({cap})")

    def paintEvent(self, e: QtGui.QPaintEvent) -> None:
        """Draw it."""
        with painting(self) as painter:
            style, box = self.look, QtCore.QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setPen(style.pen("text", 2))
            painter.setBrush(style.colour("text" if self.first else "card"))
            painter.drawRoundedRect(box, style.px(12), style.px(12))
            colour = style.colour("background" if self.first else "text")
            cap = QtCore.QRectF(box.left(), box.top(), box.width() * 0.38, box.height())
            draw_text(painter, cap, self.cap, style.font(22, SEMIBOLD), colour, CENTRE)
            words = QtCore.QRectF(cap.right(), box.top(), box.width() - cap.width() - style.px(16), box.height())
            font = fit_font(style, self.meaning, 34, BOLD, words.width())
            draw_text(painter, words, self.meaning, font, colour)


class OfferWindow(PageWindow):
    """Asks whether to go on with a test.

    Attributes
    ----------
    choice
        What was chosen; NEITHER where the window was closed.
    """

    def __init__(self, content: OfferContent, *, theme: str = "dark", texts: Texts = ENGLISH) -> None:
        """Make the card and its buttons."""
        super().__init__(f"{texts.app_title} · {content.title}", texts.app_title, theme)
        self.choice = Choice.NEITHER
        words = texts.offer
        self.card = OfferCard(self.look, content, self)
        self.buttons = {
            Choice.GO_ON: OfferButton(self.look, words.cap_go_on, words.go_on, self.card, first=True),
            Choice.NEW: OfferButton(self.look, words.cap_new, words.new, self.card, first=False),
        }
        self.buttons[Choice.GO_ON].clicked.connect(lambda: self.choose(Choice.GO_ON))
        self.timer = QtCore.QTimer(self)
        self.timer.timeout.connect(lambda: None)
        self.timer.start(TURN_MS)
        self.buttons[Choice.NEW].clicked.connect(lambda: self.choose(Choice.NEW))

    def choose(self, choice: Choice) -> None:
        """Take a choice, and close."""
        self.choice = choice
        self.close()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Take a key or a pedal; one that is still held from before counts for nothing."""
        choice = CHOICES.get(event.key())
        if choice is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.choose(choice)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Scale type with the window and put the card in its middle."""
        fitting = min(self.width() / (CARD_PX[0] * ROOM), self.height() / (CARD_PX[1] * ROOM))
        # Nothing else is in the window: in a small one the card takes all of it.
        scale = max(min(fitting, max(scale_of(self.width(), self.height()), 1.0)), LEAST_SCALE)
        self.look = style = Style(self.look.theme, scale)
        self.card.set_style(style)
        width, height = min(style.px(CARD_PX[0]), self.width() * 0.96), min(style.px(CARD_PX[1]), self.height() * 0.96)
        self.card.setGeometry(
            round((self.width() - width) / 2), round((self.height() - height) / 2), round(width), round(height)
        )
        space, top = style.px(24), height - style.px(36 + 40 + 36 + BUTTON_PX[1])
        button_width = min(style.px(BUTTON_PX[0]), (width - 2 * style.px(EDGE_PX) - space) / 2)
        for place, button in enumerate(self.buttons.values()):
            left = style.px(EDGE_PX) + place * (button_width + space)
            button.look = style
            button.setGeometry(round(left), round(top), round(button_width), round(style.px(BUTTON_PX[1])))
