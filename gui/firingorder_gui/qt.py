"""The one door to Qt: pyqtgraph's choice of binding at run time, PySide6's types for the type checkers.

PySide6 has broken pyqtgraph repeatedly (pyqtgraph#3171, #3323, #3357, #3390); importing Qt only here keeps
`PYQTGRAPH_QT_LIB=PyQt6` a way out. Nothing else in the package imports Qt or pyqtgraph.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

if TYPE_CHECKING:
    from PySide6 import QtCore, QtGui, QtWidgets
    from PySide6.QtWidgets import QGraphicsObject as GraphicsObject
    from PySide6.QtWidgets import QGraphicsView as GraphicsView
else:
    from pyqtgraph import GraphicsObject, GraphicsView
    from pyqtgraph.Qt import QtCore, QtGui, QtWidgets

BoolArray = NDArray[np.bool_]

__all__ = ["GraphicsObject", "GraphicsView", "LineBatch", "QtCore", "QtGui", "QtWidgets"]


def untyped(module: str) -> Any:
    """Import a module that has no stubs; what it gives is typed here and nowhere else."""
    return import_module(module)


class LineBatch:
    """Many lines in one call: a reused array of (x1, y1, x2, y2) rows handed to `QPainter.drawLines`.

    Wraps pyqtgraph's `PrimitiveArray`: without it each line is a Python object.
    """

    def __init__(self) -> None:
        """Start empty; the array grows to the largest batch and stays."""
        self._lines = untyped("pyqtgraph.Qt.internals").PrimitiveArray(QtCore.QLineF, 4)

    def vertical(self, painter: QtGui.QPainter, x: FloatArray, top: FloatArray, bottom: FloatArray) -> None:
        """Draw one vertical line per element of `x`, from `top` to `bottom`, all shape (n,), pixels."""
        if x.size == 0:
            return
        rows = self._rows(x.size)
        rows[:, 0] = x
        rows[:, 1] = top
        rows[:, 2] = x
        rows[:, 3] = bottom
        painter.drawLines(*self._lines.drawargs())

    def joined(self, painter: QtGui.QPainter, x: FloatArray, y: FloatArray, drawn: BoolArray) -> None:
        """Join consecutive points that are both drawn, shape (n,) each, pixels; the pen must be opaque.

        Separate segments with square caps look like a polyline and cost a tenth of one: 0.42 against 4.2 ms for 640
        points at 2.5 px, antialiased (Qt 6.11 raster engine). Nor can a polyline take a batch: PySide6 segfaults.
        """
        linked = drawn[:-1] & drawn[1:]
        count = int(np.count_nonzero(linked))
        if count == 0:
            return
        rows = self._rows(count)
        rows[:, 0] = x[:-1][linked]
        rows[:, 1] = y[:-1][linked]
        rows[:, 2] = x[1:][linked]
        rows[:, 3] = y[1:][linked]
        painter.drawLines(*self._lines.drawargs())

    def _rows(self, count: int) -> FloatArray:
        """Return `count` rows of the array to be filled, shape (count, 4)."""
        self._lines.resize(count)
        rows: FloatArray = self._lines.ndarray()
        return rows
