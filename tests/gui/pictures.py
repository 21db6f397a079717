"""Pictures as arrays."""

import numpy as np

from firingorder_gui.qt import QtGui, QtWidgets, untyped
from firingorder_signal.blocks import FloatArray


def image_pixels(image: QtGui.QImage) -> FloatArray:
    """Return an image's pixels, shape (height, width, 3), 0..255."""
    plain = image.convertToFormat(QtGui.QImage.Format.Format_RGB32)
    raw: FloatArray = untyped("pyqtgraph.functions").ndarray_from_qimage(plain)
    return raw[:, :, 2::-1].astype(np.float64)  # stored as blue, green, red


def pixels(picture: QtGui.QPixmap) -> FloatArray:
    """Return a picture's pixels, shape (height, width, 3), 0..255."""
    return image_pixels(picture.toImage())


def draw(widget: QtWidgets.QWidget) -> FloatArray:
    """Draw a widget anew and return its pixels."""
    return pixels(widget.grab())
