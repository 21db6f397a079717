"""The enlarged lifts that can be shown again: cut while their samples are in the rings, the oldest given up. No Qt."""

from collections.abc import Mapping

from firingorder_signal.results import Lift

from .lens_model import LensPicture, cut_lens
from .texts import Texts
from .traces import TraceStore

#: So many lifts keep their enlarged traces, each some 50 kB a muscle; a test has six to twenty.
MOST_PICTURES = 48


class LensPictures:
    """Cuts and keeps the pictures of lifts.

    Parameters
    ----------
    most
        How many are kept; older lifts are still in the recording.
    """

    def __init__(self, store: TraceStore, texts: Texts, most: int = MOST_PICTURES) -> None:
        self._store, self._texts, self._most = store, texts, most
        self._kept: dict[int, LensPicture] = {}

    @property
    def kept(self) -> Mapping[int, LensPicture]:
        """The pictures by number of the lift."""
        return self._kept

    def cut(self, lift: Lift) -> LensPicture | None:
        """Return the lift's picture, cut anew unless that of this very lift is complete; None without samples."""
        old = self._kept.get(lift.number)
        if old is not None and old.complete and old.lift == lift:
            return old
        new = cut_lens(lift, self._store, self._texts)
        if new is None:
            return old
        picture = self._kept[lift.number] = new if old is None else new.with_traces_of(old)
        while len(self._kept) > self._most:
            del self._kept[min(self._kept)]
        return picture

    def complete(self, lift: Lift) -> LensPicture | None:
        """Cut a lift again once its last samples have come; None where there is nothing new to show."""
        picture, latest_s = self._kept.get(lift.number), self._store.latest_s
        if picture is None or picture.complete or latest_s is None or latest_s < picture.zero_s + picture.stop_s:
            return None
        return self.cut(lift)
