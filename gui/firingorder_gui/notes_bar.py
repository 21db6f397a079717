"""The line over the bottom bar for what is to be known and is no trouble of a sensor's: safety, capacity, the network.

One note at a time, in plain text colours; N or a click puts it away and shows the next.
"""

from collections.abc import Callable

from .bottom_bar import Action
from .card import Painted
from .painting import RIGHT_MIDDLE, draw_card, draw_text, draw_wrapped, painting, text_width
from .qt import QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts


class NotesBar(Painted):
    """Shows the oldest note that has not been put away; hidden where there is none."""

    def __init__(
        self, style: Style, texts: Texts, act: Callable[[Action, bool], None], parent: QtWidgets.QWidget
    ) -> None:
        """Start hidden; `act` is told when the note is clicked."""
        super().__init__(style, texts.notes_title, parent)
        self._texts = texts
        self._act = act
        self._notes: list[str] = []
        self.hide()

    @property
    def note(self) -> str:
        """The note that is shown; empty where there is none."""
        return self._notes[0] if self._notes else ""

    def add(self, note: str) -> None:
        """Queue a note, unless the same one waits already."""
        if note not in self._notes:
            self._notes.append(note)
            self._show()

    def put_away(self) -> None:
        """Put the shown note away."""
        del self._notes[:1]
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._notes))
        self.say(self.note)
        self.update()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Put the note away."""
        self._act(Action.PUT_AWAY, True)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the note, how many wait, and the key that puts it away."""
        with painting(self) as painter:
            style, area = self.look, self.area()
            draw_card(painter, area, style)
            more = f"{len(self._notes) - 1} {self._texts.notes_more} · " if len(self._notes) > 1 else ""
            key, font = f"{more}{self._texts.notes_key}", style.font(16, SEMIBOLD)
            room = text_width(font, key) + style.px(24)
            inner = area.adjusted(style.px(16), style.px(5), -style.px(16), -style.px(5))
            text_at = inner.adjusted(0, 0, -room, 0)
            line = style.font(18, MEDIUM)
            if text_width(line, self.note) <= text_at.width():
                draw_text(painter, text_at, self.note, line, style.colour("text"))
            else:
                draw_wrapped(painter, text_at, self.note, style, (16, 15, 14, 13), style.colour("text"), MEDIUM)
            draw_text(painter, inner, key, font, style.colour("muted"), RIGHT_MIDDLE)
