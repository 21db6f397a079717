"""What stands beside the sweep of a running test: the chosen lift enlarged, or in a test of holds the hold."""

from .hold_picture import hold_picture
from .lens_pictures import LensPictures
from .model import ViewModel
from .texts import Texts
from .trace_panel import TracePanel
from .traces import TraceStore


class LiveLens:
    """Follows the model; every lift's picture is cut while its samples are in the rings."""

    def __init__(self, store: TraceStore, texts: Texts, model: ViewModel) -> None:
        self._store, self._texts, self._model = store, texts, model
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the pictures: with the other side lifts are numbered from one again."""
        self._pictures = LensPictures(self._store, self._texts)

    def show(self, traces: TracePanel) -> None:
        """Cut the shown lift, and mark all lifts on the sweep; or show a hold."""
        model = self._model
        if model.holds:
            effort = model.effort
            traces.show_hold(hold_picture(effort.shown, effort.plan, self._texts, has_reference=effort.has_reference))
            return
        lift = model.shown_lift
        picture = self._pictures.cut(lift) if lift is not None else None
        traces.show_lifts(model.lifts.values())
        traces.show_lens(picture)

    def complete(self, traces: TracePanel) -> None:
        """Show the enlarged lift again once its last samples have come."""
        lift = None if self._model.holds else self._model.shown_lift
        picture = self._pictures.complete(lift) if lift is not None else None
        if picture is not None:
            traces.show_lens(picture)
