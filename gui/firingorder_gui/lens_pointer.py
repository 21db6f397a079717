"""The pointer over the lens: takes an onset line in hand and drags it."""

from collections.abc import Callable

from firingorder_signal.blocks import Site

from .lens import Lens
from .qt import QtCore, QtGui, QtWidgets

#: How near to an onset line the pointer takes hold of it, design px.
GRIP_PX = 14.0


class LensPointer(QtCore.QObject):
    """Watches the trace view's pointer.

    Parameters
    ----------
    view
        The widget the lens is painted on.
    grip, drag, drop
        Called when an onset is taken (returns whether it may be), moved to a time of the lens, and let go.
    """

    def __init__(
        self,
        view: QtWidgets.QWidget,
        lens: Lens,
        grip: Callable[[Site], bool],
        drag: Callable[[float], None],
        drop: Callable[[], None],
    ) -> None:
        """Begin to watch."""
        super().__init__(view)
        self._view, self._lens = view, lens
        self._grip, self._drag, self._drop = grip, drag, drop
        self._held_s: float | None = None  # from the line to the pointer
        view.setMouseTracking(True)
        view.installEventFilter(self)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Take the pointer's events where they are about an onset."""
        if not isinstance(event, QtGui.QMouseEvent):
            return False
        at = event.position()
        match event.type():
            case QtCore.QEvent.Type.MouseButtonPress:
                return self._press(at)
            case QtCore.QEvent.Type.MouseMove:
                if self._held_s is not None:
                    self._drag(self.time_at(at.x()) - self._held_s)
                    return True
                over = self.site_at(at) is not None
                shape = QtCore.Qt.CursorShape.SizeHorCursor if over else QtCore.Qt.CursorShape.ArrowCursor
                self._view.setCursor(shape)
            case QtCore.QEvent.Type.MouseButtonRelease if self._held_s is not None:
                self._held_s = None
                self._drop()
                return True
            case _:
                pass
        return False

    def _press(self, at: QtCore.QPointF) -> bool:
        """Take hold of the onset under the pointer, if there is one."""
        site, picture = self.site_at(at), self._lens.picture
        onset_s = picture.lanes[site].onset_s if picture is not None and site is not None else None
        if site is None or onset_s is None or not self._grip(site):
            return False
        self._held_s = self.time_at(at.x()) - onset_s
        return True

    def time_at(self, x: float) -> float:
        """Time of a pixel, from the lens's zero line."""
        picture, box = self._lens.picture, self._lens.place.lens
        if picture is None:
            return 0.0
        return picture.start_s + (x - box.left) / box.width * picture.width_s

    def site_at(self, at: QtCore.QPointF) -> Site | None:
        """Find the muscle whose onset line lies under the pointer."""
        picture = self._lens.picture
        if picture is None or not self._lens.boundingRect().contains(at):
            return None
        for row in self._lens.place.rows:
            if row.site is None or not row.top <= at.y() < row.top + row.height:
                continue
            lane = picture.lanes.get(row.site)
            if lane is None or lane.onset_s is None:
                continue
            if abs(self._lens.x_of(lane.onset_s) - at.x()) <= self._lens.look.px(GRIP_PX):
                return row.site
        return None
