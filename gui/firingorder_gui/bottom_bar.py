"""The bottom bar: what each key does (and a pointer may press), and how the data is doing."""

from collections.abc import Callable, Sequence
from enum import Enum

from .card import Painted
from .painting import CENTRE, RIGHT_MIDDLE, draw_text, fit_font, painting, text_width
from .qt import QtCore, QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Between two keys, design px: usually, and where they leave less than a tenth of the bar to the health line.
GAPS_PX, FULL = (22.0, 12.0), 0.9


class Action(Enum):
    """What a key or a pointer can ask the window for."""

    NEXT = "next"
    REPEAT = "repeat"
    MARK = "mark"
    FREEZE = "freeze"
    STOP = "stop"
    TONE = "tone"
    ANSWER = "answer"
    SENSORS = "sensors"
    HELP = "help"
    FULL_SCREEN = "full_screen"
    PICTURE = "picture"
    REPORT = "report"
    HISTORY = "history"
    OTHER_TEST = "other_test"
    QUESTION = "question"
    SLOWER = "slower"
    FASTER = "faster"
    EARLIER = "earlier"
    LATER = "later"
    WHOLE_SET = "whole_set"
    MOVE = "move"
    UNDO = "undo"
    OTHER_SIDE = "other_side"


class KeyHint(QtWidgets.QAbstractButton):
    """One key cap with its meaning; takes no focus. Held ones show how far the hold has come."""

    def __init__(self, style: Style, cap: str, meaning: str, is_on: str, parent: QtWidgets.QWidget) -> None:
        """Start with the cap's text, its meaning, and how to say that it is on."""
        super().__init__(parent)
        self.look = style
        self.cap = cap
        self.meaning = meaning
        self.share = 0.0
        self.active = False
        self._is_on = is_on
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{meaning} ({cap})")

    def wanted_width(self) -> float:
        """Width of cap and meaning."""
        return self._cap_width() + self.look.px(12) + text_width(self.look.font(17, MEDIUM), self.meaning)

    def _cap_width(self) -> float:
        """Width of the cap."""
        return max(text_width(self.look.font(15, SEMIBOLD), self.cap) + self.look.px(24), self.look.px(36))

    def show_share(self, share: float) -> None:
        """Show how far a hold has come, 0..1."""
        if share != self.share:
            self.share = share
            self.update()

    def show_active(self, active: bool) -> None:
        """Show that what the key switches is on."""
        if active != self.active:
            self.active = active
            self.setAccessibleDescription(self._is_on if active else "")
            self.update()

    def paintEvent(self, e: QtGui.QPaintEvent) -> None:
        """Draw the cap and its meaning."""
        with painting(self) as painter:
            style = self.look
            height = style.px(26)
            cap = QtCore.QRectF(1, (self.height() - height) / 2, self._cap_width(), height)
            painter.setPen(style.pen("muted", 1))
            painter.setBrush(style.colour("text" if self.active else "card"))
            painter.drawRoundedRect(cap, style.px(5), style.px(5))
            if self.share > 0:
                painter.setPen(QtCore.Qt.PenStyle.NoPen)
                painter.setBrush(style.colour("alarm"))
                part = QtCore.QRectF(cap.left(), cap.top(), cap.width() * min(self.share, 1.0), cap.height())
                painter.drawRoundedRect(part, style.px(5), style.px(5))
            colour = style.colour("background" if self.active else "text")
            draw_text(painter, cap, self.cap, style.font(15, SEMIBOLD), colour, CENTRE)
            words = QtCore.QRectF(cap.right() + style.px(12), 0, self.width() - cap.right(), self.height())
            draw_text(painter, words, self.meaning, style.font(17, MEDIUM), style.colour("muted"))


class BottomBar(Painted):
    """Holds the key hints and writes the health line.

    Parameters
    ----------
    act
        Called with what was pressed. Stopping by pointer is a press of one second, as with the key.
    caps
        The keys that are shown, each with its cap and its meaning; None = those of a running test.
    """

    def __init__(
        self,
        style: Style,
        texts: Texts,
        act: Callable[[Action, bool], None],
        parent: QtWidgets.QWidget | None = None,
        caps: Sequence[tuple[Action, str, str]] | None = None,
    ) -> None:
        """Make the key hints."""
        super().__init__(style, texts.help_title, parent)
        self.line = ""
        caps = caps or (
            (Action.NEXT, texts.cap_next, texts.key_next),
            (Action.REPEAT, "R", texts.key_repeat),
            (Action.MARK, "M", texts.key_mark),
            (Action.FREEZE, "F", texts.key_freeze),
            (Action.STOP, "Esc", texts.key_stop),
            (Action.TONE, "T", texts.guide.key_tone),
            (Action.ANSWER, "A", texts.key_answer),
            (Action.HISTORY, "H", texts.history.key),
            (Action.SENSORS, "S", texts.key_sensors),
            (Action.HELP, "?", texts.key_help),
        )
        self.hints = {action: KeyHint(style, cap, meaning, texts.is_on, self) for action, cap, meaning in caps}
        for action, hint in self.hints.items():
            self._connect(action, hint, act)

    def _connect(self, action: Action, hint: KeyHint, act: Callable[[Action, bool], None]) -> None:
        """Let a press and a release of the pointer act as those of the key."""
        hint.pressed.connect(lambda: act(action, True))
        hint.released.connect(lambda: act(action, False))

    def rename(self, action: Action, meaning: str) -> None:
        """Say what a key does now."""
        hint = self.hints[action]
        if meaning != hint.meaning:
            hint.meaning = meaning
            hint.setAccessibleName(f"{meaning} ({hint.cap})")
            hint.update()
            self._place()

    def show_line(self, line: str) -> None:
        """Write the health line, if it is another one."""
        if line != self.line:
            self.line = line
            self.say(line)
            self.update()

    def set_style(self, style: Style) -> None:
        """Change theme or scale of the bar and its hints."""
        super().set_style(style)
        for hint in self.hints.values():
            hint.look = style
            hint.update()
        self._place()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Place the hints anew."""
        self._place()

    def _place(self) -> None:
        """Lay the hints out from the left."""
        shown = [(hint, hint.wanted_width() + self.look.px(4)) for hint in self.hints.values() if not hint.isHidden()]
        is_full = sum(width + self.look.px(GAPS_PX[0]) for _, width in shown) > FULL * self.width()
        x = 0.0
        for hint, width in shown:
            hint.setGeometry(QtCore.QRectF(x, 0, width, self.height()).toAlignedRect())
            x += width + self.look.px(GAPS_PX[is_full])

    def offer(self, action: Action, there: bool) -> None:
        """Show a key only where it can do something."""
        if there is self.hints[action].isHidden():
            self.hints[action].setVisible(there)
            self._place()
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Write the health line right-aligned in the room the hints leave."""
        with painting(self) as painter:
            style = self.look
            shown = [hint for hint in self.hints.values() if not hint.isHidden()]
            left = max(hint.geometry().right() for hint in shown) + style.px(40)
            room = QtCore.QRectF(left, 0, self.width() - left, self.height())
            font = fit_font(style, self.line, 17, MEDIUM, room.width(), tabular=True)
            draw_text(painter, room, self.line, font, style.colour("muted"), RIGHT_MIDDLE)
