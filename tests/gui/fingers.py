"""Keys and a pointer for widgets, as typed calls; pytest-qt's are without types."""

from firingorder_gui.qt import QtCore, QtGui, QtWidgets

NO_MODIFIER = QtCore.Qt.KeyboardModifier.NoModifier
LEFT = QtCore.Qt.MouseButton.LeftButton
Kind = QtCore.QEvent.Type


def press_key(
    widget: QtWidgets.QWidget,
    key: QtCore.Qt.Key,
    modifier: QtCore.Qt.KeyboardModifier = NO_MODIFIER,
    text: str = "",
) -> None:
    """Press a key and let it go."""
    for kind in (Kind.KeyPress, Kind.KeyRelease):
        QtWidgets.QApplication.sendEvent(widget, QtGui.QKeyEvent(kind, key, modifier, text))


def write(widget: QtWidgets.QWidget, text: str) -> None:
    """Write letters."""
    for letter in text:
        press_key(widget, QtCore.Qt.Key(ord(letter.upper())), text=letter)


def drag(widget: QtWidgets.QWidget, start: QtCore.QPoint, stop: QtCore.QPoint) -> None:
    """Press the pointer's button, move, and let go."""
    for kind, at in ((Kind.MouseButtonPress, start), (Kind.MouseMove, stop), (Kind.MouseButtonRelease, stop)):
        place, held = (
            QtCore.QPointF(at),
            LEFT if kind is not Kind.MouseButtonRelease else QtCore.Qt.MouseButton.NoButton,
        )
        event = QtGui.QMouseEvent(kind, place, QtCore.QPointF(widget.mapToGlobal(at)), LEFT, held, NO_MODIFIER)
        QtWidgets.QApplication.sendEvent(widget, event)


def click(widget: QtWidgets.QWidget, at: QtCore.QPoint) -> None:
    """Click."""
    drag(widget, at, at)
