"""What every window of the program has: a ground, type that grows with it, keys and pedals of its own, its picture."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from .bottom_bar import Action
from .painting import painting
from .picture import save_picture
from .qt import QtCore, QtGui, QtWidgets
from .style import Style, scale_of
from .theme import THEMES


class Styled(Protocol):
    """A part whose type follows the window's."""

    def set_style(self, style: Style) -> None:
        """Take another size of type."""


class PageWindow(QtWidgets.QWidget):
    """The ground of a window.

    Attributes
    ----------
    look
        Colours, and sizes of type at the window's present size.
    """

    def __init__(self, title: str, name: str, theme: str) -> None:
        """Take a title, a name for screen readers, and the colours of a theme."""
        super().__init__()
        self.look = Style(THEMES[theme])
        self.setWindowTitle(title)
        self.setAccessibleName(name)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def fit_style(self, parts: Iterable[Styled]) -> None:
        """Scale the type of the window's parts with its size."""
        scale = scale_of(self.width(), self.height())
        if scale != self.look.scale:
            self.look = Style(self.look.theme, scale)
            for part in parts:
                part.set_style(self.look)

    def save_picture(self, path: Path) -> bool:
        """Write a picture of the window; return whether that worked."""
        return save_picture(self, path)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Fill the ground."""
        with painting(self) as painter:
            painter.fillRect(event.rect(), self.look.colour("background"))


class ActionWindow(PageWindow):
    """A window with keys that do something, some of them while they are held."""

    key_actions: Mapping[int, Action]

    def act(self, action: Action, pressed: bool) -> None:
        """Do what a key or the pointer asks for."""
        raise NotImplementedError

    def keyReleaseEvent(self, event: QtGui.QKeyEvent) -> None:
        """End a hold."""
        if not event.isAutoRepeat() and event.key() in self.key_actions:
            self.act(self.key_actions[event.key()], False)
