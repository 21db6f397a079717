"""The parts of the page of visits: the large figure, the small ones, what is said of it, and the two questions."""

from collections.abc import Callable

from .card import Painted
from .history_chart import Plot, draw_chart
from .history_content import STEPS, ChangeLines, ChartContent, HistoryContent, QuestionContent
from .painting import (
    CENTRE,
    draw_badge,
    draw_card,
    draw_elided,
    draw_text,
    draw_wrapped,
    fit_font,
    painting,
    text_width,
)
from .qt import QtCore, QtGui, QtWidgets
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .texts import Texts


class ChartCard(Painted):
    """The large figure."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget) -> None:
        """Start empty."""
        super().__init__(style, texts.history.title_open, parent)
        self._texts = texts
        self.content: HistoryContent | None = None

    def show_content(self, content: HistoryContent) -> None:
        """Draw a page's large figure."""
        self.content, chart = content, content.chart
        self.setAccessibleName(chart.name if chart else self._texts.history.nothing)
        self.say(chart.spoken if chart else self._texts.history.nothing)
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw its name, the drawing and what the band means."""
        with painting(self) as painter:
            style, words = self.look, self._texts.history
            draw_card(painter, self.area(), style)
            inner = self.area().adjusted(style.px(28), style.px(16), -style.px(28), -style.px(18))
            chart = self.content.chart if self.content else None
            if self.content is None or chart is None:
                draw_wrapped(painter, inner, words.nothing, style, (26.0, 22.0), style.colour("muted"))
                return
            font = style.font(30, SEMIBOLD)
            name = QtCore.QRectF(inner.left(), inner.top(), text_width(font, chart.name) + 2, style.px(44))
            draw_text(painter, name, chart.name, font, style.colour("text"))
            rest = QtCore.QRectF(name.right() + style.px(18), inner.top(), 0, style.px(46))
            rest.setRight(inner.right())
            font = fit_font(style, chart.meaning, 20, MEDIUM, rest.width(), least_px=13)
            draw_elided(painter, rest, chart.meaning, font, style.colour("muted"))
            has_band = any(curve.band for curve in chart.curves)
            foot = style.px(82 if has_band or self.content.note else 44)
            box = inner.adjusted(style.px(74), style.px(60), -style.px(54), -foot)
            draw_chart(painter, Plot(box, chart, len(self.content.days), style, True), self.content.days)
            line = "  ·  ".join(each for each in (words.band if has_band else "", self.content.note) if each)
            place = QtCore.QRectF(inner.left(), inner.bottom() - style.px(28), inner.width(), style.px(28))
            font = fit_font(style, line, 18, MEDIUM, place.width(), least_px=11)
            draw_text(painter, place, line, font, style.colour("muted"))


class SmallChart(QtWidgets.QAbstractButton):
    """A figure among the others; pressed, it becomes the large one."""

    def __init__(self, style: Style, name: str, parent: QtWidgets.QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.look, self.chosen, self.n_days = style, False, 0
        self.setAccessibleName(name)
        self.content: ChartContent | None = None
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)

    def show_content(self, content: ChartContent, n_days: int, is_on: str, *, chosen: bool) -> None:
        """Draw a figure."""
        self.content, self.n_days, self.chosen = content, n_days, chosen
        self.setAccessibleName(content.name)
        self.setAccessibleDescription(f"{content.spoken}. {is_on}" if chosen else content.spoken)
        self.update()

    def paintEvent(self, e: QtGui.QPaintEvent) -> None:
        """Draw name, newest figures and the drawing."""
        with painting(self) as painter:
            style, content, area = self.look, self.content, QtCore.QRectF(self.rect())
            if content is None:
                return
            draw_card(painter, area, style, "muted" if self.chosen else None)
            inner = area.adjusted(style.px(16), style.px(10), -style.px(14), -style.px(14))
            name = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(28))
            font = fit_font(style, content.name, 19, SEMIBOLD, name.width())
            draw_text(painter, name, content.name, font, style.colour("text" if self.chosen else "muted"))
            values = QtCore.QRectF(inner.left(), name.bottom(), inner.width(), style.px(30))
            self._draw_values(painter, values, content)
            box = QtCore.QRectF(inner.left(), values.bottom() + style.px(6), inner.width(), 0)
            box.setBottom(inner.bottom())
            draw_chart(painter, Plot(box, content, self.n_days, style, False), ())

    def _draw_values(self, painter: QtGui.QPainter, room: QtCore.QRectF, content: ChartContent) -> None:
        """Write each side's newest figure behind its letter."""
        style, count = self.look, max(len(content.lines), 1)
        each = room.width() / count
        for place, line in enumerate(content.lines):
            left = room.left() + place * each
            if line.letter:
                size = style.px(20)
                badge = QtCore.QRectF(left, room.center().y() - size / 2, size, size)
                draw_badge(painter, badge, line.letter, line.letter, style, hollow=line.letter == "L")
                left = badge.right() + style.px(7)
            words = QtCore.QRectF(
                left, room.top(), room.left() + (place + 1) * each - left - style.px(4), room.height()
            )
            font = fit_font(style, line.value, 20, SEMIBOLD, words.width(), tabular=True)
            draw_text(painter, words, line.value, font, style.colour("text"))


class ChangeCard(Painted):
    """What is said of the large figure, a part a side."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget) -> None:
        """Start empty."""
        super().__init__(style, texts.review.difference, parent)
        self.lines: tuple[ChangeLines, ...] = ()

    def show_content(self, chart: ChartContent | None) -> None:
        """Draw a figure's words."""
        self.lines = chart.lines if chart is not None else ()
        self.say(". ".join(line.spoken for line in self.lines))
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the sides under each other, parted by a hair line."""
        with painting(self) as painter:
            style = self.look
            draw_card(painter, self.area(), style)
            inner = self.area().adjusted(style.px(30), style.px(20), -style.px(26), -style.px(16))
            height = inner.height() / max(len(self.lines), 1)
            for place, line in enumerate(self.lines):
                top = inner.top() + place * height
                if place:
                    painter.setPen(style.pen("line", 1.5))
                    painter.drawLine(QtCore.QPointF(inner.left(), top), QtCore.QPointF(inner.right(), top))
                    top += style.px(18)
                part = QtCore.QRectF(inner.left(), top, inner.width(), inner.top() + (place + 1) * height - top)
                self._draw_side(painter, part, line)

    def _draw_side(self, painter: QtGui.QPainter, part: QtCore.QRectF, line: ChangeLines) -> None:
        """Draw a side: its figure, how it changed, and whether that is a change."""
        style, left, y = self.look, part.left(), part.top()
        if line.letter:
            size = style.px(38)
            badge = QtCore.QRectF(left, y + style.px(10), size, size)
            draw_badge(painter, badge, line.letter, line.letter, style, hollow=line.letter == "L")
            left = badge.right() + style.px(18)
        font = style.font(50, BOLD, tabular=True)
        value = QtCore.QRectF(left, y, min(text_width(font, line.value) + 2, part.right() - left), style.px(58))
        font = fit_font(style, line.value, 50, BOLD, value.width(), tabular=True)
        draw_text(painter, value, line.value, font, style.colour("text"))
        beside = QtCore.QRectF(value.right() + style.px(20), y, 0, style.px(64))
        beside.setRight(part.right())
        font = fit_font(style, line.interval, 19, MEDIUM, beside.width(), tabular=True)
        draw_text(painter, beside, line.interval, font, style.colour("muted"))
        y = value.bottom() + style.px(8)
        if line.change:
            room = QtCore.QRectF(part.left(), y, part.width(), style.px(38))
            font = fit_font(style, line.change, 26, SEMIBOLD, room.width(), tabular=True)
            draw_text(painter, room, line.change, font, style.colour("text"))
            y = room.bottom() + style.px(2)
        room = QtCore.QRectF(part.left(), y, part.width(), style.px(62))
        weight = SEMIBOLD if line.told else MEDIUM
        draw_wrapped(painter, room, line.verdict, style, (22.0, 20.0, 18.0), style.colour("text"), weight)
        room = QtCore.QRectF(part.left(), room.bottom() + style.px(4), part.width(), style.px(54))
        draw_wrapped(painter, room, line.since_first, style, (19.0, 17.0, 15.0), style.colour("muted"))


class StepButton(QtWidgets.QAbstractButton):
    """A step of a scale."""

    def __init__(self, style: Style, step: int, parent: QtWidgets.QWidget) -> None:
        """Start unchosen."""
        super().__init__(parent)
        self.look, self.step, self.chosen, self.asked = style, step, False, False
        self.setAccessibleName(str(step))
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)

    def show_state(self, name: str, is_on: str, *, chosen: bool, asked: bool) -> None:
        """Show whether it is the answer, and whether keys answer its question."""
        self.chosen, self.asked = chosen, asked
        self.setAccessibleName(name)
        self.setAccessibleDescription(is_on if chosen else "")
        self.update()

    def paintEvent(self, e: QtGui.QPaintEvent) -> None:
        """Draw it."""
        with painting(self) as painter:
            style, box = self.look, QtCore.QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setPen(style.pen("text" if self.chosen else ("muted" if self.asked else "line"), 1.5))
            painter.setBrush(style.colour("text" if self.chosen else "card"))
            painter.drawRoundedRect(box, style.px(9), style.px(9))
            role = "background" if self.chosen else ("text" if self.asked else "muted")
            draw_text(painter, box, str(self.step), style.font(22, SEMIBOLD), style.colour(role), CENTRE)


class QuestionCard(Painted):
    """The two questions with their scales.

    Parameters
    ----------
    answer
        Called with the question's place and the step that was pressed.
    """

    def __init__(
        self, style: Style, texts: Texts, answer: Callable[[int, int], None], parent: QtWidgets.QWidget
    ) -> None:
        """Make the buttons."""
        super().__init__(style, texts.history.asks, parent)
        self._texts = texts
        self.questions: tuple[QuestionContent, ...] = ()
        self.of = ""
        self.steps = [[StepButton(style, step, self) for step in STEPS] for _ in range(2)]
        for row, buttons in enumerate(self.steps):
            for button in buttons:
                self._connect(button, row, answer)

    def _connect(self, button: StepButton, row: int, answer: Callable[[int, int], None]) -> None:
        button.clicked.connect(lambda: answer(row, button.step))

    def show_content(self, content: HistoryContent) -> None:
        """Show what is kept, and which question the keys answer."""
        self.questions, self.of = content.questions, content.questions_of
        words = self._texts.history
        for question, buttons in zip(self.questions, self.steps, strict=False):
            for button in buttons:
                name = words.step_name.format(name=question.name, value=button.step)
                chosen = button.step == question.value
                button.show_state(name, self._texts.is_on, chosen=chosen, asked=question.asked)
        self.say(". ".join((self.of, *(each.words for each in self.questions))))
        self.update()

    def set_style(self, style: Style) -> None:
        """Change theme or scale of the card and its buttons."""
        super().set_style(style)
        for button in (each for row in self.steps for each in row):
            button.look = style
        self._place()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place the buttons anew."""
        self._place()

    def _row_top(self, row: int) -> float:
        """Where a question begins."""
        return self.look.px(58 + 100 * row)

    def _place(self) -> None:
        """Lay both scales out."""
        style = self.look
        left, space = style.px(28), style.px(7)
        width = (self.width() - 2 * left - 10 * space) / 11
        for row, buttons in enumerate(self.steps):
            for place, button in enumerate(buttons):
                box = QtCore.QRectF(
                    left + place * (width + space), self._row_top(row) + style.px(40), width, style.px(50)
                )
                button.setGeometry(box.toRect())

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card, its questions and the keys."""
        with painting(self) as painter:
            style, words = self.look, self._texts.history
            draw_card(painter, self.area(), style)
            inner = self.area().adjusted(style.px(30), style.px(14), -style.px(28), -style.px(10))
            head = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(34))
            font = style.font(18, BOLD)
            draw_text(painter, head, words.asks, font, style.colour("muted"))
            beside = head.adjusted(text_width(font, words.asks) + style.px(20), 0, 0, 0)
            font = fit_font(style, self.of, 18, MEDIUM, beside.width(), tabular=True)
            draw_text(painter, beside, self.of, font, style.colour("muted"))
            for row, question in enumerate(self.questions):
                room = QtCore.QRectF(inner.left(), self._row_top(row), inner.width(), style.px(36))
                font = fit_font(style, question.words, 22, SEMIBOLD if question.asked else MEDIUM, room.width())
                role = "text" if question.asked else "muted"
                draw_text(painter, room, question.words, font, style.colour(role))
            foot = QtCore.QRectF(inner.left(), inner.bottom() - style.px(28), inner.width(), style.px(28))
            font = fit_font(style, words.say_keys, 17, MEDIUM, foot.width(), least_px=11)
            draw_text(painter, foot, words.say_keys, font, style.colour("muted"))
