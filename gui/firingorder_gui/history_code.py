"""Asks whose a recording is: a code is typed, or one of the list is taken. Nobody is named."""

from collections.abc import Callable

from .card import Painted
from .history_model import MOST_ROWS, CodeRow, HistoryModel
from .painting import draw_card, draw_text, draw_wrapped, fit_font, painting
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts

CARD_PX = (900.0, 660.0)
ROW_PX = 52.0


class RowButton(QtWidgets.QAbstractButton):
    """A code of the list."""

    def __init__(self, style: Style, name: str, parent: QtWidgets.QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.look, self.words, self.chosen = style, "", False
        self.setAccessibleName(name)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)

    def show_row(self, row: CodeRow, is_on: str, *, chosen: bool) -> None:
        """Show a code."""
        self.words, self.chosen = row.words, chosen
        self.setAccessibleName(row.words)
        self.setAccessibleDescription(is_on if chosen else "")
        self.update()

    def paintEvent(self, e: QtGui.QPaintEvent) -> None:
        """Draw it; the chosen one is filled."""
        with painting(self) as painter:
            style, box = self.look, QtCore.QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setPen(style.pen("text" if self.chosen else "line", 1.5))
            painter.setBrush(style.colour("text" if self.chosen else "card"))
            painter.drawRoundedRect(box, style.px(9), style.px(9))
            inner = box.adjusted(style.px(18), 0, -style.px(12), 0)
            font = fit_font(style, self.words, 22, SEMIBOLD, inner.width(), tabular=True)
            draw_text(painter, inner, self.words, font, style.colour("background" if self.chosen else "text"))


class CodeCard(Painted):
    """The question, a field and the list.

    Parameters
    ----------
    take
        Called once a code was chosen.
    """

    def __init__(
        self, style: Style, texts: Texts, model: HistoryModel, take: Callable[[], None], parent: QtWidgets.QWidget
    ) -> None:
        """Start hidden."""
        super().__init__(style, texts.history.who, parent)
        self._texts, self._model, self._take = texts, model, take
        self.field = QtWidgets.QLineEdit(self)
        self.field.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)  # it has the keys while it is asked for, no longer
        self.field.setAccessibleName(texts.history.code)
        self.field.setPlaceholderText(texts.history.code)
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(take)
        self.rows = [RowButton(style, texts.history.code, self) for _ in range(MOST_ROWS)]
        for place, row in enumerate(self.rows):
            self._connect(row, place)
        self.say(texts.history.who_note)
        self.hide()

    def _connect(self, row: RowButton, place: int) -> None:
        row.clicked.connect(lambda: self._press(place))

    def _press(self, place: int) -> None:
        """Take the code that was pressed."""
        self._model.row = place
        self._take()

    def _typed(self, text: str) -> None:
        """Follow what is typed."""
        self._model.type_code(text)
        self.refresh()

    def ask(self) -> None:
        """Show the question, and let keys go into the field."""
        self.show()
        self.refresh()
        self.field.setFocus()

    def refresh(self) -> None:
        """Show the codes that may be taken."""
        rows = self._model.rows()
        for place, button in enumerate(self.rows):
            button.setVisible(place < len(rows))
            if place < len(rows):
                button.show_row(rows[place], self._texts.is_on, chosen=place == self._model.row)
        self.say(". ".join(each for each in (self._texts.history.who_note, self._model.message) if each))
        self.update()

    def set_style(self, style: Style) -> None:
        """Change theme or scale."""
        super().set_style(style)
        for row in self.rows:
            row.look = style
        self._place()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place field and list anew."""
        self._place()

    def _place(self) -> None:
        """Lay field and list out."""
        style = self.look
        self.field.setFont(style.font(30, MEDIUM))
        colours = {role: style.colour(role).name() for role in ("lens", "text", "muted")}
        self.field.setStyleSheet(
            f"background: {colours['lens']}; color: {colours['text']}; border: 1px solid {colours['muted']};"
            f" padding: 0 {round(style.px(12))}px;"
        )
        left, width = style.px(40), self.width() - 2 * style.px(40)
        self.field.setGeometry(QtCore.QRectF(left, style.px(160), width, style.px(58)).toRect())
        for place, row in enumerate(self.rows):
            top = style.px(240 + ROW_PX * place)
            row.setGeometry(QtCore.QRectF(left, top, width, style.px(ROW_PX - 7)).toRect())

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the question, what is the matter with the last answer, and the keys."""
        with painting(self) as painter:
            style, words = self.look, self._texts.history
            draw_card(painter, self.area(), style)
            inner = self.area().adjusted(style.px(40), style.px(26), -style.px(40), -style.px(18))
            head = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(52))
            font = fit_font(style, words.who, 36, SEMIBOLD, head.width())
            draw_text(painter, head, words.who, font, style.colour("text"))
            note = QtCore.QRectF(inner.left(), head.bottom() + style.px(2), inner.width(), style.px(66))
            text = self._model.message or words.who_note
            draw_wrapped(painter, note, text, style, (22.0, 20.0, 18.0, 16.0), style.colour("muted"))
            foot = QtCore.QRectF(inner.left(), inner.bottom() - style.px(30), inner.width(), style.px(30))
            font = fit_font(style, words.who_keys, 18, MEDIUM, foot.width(), least_px=11)
            draw_text(painter, foot, words.who_keys, font, style.colour("muted"))
