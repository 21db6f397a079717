"""What is left of a window's picture at two metres, and what a machine reads there.

A 15.6 inch screen at 1920 x 1080 is 345 mm wide. From two metres that is 9.9 degrees, in which an eye of 20/20 vision
resolves 593 minutes of arc: as many pixels as the picture keeps. Enlarging it again for the reader adds nothing.
"""

import os
import subprocess
from pathlib import Path

from firingorder_gui.qt import QtCore, QtGui, QtWidgets
from firingorder_gui.window import LiveWindow

WIDTH_PX = 590
#: Tesseract reads capitals of some 30 px best (its manual); those of the verdict have 22 px at two metres.
ENLARGED = 4
SMOOTH = QtCore.Qt.TransformationMode.SmoothTransformation


#: Where the state card draws its word and its figure, design px from its top left corner (`verdict_card.py`).
WORD = QtCore.QRectF(20, 54, 640, 112)
FIGURE = QtCore.QRectF(20, 162, 640, 98)


def seen_at_two_metres(
    window: LiveWindow, line: QtCore.QRectF, width_px: float | None = None, card: QtWidgets.QWidget | None = None
) -> QtGui.QImage:
    """Return a line of a card as it is left of the shrunk picture of the whole window.

    Parameters
    ----------
    line
        Design px from the card's top left corner; a negative left counts from its right edge.
    width_px
        Design px of the line that are wanted; None = all the card is wide.
    card
        None = the state card.
    """
    picture = window.grab().toImage()
    scale = WIDTH_PX / picture.width()
    small = picture.scaledToWidth(WIDTH_PX, SMOOTH)
    place, px = (card or window.card).geometry(), window.look.px
    width = place.width() - px(2 * line.left()) if width_px is None else px(width_px)
    left = place.x() + (place.width() if line.left() < 0 else 0) + px(line.left())
    box = QtCore.QRectF(left, place.y() + px(line.top()), width, px(line.height()))
    return small.copy(QtCore.QRectF(box.topLeft() * scale, box.size() * scale).toAlignedRect())


def read(image: QtGui.QImage, language: str, folder: Path, *, dark: bool) -> str:
    """Let tesseract read an image; dark letters on a light ground are what it knows."""
    grey = image.convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
    if dark:
        grey.invertPixels()
    path = folder / "seen.png"
    grey.scaled(grey.size() * ENLARGED, QtCore.Qt.AspectRatioMode.KeepAspectRatio, SMOOTH).save(str(path))
    # Page segmentation 7: one line of text. One thread: faster for small pictures.
    command = ["tesseract", str(path), "stdout", "-l", language, "--psm", "7", "--dpi", "300"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=60, env=environment)
    return " ".join(done.stdout.split())
