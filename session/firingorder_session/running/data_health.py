"""How the data of a running test is doing: what was lost, how late the analysis is, how sure the clocks are."""

from dataclasses import dataclass

from firingorder_signal.sync import worst

from ..acquiring.acquisition import Acquisition
from ..events.live_events import DataHealth
from .live_analysis import LiveAnalysis

#: How often it is told, seconds of signal.
EVERY_S = 1.0
#: And at least so often by the clock while samples come: a computer that cannot keep up takes long to get through a
#: second of signal, and the view is to say within a second that it does.
CLOCK_S = 0.5


@dataclass
class HealthWatch:
    """When the health is to be told; times are told."""

    is_replay: bool
    _told_s: float = 0.0
    _told_at_s: float = 0.0

    def begin(self, time_s: float) -> None:
        """Begin at a time of the signal: what came before it is over."""
        self._told_s = time_s

    def is_due(self, time_s: float, now_s: float) -> bool:
        """Return whether it is due, and then count from here.

        Parameters
        ----------
        time_s, now_s
            How far the analysis is, and the clock that stamps the samples. Where no sample has come since, nothing is
            late, and a replay has no such hurry.
        """
        is_slow = time_s > self._told_s and now_s - self._told_at_s >= CLOCK_S and not self.is_replay
        if time_s - self._told_s < EVERY_S and not is_slow:
            return False
        self._told_s, self._told_at_s = time_s, now_s
        return True


def measure_health(acquisition: Acquisition, analysis: LiveAnalysis, n_skipped: int, *, is_replay: bool) -> DataHealth:
    """Count what happened since the start.

    Parameters
    ----------
    n_skipped
        Events that the view had no room for.
    is_replay
        Whether the data is played back: it cannot come too late.
    """
    counts = acquisition.counts
    return DataHealth(
        time_s=analysis.time_s,
        samples_lost=counts.samples_lost,
        frames_corrupt=counts.frames_corrupt,
        view_overflow=n_skipped + counts.events_dropped,
        analysis_delay_s=0.0 if is_replay else max(acquisition.now_s - analysis.time_s, 0.0),
        clock_uncertainty_s=counts.clock_uncertainty_s,
        sync=worst(result.sync for result in analysis.results),
    )
