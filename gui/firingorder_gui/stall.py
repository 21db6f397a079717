"""How long nothing has come: traces that stand still must not look like a muscle at rest. Time is told; no Qt."""

from dataclasses import dataclass

from firingorder_session.events.live_events import Origin

from .texts import Texts

#: Without samples for this long the traces say so (the promise is: within a second).
STALL_S = 0.8


def stall_words(silent_s: float, texts: Texts) -> str:
    """Say that nothing has come for so long; nothing where that is no time yet."""
    return texts.no_data_for.format(seconds=max(1, int(silent_s))) if silent_s > STALL_S else ""


@dataclass
class Stall:
    """When samples, a replay's progress and the set-up's levels last came."""

    _data_at: float | None = None
    _set_up_at: float | None = None
    _replayed_s: float | None = None

    def note_data(self, now_s: float) -> None:
        """Take note that samples have come."""
        self._data_at = now_s

    def note_set_up(self, now_s: float) -> None:
        """Take note that the set-up has said what it measures."""
        self._set_up_at = now_s

    def note_replay(self, reached_s: float) -> None:
        """Take note that a replay has nothing left to show up to this moment of its recording."""
        self._replayed_s = reached_s

    def silent_s(self, now_s: float, origin: Origin | None, latest_s: float | None) -> float:
        """Return for how long nothing has come; of a replay by its own clock, however fast it is or far behind.

        Parameters
        ----------
        latest_s
            Time of the newest sample; None before there is one.
        """
        if origin is not Origin.REPLAY:
            return 0.0 if self._data_at is None else now_s - self._data_at
        if self._replayed_s is None or latest_s is None:
            return 0.0
        return self._replayed_s - latest_s

    def set_up_silent_s(self, now_s: float, origin: Origin | None) -> float:
        """Return for how long the set-up has said nothing; played slowly, it may."""
        return 0.0 if self._set_up_at is None or origin is Origin.REPLAY else now_s - self._set_up_at
