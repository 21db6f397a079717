"""The one door to Qt: pyqtgraph's choice of binding at run time, PySide6's types for the type checkers.

PySide6 has broken pyqtgraph repeatedly (pyqtgraph#3171, #3323, #3357, #3390); importing Qt only here keeps
`PYQTGRAPH_QT_LIB=PyQt6` a way out. Nothing else in the package imports Qt or pyqtgraph.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from firingorder_signal.blocks import FloatArray

if TYPE_CHECKING:
    from PySide6 import QtCore, QtGui, QtWidgets
    from PySide6.QtWidgets import QGraphicsObject as GraphicsObject
    from PySide6.QtWidgets import QGraphicsView as GraphicsView
else:
    from pyqtgraph import GraphicsObject, GraphicsView
    from pyqtgraph.Qt import QtCore, QtGui, QtWidgets

__all__ = ["GraphicsObject", "GraphicsView", "LineBatch", "QtCore", "QtGui", "QtWidgets", "polyline"]


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
        self._lines.resize(x.size)
        rows: FloatArray = self._lines.ndarray()
        rows[:, 0] = x
        rows[:, 1] = top
        rows[:, 2] = x
        rows[:, 3] = bottom
        painter.drawLines(*self._lines.drawargs())


def polyline(x: FloatArray, y: FloatArray) -> QtGui.QPolygonF:
    """Build a polygon from points, shape (n,) each, pixels, without a Python object per point.

    Not `PrimitiveArray` with `drawPolyline`, which segfaults on PySide6.
    """
    polygon: QtGui.QPolygonF = untyped("pyqtgraph.functions").arrayToQPolygonF(
        np.ascontiguousarray(x), np.ascontiguousarray(y)
    )
    return polygon
