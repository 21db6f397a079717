"""How the data of a running test is doing: what was lost, how late the analysis is, how sure the clocks are."""

from firingorder_signal.sync import worst

from .acquisition import Acquisition
from .live_analysis import LiveAnalysis
from .live_events import DataHealth


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
