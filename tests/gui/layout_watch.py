"""Watch what painters draw: text that is cut, runs out of its room or its widget, or lies over other text."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from firingorder_gui import painting
from firingorder_gui.painting import LEFT_MIDDLE, LEFT_TOP, text_width
from firingorder_gui.qt import QtCore, QtGui, QtWidgets
from firingorder_gui.style import MEDIUM, Style

Align = QtCore.Qt.AlignmentFlag
#: Rounded fonts may be wider than asked for by so much, pixels.
TOLERANCE_PX = 2.0
#: Texts may touch so far, pixels: the tight box of an antialiased letter is a pixel larger on each side.
TOUCH_PX = 2.0


@dataclass
class Watch:
    """What was found while texts were drawn: a line for each text."""

    cut: list[str] = field(default_factory=list[str])
    outside: list[str] = field(default_factory=list[str])
    over: list[str] = field(default_factory=list[str])
    _drawn: dict[int, list[tuple[QtCore.QRectF, str]]] = field(
        default_factory=dict[int, list[tuple[QtCore.QRectF, str]]]
    )

    def line(self, painter: QtGui.QPainter, rect: QtCore.QRectF, text: str, font: QtGui.QFont, align: object) -> None:
        """Look at one line."""
        width = text_width(font, text)
        if not text or painter.hasClipping() and not rect.intersects(painter.clipBoundingRect()):
            return
        flags = align if isinstance(align, Align) else LEFT_MIDDLE
        if flags & Align.AlignRight:
            left = rect.right() - width
        elif flags & Align.AlignHCenter:
            left = rect.center().x() - width / 2
        else:
            left = rect.left()
        if width > rect.width() + TOLERANCE_PX:
            self.outside.append(f"{text} ({width:.0f} of {rect.width():.0f})")
        ink = QtGui.QFontMetricsF(font).tightBoundingRect(text)
        metrics = QtGui.QFontMetricsF(font)
        baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        self._place(painter, ink.translated(left, baseline), text)

    def wrapped(self, painter: QtGui.QPainter, rect: QtCore.QRectF, text: str, font: QtGui.QFont) -> None:
        """Look at words over several lines."""
        flags = int(LEFT_TOP.value) | int(QtCore.Qt.TextFlag.TextWordWrap.value)
        bounds = QtGui.QFontMetricsF(font).boundingRect(rect, flags, text)
        if bounds.height() > rect.height() + TOLERANCE_PX or bounds.width() > rect.width() + TOLERANCE_PX:
            self.cut.append(f"{text} ({bounds.height():.0f} of {rect.height():.0f} high)")
        metrics = QtGui.QFontMetricsF(font)
        self._place(painter, bounds.adjusted(0, metrics.ascent() - metrics.capHeight(), 0, -metrics.descent()), text)

    def _place(self, painter: QtGui.QPainter, box: QtCore.QRectF, text: str) -> None:
        """Compare a text's place with its widget and with what was drawn there before."""
        device = painter.device()
        if isinstance(device, QtWidgets.QWidget):
            inside = QtCore.QRectF(device.rect()).adjusted(-TOLERANCE_PX, -TOLERANCE_PX, TOLERANCE_PX, TOLERANCE_PX)
            if not inside.contains(box):
                self.outside.append(f"{text} (beyond its widget)")
        drawn = self._drawn.setdefault(id(device), [])
        for other, words in drawn:
            common = box.intersected(other)
            if common.width() > TOUCH_PX and common.height() > TOUCH_PX and words != text:
                self.over.append(f"{text} / {words}")
        drawn.append((box, text))


@contextmanager
def watching() -> Generator[Watch]:
    """Watch every painter of the window while the block draws it."""
    watch = Watch()
    plain, elide, wrap = painting.draw_text, painting.draw_elided, painting.draw_wrapped

    def draw_text(
        painter: QtGui.QPainter,
        rect: QtCore.QRectF,
        text: str,
        font: QtGui.QFont,
        colour: QtGui.QColor,
        align: QtCore.Qt.AlignmentFlag = LEFT_MIDDLE,
    ) -> None:
        watch.line(painter, rect, text, font, align)
        plain(painter, rect, text, font, colour, align)

    def draw_elided(
        painter: QtGui.QPainter, rect: QtCore.QRectF, text: str, font: QtGui.QFont, colour: QtGui.QColor
    ) -> None:
        if text_width(font, text) > rect.width() + TOLERANCE_PX:
            watch.cut.append(f"{text} ({text_width(font, text):.0f} of {rect.width():.0f})")
        elide(painter, rect, text, font, colour)

    def draw_wrapped(
        painter: QtGui.QPainter,
        rect: QtCore.QRectF,
        text: str,
        style: Style,
        sizes: tuple[float, ...],
        colour: QtGui.QColor,
        weight: int = MEDIUM,
    ) -> None:
        wrap(painter, rect, text, style, sizes, colour, weight)
        watch.wrapped(painter, rect, text, painter.font())

    spies: dict[str, Callable[..., None]] = {
        "draw_text": draw_text,
        "draw_elided": draw_elided,
        "draw_wrapped": draw_wrapped,
    }
    modules = [module for name, module in sys.modules.items() if name.startswith("firingorder_gui.")]
    patches = [
        patch.object(module, name, spy)
        for module in modules
        for name, spy in spies.items()
        if module is not painting and hasattr(module, name)
    ]
    for each in patches:
        each.start()
    try:
        yield watch
    finally:
        for each in patches:
            each.stop()
