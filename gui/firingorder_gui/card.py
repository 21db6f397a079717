"""What all painted widgets of the window share: a style, and a name for screen readers that follows the content."""

from .qt import QtCore, QtWidgets
from .style import Style


class Painted(QtWidgets.QWidget):
    """A widget that draws itself from a style; takes no focus, so that keys always reach the window."""

    def __init__(self, style: Style, name: str, parent: QtWidgets.QWidget | None = None) -> None:
        """Start with a style and an accessible name."""
        super().__init__(parent)
        self.look = style
        self.setAccessibleName(name)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)

    def set_style(self, style: Style) -> None:
        """Change theme or scale and draw again."""
        self.look = style
        self.update()

    def area(self) -> QtCore.QRectF:
        """Return the whole widget."""
        return QtCore.QRectF(self.rect())

    def say(self, text: str) -> None:
        """Tell screen readers the content, when it has changed; Qt sends them the event."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
