"""The parts of the review's window that show a moment of a test of holds: bars, list of holds, lens and playhead."""

from collections.abc import Callable

from . import figures
from .effort_card import EffortCard
from .hold_table import HoldTable
from .playhead import PlayheadPointer
from .qt import QtWidgets
from .review_holds import ReviewHolds
from .style import Style
from .texts import Texts
from .trace_panel import TracePanel


class HoldsView:
    """Makes and fills them; they stay hidden in a test of lifts.

    Parameters
    ----------
    choose
        Called with the place of a hold whose row is clicked.
    look_at
        Called with the moment on the page that is pointed at.
    """

    def __init__(
        self,
        style: Style,
        texts: Texts,
        traces: TracePanel,
        choose: Callable[[int], None],
        look_at: Callable[[float], None],
        parent: QtWidgets.QWidget,
    ) -> None:
        """Make them, hidden."""
        self.effort = EffortCard(style, texts, parent)
        self.table = HoldTable(style, texts, choose, parent)
        self._traces, self._look_at = traces, look_at
        self._pointer: PlayheadPointer | None = None
        for part in (self.effort, self.table):
            part.hide()

    def open(self, *others: QtWidgets.QWidget) -> None:
        """Show them in place of others, and take the pointer over the sweep."""
        for other in others:
            other.hide()
        self._pointer = PlayheadPointer(self._traces.viewport(), self._traces.playhead, self._look_at)
        for part in (self.effort, self.table):
            part.show()

    def show(self, holds: ReviewHolds, page_start_s: float) -> None:
        """Show what lies under the playhead."""
        self.effort.show_content(holds.effort())
        self.table.show_content(holds.rows())
        self._traces.show_hold(holds.picture())
        self._traces.playhead.show_moment(holds.moment_s - page_start_s, figures.clock(holds.moment_s))
