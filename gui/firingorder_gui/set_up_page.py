"""The set-up page: covers the traces and the cards until the test begins; one instruction, one row a sensor.

Its keys are the window's (next, back, stop held); what it adds are arrows and numbers where something is chosen, and X.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from firingorder_session.events.set_up_events import (
    ChooseReference,
    ChooseTest,
    ExchangeNames,
    ReferencePhase,
    SetUpChanged,
    SetUpCommand,
    SetUpStep,
)
from firingorder_session.setting_up.electrode_sites import views_of
from firingorder_session.setting_up.references import ReferenceKind
from firingorder_signal.blocks import Side

from .body_picture import BodyPicture, PictureContent
from .card import Painted
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
from .set_up_content import Choice, page_content
from .set_up_parts import PageContent, PageRow
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .texts import Texts

Key = QtCore.Qt.Key
#: Type sizes, design px: the word is read at three metres, the instruction at two, a row at one and a half.
WORD_PX, KICKER_PX, CAP_PX = 88.0, 22.0, 26.0
BODY_SIZES = (46.0, 42.0, 38.0, 34.0, 30.0, 26.0, 22.0)
#: A row's height, and the body's: rows become smaller where there are many.
ROW_PX, BODY_PX, HEAD_PX = 84.0, 122.0, 150.0
#: Share of the page that the body picture takes, where there is one.
PICTURE_SHARE = 0.36


class Ask(Protocol):
    """How the page asks the running test for something."""

    def __call__(self, command: SetUpCommand) -> None:
        """Ask."""
        ...


class SetUpPage(Painted):
    """Draws what `SetUpChanged` says, and takes the keys of choices.

    Parameters
    ----------
    ask
        Called with what the person chooses.
    go_on, go_back
        Called when the pointer presses what Space and R do.
    """

    def __init__(
        self,
        style: Style,
        texts: Texts,
        ask: Ask,
        go_on: Callable[[], None],
        go_back: Callable[[], None],
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        """Start hidden."""
        super().__init__(style, texts.set_up.page_name, parent)
        self._texts = texts
        self._ask = ask
        self._go_on, self._go_back = go_on, go_back
        self.said: SetUpChanged | None = None
        self._is_over = False
        self.choice: Choice | None = None
        self.content = PageContent("", "", "")
        self.stall = ""
        self.row_boxes: list[QtCore.QRectF] = []
        self._cap_boxes: list[tuple[QtCore.QRectF, str]] = []
        self.picture = BodyPicture(style, texts.set_up.page_name, self)
        self.picture.hide()
        self.hide()

    def show_state(self, said: SetUpChanged | None, *, is_over: bool = False) -> None:
        """Show where the set-up stands; hide without one. One that is over is played back, and takes no more wishes."""
        self.said, self._is_over = said, is_over
        self.setVisible(said is not None)
        if said is None:
            return
        if self.choice is None or is_over:
            self.choice = Choice(said.protocol, said.side)
        self._derive()

    def show_stall(self, text: str) -> None:
        """Say that nothing comes, in place of levels that would look live; empty = all is well."""
        if text != self.stall:
            self.stall = text
            self.update()

    def _derive(self) -> None:
        """Derive the content, and draw it if it is another one."""
        if self.said is None or self.choice is None:
            return
        content = page_content(self.said, self.choice, self._texts)
        if self._is_over:
            content = replace(content, caps=((self._texts.cap_next, self._texts.set_up.key_to_test),))
        if content == self.content:
            return
        self.content = content
        self.setAccessibleName(content.word or self._texts.set_up.page_name)
        self.say(content.spoken)
        self._show_picture()
        self.update()

    def _show_picture(self) -> None:
        """Show the body where there are places to show."""
        content, words = self.content, self._texts.set_up
        views = views_of(content.sites)
        if not views:
            self.picture.hide()
            return
        sides = (self._texts.sides[Side.LEFT], self._texts.sides[Side.RIGHT])
        titles = tuple(words.views[view] for view in views)
        spoken = ". ".join(f"{row.name}: {row.word}" for row in content.rows)
        self.picture.show_content(PictureContent(content.sites, views, titles, sides, content.emphasis, spoken))
        self._place_picture()
        self.picture.show()

    def set_style(self, style: Style) -> None:
        """Change theme or scale."""
        super().set_style(style)
        self.picture.set_style(style)
        self._place_picture()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place the picture anew."""
        self._place_picture()

    def _place_picture(self) -> None:
        """Give the picture the right part of the page."""
        width = round(self.width() * PICTURE_SHARE)
        edge = round(self.look.px(14))
        self.picture.setGeometry(self.width() - width, edge, width - edge, self.height() - 2 * edge)

    # What a person does

    def take_key(self, key: int) -> bool:
        """Take a key that chooses something; return whether it was one."""
        if self.said is None or self._is_over:
            return False
        number = key - Key.Key_0 if Key.Key_1 <= key <= Key.Key_9 else 0
        if self.said.step is SetUpStep.CHOOSE and self.choice is not None:
            return self._choose_by_key(key, number, self.choice)
        if key == Key.Key_X and self.said.step is SetUpStep.IDENTITY:
            self._ask(ExchangeNames())
            return True
        if number and self.said.step is SetUpStep.REFERENCE:
            self._choose_reference(number)
            return True
        return bool(number)

    def _choose_by_key(self, key: int, number: int, choice: Choice) -> bool:
        """Take an arrow or a number at the first step."""
        if key in (Key.Key_Up, Key.Key_Down):
            self.choose(choice.moved(1 if key == Key.Key_Down else -1))
        elif key in (Key.Key_Left, Key.Key_Right):
            self.choose(Choice(choice.protocol, Side.LEFT if key == Key.Key_Left else Side.RIGHT))
        elif number:
            self.choose(choice.number(number))
        else:
            return False
        return True

    def choose(self, choice: Choice) -> None:
        """Choose test and side; nothing is asked of the test before the next step."""
        self.choice = choice
        self._derive()

    def _choose_reference(self, number: int) -> None:
        """Begin a kind of reference by its number."""
        reference = self.said.reference if self.said is not None else None
        kinds = (ReferenceKind.MAXIMUM, ReferenceKind.REFERENCE_LIFT)
        if reference is not None and reference.phase is ReferencePhase.OFFERED and number <= len(kinds):
            self._ask(ChooseReference(kinds[number - 1]))

    def may_go_on(self) -> bool:
        """Settle what is chosen before the next step; return whether there is a next step to go to."""
        if self.said is None or self._is_over or self.said.step is not SetUpStep.CHOOSE:
            return True
        if self.choice is None or self.choice.side is Side.MIDDLE:
            return False
        self._ask(ChooseTest(self.choice.protocol, self.choice.side))
        return True

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Take a press on a row or on a key's cap."""
        at = event.position()
        for box, cap in self._cap_boxes:
            if box.contains(at):
                self._press_cap(cap)
                return
        if self._is_over:
            return
        number = next((n for n, box in enumerate(self.row_boxes, start=1) if box.contains(at)), 0)
        if number and self.said is not None and self.said.step is SetUpStep.REFERENCE:
            self._choose_reference(number)
        elif number and self.said is not None and self.said.step is SetUpStep.CHOOSE and self.choice is not None:
            n_tests = len(self.choice.tests)
            side = {n_tests + 1: Side.LEFT, n_tests + 2: Side.RIGHT}.get(number)
            chosen = self.choice.number(number) if side is None else Choice(self.choice.protocol, side)
            self.choose(chosen)

    def _press_cap(self, cap: str) -> None:
        """Do what a key does."""
        if cap == self._texts.cap_next:
            self._go_on()
        elif cap == "R":
            self._go_back()
        elif cap == "X":
            self._ask(ExchangeNames())

    # Drawing

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the page."""
        with painting(self) as painter:
            style, content = self.look, self.content
            painter.fillRect(self.rect(), style.colour("background"))
            share = 1.0 - PICTURE_SHARE if not self.picture.isHidden() else 1.0
            card = QtCore.QRectF(0, style.px(14), self.width() * share - style.px(14), self.height() - style.px(28))
            draw_card(painter, card, style, "alarm" if content.word_role == "alarm" or self.stall else None)
            inner = card.adjusted(*(style.px(each) for each in (40, 22, -40, -20)))
            self._draw_head(painter, inner)
            self._draw_caps(painter, inner)
            top = inner.top() + style.px(HEAD_PX + BODY_PX)
            room = QtCore.QRectF(inner.left(), top, inner.width(), inner.bottom() - style.px(66) - top)
            room = self._draw_foot(painter, room)
            self._draw_rows(painter, room)

    def _draw_head(self, painter: QtGui.QPainter, inner: QtCore.QRectF) -> None:
        """Draw the kicker, the word and the instruction."""
        style, content = self.look, self.content
        line = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(32))
        font = fit_font(style, content.kicker, KICKER_PX, SEMIBOLD, line.width())
        draw_text(painter, line, content.kicker, font, style.colour("muted"))
        word = QtCore.QRectF(inner.left(), line.bottom(), inner.width(), style.px(112))
        text, role = (self.stall, "alarm") if self.stall else (content.word, content.word_role)
        draw_text(painter, word, text, fit_font(style, text, WORD_PX, BOLD, word.width()), style.colour(role))
        body = QtCore.QRectF(inner.left(), inner.top() + style.px(HEAD_PX), inner.width(), style.px(BODY_PX))
        draw_wrapped(painter, body, content.body, style, BODY_SIZES, style.colour("text"))

    def _draw_foot(self, painter: QtGui.QPainter, room: QtCore.QRectF) -> QtCore.QRectF:
        """Draw progress and note at the foot; return what is left for rows."""
        style, content = self.look, self.content
        room = QtCore.QRectF(room)
        if content.note:
            note = QtCore.QRectF(room.left(), room.bottom() - style.px(64), room.width(), style.px(60))
            draw_wrapped(painter, note, content.note, style, (26.0, 24.0, 22.0, 20.0, 18.0), style.colour("muted"))
            room.setBottom(note.top() - style.px(8))
        if content.progress is not None:
            bar = QtCore.QRectF(room.left(), room.bottom() - style.px(16), room.width(), style.px(12))
            self._draw_bar(painter, bar, content.progress, "text")
            room.setBottom(bar.top() - style.px(12))
        return room

    def _draw_bar(self, painter: QtGui.QPainter, bar: QtCore.QRectF, share: float, role: str) -> None:
        """Draw a bar filled to a share."""
        radius = bar.height() / 2
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("line"))
        painter.drawRoundedRect(bar, radius, radius)
        filled = QtCore.QRectF(bar.left(), bar.top(), bar.width() * min(max(share, 0.0), 1.0), bar.height())
        painter.setBrush(self.look.colour(role))
        painter.drawRoundedRect(filled, radius, radius)

    def _draw_rows(self, painter: QtGui.QPainter, room: QtCore.QRectF) -> None:
        """Draw the rows, smaller where there are many."""
        rows = self.content.rows
        height = min(self.look.px(ROW_PX), room.height() / max(len(rows), 1))
        self.row_boxes = []
        for number, row in enumerate(rows):
            box = QtCore.QRectF(room.left(), room.top() + number * height, room.width(), height)
            self.row_boxes.append(box)
            painter.setOpacity((1.0 if row.strong else 0.45) * (0.35 if self.stall else 1.0))
            self._draw_row(painter, box.adjusted(0, height * 0.04, 0, -height * 0.04), row)
        painter.setOpacity(1.0)

    def _draw_row(self, painter: QtGui.QPainter, box: QtCore.QRectF, row: PageRow) -> None:
        """Draw one row: badge, name, bar, word, and the detail below."""
        style, height = self.look, box.height()
        size = min(30.0, 0.40 * height / style.scale)
        if row.chosen:
            painter.setPen(style.pen("hip", 3))
            painter.setBrush(style.blend("hip", "card", 0.12))
            painter.drawRoundedRect(box.adjusted(-style.px(10), 0, style.px(10), 0), style.px(10), style.px(10))
        side = min(style.px(52), height * 0.72)
        badge = QtCore.QRectF(box.left(), box.center().y() - side / 2, side, side)
        if row.letter and row.role != "muted":
            draw_badge(painter, badge, row.letter, row.role, style)
        elif row.letter:
            painter.setPen(style.pen("muted", 1.5))
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(badge, style.px(8), style.px(8))
            draw_text(painter, badge, row.letter, style.font(round(size), SEMIBOLD), style.colour("text"), CENTRE)
        left = badge.right() + style.px(20)
        if not row.word:
            name = QtCore.QRectF(left, box.top(), box.right() - left, height)
            draw_text(
                painter,
                name,
                row.name,
                fit_font(style, row.name, size + 4, SEMIBOLD, name.width()),
                style.colour("text"),
            )
            return
        name_width = box.width() * (0.62 if row.wide else 0.40 if row.share is not None else 0.30)
        name = QtCore.QRectF(left, box.top(), name_width - (left - box.left()), height)
        draw_text(
            painter, name, row.name, fit_font(style, row.name, size, SEMIBOLD, name.width()), style.colour("text")
        )
        right = QtCore.QRectF(box.left() + name_width + style.px(14), box.top(), 0, height)
        right.setRight(box.right())
        if row.share is not None:
            bar = QtCore.QRectF(right.left(), box.center().y() - height * 0.14, right.width() * 0.36, height * 0.28)
            self._draw_bar(painter, bar, row.share, row.role if row.role != "muted" else "text")
            right.setLeft(bar.right() + style.px(18))
        role = "text" if row.well else "alarm_text"
        if not row.detail:
            draw_text(
                painter,
                right,
                row.word,
                fit_font(style, row.word, size, BOLD, right.width(), tabular=True),
                style.colour(role),
            )
            return
        upper, lower = QtCore.QRectF(right), QtCore.QRectF(right)
        upper.setHeight(height * 0.56)
        lower.setTop(upper.bottom())
        draw_text(
            painter,
            upper,
            row.word,
            fit_font(style, row.word, size, BOLD, upper.width(), tabular=True),
            style.colour(role),
        )
        font = fit_font(style, row.detail, max(size * 0.78, 14.0), MEDIUM, lower.width())
        draw_elided(painter, lower, row.detail, font, style.colour("text" if not row.well else "muted"))

    def _draw_caps(self, painter: QtGui.QPainter, inner: QtCore.QRectF) -> None:
        """Draw what the keys do, large, at the foot."""
        style = self.look
        x, top, height = inner.left(), inner.bottom() - style.px(46), style.px(46)
        self._cap_boxes = []
        for cap, meaning in self.content.caps:
            font, words = style.font(CAP_PX, SEMIBOLD), style.font(CAP_PX, MEDIUM)
            cap_width = text_width(font, cap) + style.px(30)
            box = QtCore.QRectF(x, top, cap_width, height)
            painter.setPen(style.pen("muted", 1.5))
            painter.setBrush(style.colour("lens"))
            painter.drawRoundedRect(box, style.px(8), style.px(8))
            draw_text(painter, box, cap, font, style.colour("text"), CENTRE)
            said = QtCore.QRectF(box.right() + style.px(12), top, text_width(words, meaning) + 4, height)
            draw_text(painter, said, meaning, words, style.colour("text"))
            self._cap_boxes.append((box.united(said), cap))
            x = said.right() + style.px(40)
