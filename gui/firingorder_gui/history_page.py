"""The page of a person's visits, over the live window once a test is over, over the review, or in a window of its own.

It lays out and passes on: `history_model.py` knows what is shown, `history_desk.py` fetches and files.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from firingorder_session.judging.quantities import OF_VISITS
from firingorder_session.recordings.recording import Recording

from .bottom_bar import Action, BottomBar
from .card import Painted
from .history_cards import ChangeCard, ChartCard, QuestionCard, SmallChart
from .history_code import CARD_PX, CodeCard
from .history_content import HistoryContent
from .history_desk import Failed, HistoryDesk
from .history_model import HistoryModel, PageState
from .keys import LIFT_KEYS
from .painting import CENTRE, draw_card, draw_elided, draw_text, draw_wrapped, fit_font, painting, text_width
from .qt import QtCore, QtGui, QtWidgets
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .telling import tell_error
from .texts import Texts
from .window_layout import FOOT_PX, HEAD_PX, SIDE_PX, SPACE_PX, TRACES_SHARE

Key = QtCore.Qt.Key
#: Height of the small figures and of the questions, design px.
SMALL_PX, QUESTIONS_PX = 214.0, 296.0
MOST_CHARTS = 7
DIGITS: dict[int, int] = {Key.Key_0: 0, **LIFT_KEYS}
ACTIONS: dict[int, Action] = {
    Key.Key_Right: Action.LATER,
    Key.Key_Space: Action.LATER,
    Key.Key_PageDown: Action.LATER,
    Key.Key_Return: Action.LATER,
    Key.Key_Enter: Action.LATER,
    Key.Key_Left: Action.EARLIER,
    Key.Key_PageUp: Action.EARLIER,
    Key.Key_T: Action.OTHER_TEST,
    Key.Key_Tab: Action.QUESTION,
    Key.Key_Backtab: Action.QUESTION,
    Key.Key_Up: Action.QUESTION,
    Key.Key_Down: Action.QUESTION,
    Key.Key_H: Action.HISTORY,
    Key.Key_Escape: Action.HISTORY,
}


def history_caps(texts: Texts) -> tuple[tuple[Action, str, str], ...]:
    """List the keys that the bottom bar shows."""
    words = texts.history
    return (
        (Action.EARLIER, "\u2190", words.key_earlier),
        (Action.LATER, "\u2192", words.key_next),
        (Action.OTHER_TEST, "T", words.key_test),
        (Action.QUESTION, "Tab", words.key_question),
        (Action.HISTORY, "H", words.key_back),
    )


@dataclass(frozen=True)
class Boxes:
    """Where the parts lie, pixels."""

    chart: QtCore.QRectF
    small: QtCore.QRectF
    changes: QtCore.QRectF
    questions: QtCore.QRectF


class HistoryPage(Painted):
    """Covers its window while it is shown.

    Parameters
    ----------
    say
        Called with what the window is to show: why the page does not open, that a picture was not noted.
    leave
        Called when the page was left; None = nothing but its hiding.
    """

    def __init__(
        self,
        style: Style,
        texts: Texts,
        parent: QtWidgets.QWidget,
        say: Callable[[str], None],
        leave: Callable[[], None] | None = None,
    ) -> None:
        """Start hidden."""
        super().__init__(style, texts.history.title_open, parent)
        self._texts, self._say, self._leave = texts, say, leave
        self.desk = HistoryDesk()
        self.model = HistoryModel(texts)
        self.content: HistoryContent | None = None
        self.chart = ChartCard(style, texts, self)
        self.small = [SmallChart(style, texts.history.title_open, self) for _ in range(MOST_CHARTS)]
        for place, button in enumerate(self.small):
            self._connect(button, place)
        self.changes = ChangeCard(style, texts, self)
        self.questions = QuestionCard(style, texts, self._answer, self)
        self.code = CodeCard(style, texts, self.model, self._take_code, self)
        self.bottom = BottomBar(style, texts, self.act, self, history_caps(texts))
        self.hide()

    def _connect(self, button: SmallChart, place: int) -> None:
        button.clicked.connect(lambda: self._choose(place))

    def open(self, what: Path | Recording | None) -> None:
        """Show the visits of whoever a recording is of; None = there is none, or not yet."""
        path = what.info.path if isinstance(what, Recording) else what
        if path is None:
            self._say(self._texts.history.none_yet)
            return
        self._show_waiting(self._texts.history.reading)
        self.desk.ask(path, what if isinstance(what, Recording) else None)

    def open_code(self, code: str) -> None:
        """Show a subject's visits."""
        self._show_waiting("")
        self.desk.show(code)

    def _show_waiting(self, message: str) -> None:
        """Cover the window."""
        self.model.wait(message)
        self.refresh()
        self.show()
        self.raise_()

    def note(self, recordings: Sequence[Recording], paths: Sequence[Path]) -> None:
        """Note pictures, where it is known whose they are."""
        self.desk.note(recordings, paths, "picture")

    def follow(self) -> None:
        """Show what came of a task; called by the window's timer."""
        outcome = self.desk.follow()
        if outcome is not None and not self.isHidden():
            self.model.take(outcome)
            self.refresh()
        elif isinstance(outcome, Failed):
            self._say(self._texts.history.not_noted.format(what=tell_error(outcome.error, self._texts)))

    def refresh(self) -> None:
        """Derive and show everything."""
        model = self.model
        self.content = content = model.content()
        shows = content is not None
        asks = bool(content and content.questions)
        for part, there in ((self.chart, shows), (self.changes, shows), (self.questions, asks)):
            part.setVisible(there)
        charts = content.charts if content else ()
        for place, button in enumerate(self.small):
            button.setVisible(place < len(charts))
            if content is not None and place < len(charts):
                chosen = place == content.shown
                button.show_content(charts[place], len(content.days), self._texts.is_on, chosen=chosen)
        if content is not None:
            self.chart.show_content(content)
            self.changes.show_content(content.chart)
            self.questions.show_content(content)
        for action in (Action.EARLIER, Action.LATER):
            self.bottom.offer(action, len(charts) > 1)
        self.bottom.offer(Action.OTHER_TEST, content is not None and content.tests > 1)
        self.bottom.offer(Action.QUESTION, asks)
        self.bottom.show_line(model.message if shows else "")
        if model.state is not PageState.CODE:
            self.code.hide()
        elif self.code.isHidden():
            self.code.ask()
        else:
            self.code.refresh()
        self._tell()
        self._arrange()
        self.update()

    def _tell(self) -> None:
        """Tell screen readers what the page is about."""
        content = self.content
        if content is None:
            self.say(self.model.message)
            return
        self.setAccessibleName(content.title)
        parts = (content.count, content.test, content.simulated, content.note)
        self.say(". ".join(part for part in parts if part))

    def act(self, action: Action, pressed: bool) -> None:
        """Do what a key or the pointer asks for."""
        if not pressed:
            return
        if action is Action.HISTORY:
            self.leave()
            return
        if action in (Action.EARLIER, Action.LATER):
            self.model.turn(1 if action is Action.LATER else -1)
        elif action is Action.OTHER_TEST:
            self.model.turn_test()
        elif action is Action.QUESTION:
            self.model.turn_question()
        self.refresh()

    def leave(self) -> None:
        """Go away, and give the keys back to the window."""
        self.hide()
        self.window().setFocus()
        if self._leave is not None:
            self._leave()

    def take_key(self, event: QtGui.QKeyEvent) -> bool:
        """Take a key of the window; return whether the page is there to take any. One held down counts once."""
        if self.isHidden():
            return False
        key = event.key()
        if event.isAutoRepeat():
            pass
        elif key in DIGITS:
            value = self.model.type_digit(DIGITS[key])
            if value is not None:
                self.desk.rate(self.model.asked, value)
                self.refresh()
        elif key in ACTIONS:
            self.act(ACTIONS[key], True)
        return True

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Take what the field of the code leaves: up and down choose, Esc refuses; no key reaches the window."""
        key = event.key()
        if key == Key.Key_Escape:
            self.leave()
        elif key in (Key.Key_Up, Key.Key_Down):
            self.model.step_row(1 if key == Key.Key_Down else -1)
            self.code.refresh()

    def keyReleaseEvent(self, event: QtGui.QKeyEvent) -> None:
        """Keep releases from the window too."""

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Let no press through to what is covered."""

    def _choose(self, place: int) -> None:
        """Make a small figure the large one."""
        if self.content is not None and place < len(self.content.charts):
            self.model.shown = self.content.charts[place].quantity
            self.refresh()

    def _answer(self, row: int, step: int) -> None:
        """Take an answer by pointer."""
        self.desk.rate(OF_VISITS[row], self.model.say(OF_VISITS[row], step))
        self.refresh()

    def _take_code(self) -> None:
        """File the recording under the chosen code."""
        code = self.model.chosen_code()
        self.model.wait(self._texts.history.filing)
        self.window().setFocus()
        self.refresh()
        self.desk.file(code)

    def set_style(self, style: Style) -> None:
        """Change theme or scale of the page and its parts."""
        super().set_style(style)
        for part in (self.chart, self.changes, self.questions, self.code, self.bottom):
            part.set_style(style)
        for button in self.small:
            button.look = style

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place every part."""
        self._arrange()

    def _boxes(self) -> Boxes:
        """Divide the page: figures on the left, words on the right, as in the live window."""
        style, width, height = self.look, float(self.width()), float(self.height())
        side, space, top = style.px(SIDE_PX), style.px(SPACE_PX), style.px(HEAD_PX)
        foot, split = height - style.px(FOOT_PX), width * TRACES_SHARE
        small_top = foot - style.px(SMALL_PX)
        asks = bool(self.content and self.content.questions)
        questions_top = foot - style.px(QUESTIONS_PX) if asks else foot + space
        left, right = split + space, width - side
        return Boxes(
            QtCore.QRectF(side, top, split - side, small_top - space - top),
            QtCore.QRectF(side, small_top, split - side, foot - small_top),
            QtCore.QRectF(left, top, right - left, questions_top - space - top),
            QtCore.QRectF(left, questions_top, right - left, style.px(QUESTIONS_PX)),
        )

    def _arrange(self) -> None:
        """Place every part."""
        style, boxes = self.look, self._boxes()
        for part, box in (
            (self.chart, boxes.chart),
            (self.changes, boxes.changes),
            (self.questions, boxes.questions),
        ):
            part.setGeometry(box.toRect())
        n, space = max(len(self.content.charts) if self.content else 0, 1), style.px(10)
        # Few figures do not become broad ones.
        width = min((boxes.small.width() - (n - 1) * space) / n, boxes.small.width() / 4)
        for place, button in enumerate(self.small):
            left = boxes.small.left() + place * (width + space)
            button.setGeometry(QtCore.QRectF(left, boxes.small.top(), width, boxes.small.height()).toRect())
        card = QtCore.QRectF(0, 0, min(style.px(CARD_PX[0]), self.width() * 0.94), style.px(CARD_PX[1]))
        card.moveCenter(self.area().center())
        self.code.setGeometry(card.toRect())
        foot, side = self.height() - style.px(FOOT_PX), style.px(SIDE_PX)
        bottom = QtCore.QRectF(side, foot + style.px(4), self.width() - 2 * side, style.px(44))
        self.bottom.setGeometry(bottom.toRect())

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Fill the ground, and draw the head; while there is nothing to show, say why."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), self.look.colour("background"))
            if self.content is not None:
                self._draw_head(painter, self.content)
            elif self.model.state is not PageState.CODE:
                self._draw_words(painter)

    def _draw_head(self, painter: QtGui.QPainter, content: HistoryContent) -> None:
        """Draw whose visits these are, how many, and of which test."""
        style, side = self.look, self.look.px(SIDE_PX)
        x, top, height = side + style.px(4), style.px(6), style.px(50)
        for text, size, weight, role in (
            (content.title, 26, SEMIBOLD, "text"),
            (content.count, 22, MEDIUM, "muted"),
        ):
            font = style.font(size, weight, tabular=True)
            room = QtCore.QRectF(x, top, text_width(font, text) + 2, height)
            draw_text(painter, room, text, font, style.colour(role))
            x = room.right() + style.px(24)
        right = self.width() - side
        if content.simulated:
            font = style.font(19, BOLD)
            width = text_width(font, content.simulated) + style.px(24)
            tag = QtCore.QRectF(right - width, top + height / 2 - style.px(16), width, style.px(32))
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("text"))
            painter.drawRoundedRect(tag, style.px(6), style.px(6))
            draw_text(painter, tag, content.simulated, font, style.colour("background"), CENTRE)
            right = tag.left() - style.px(24)
        room = QtCore.QRectF(x + style.px(10), top, right - x - style.px(10), height)
        font = fit_font(style, content.test, 22, MEDIUM, room.width(), least_px=15)
        draw_elided(painter, room, content.test, font, style.colour("text"))

    def _draw_words(self, painter: QtGui.QPainter) -> None:
        """Draw what is being done, or what is the matter."""
        style, model = self.look, self.model
        card = QtCore.QRectF(0, 0, min(style.px(1000), self.width() * 0.94), style.px(260))
        card.moveCenter(self.area().center())
        draw_card(painter, card, style)
        inner = card.adjusted(style.px(40), style.px(30), -style.px(40), -style.px(24))
        if model.state is PageState.PROBLEM:
            head = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(52))
            draw_text(painter, head, self._texts.history.problem_title, style.font(34, SEMIBOLD), style.colour("text"))
            inner.setTop(head.bottom() + style.px(10))
        draw_wrapped(painter, inner, model.message, style, (28.0, 25.0, 22.0, 19.0, 16.0), style.colour("text"))
