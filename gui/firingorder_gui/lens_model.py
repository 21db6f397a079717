"""The last lift enlarged around its onsets: what the lens draws, cut from the raw rings. No Qt.

At ten seconds across, an order of 80 ms is five pixels; the lens is where it can be seen. Times in it are seconds from
its zero line, the start of movement (or the first muscle, without motion sensors).
"""

from dataclasses import dataclass, field, replace

import numpy as np

from firingorder_signal.blocks import FloatArray, Site
from firingorder_signal.results import Lift

from .columns import ColumnRing
from .lift_lists import zero_of
from .model import is_scored
from .texts import Texts
from .traces import TraceStore

#: Seconds shown before and after the zero line (J: 84 ms must be wide enough to be seen).
BEFORE_S = 0.36
AFTER_S = 0.40
#: An onset further out widens the lens, with this much room beside it, up to the search window of the rules.
ROOM_S = 0.08
MOST_S = 0.90
#: Half width of the lens's envelope window, seconds: 50 ms in all, short against the rise it shows.
ENVELOPE_REACH_S = 0.025


@dataclass(frozen=True)
class LensLane:
    """One muscle in the lens; times in seconds from the zero line, None where there is no onset to show."""

    site: Site
    times_s: FloatArray
    values_uv: FloatArray
    onset_s: float | None = None
    interval_s: tuple[float, float] | None = None
    equal_s: float | None = None  # where this onset would lie if both muscles had started together (null lag)
    note: str = ""
    found_s: float | None = None  # where the onset was found, if a hand moved it since
    by: str = ""  # who moved it, in words


@dataclass(frozen=True)
class LensPicture:
    """A lift in the lens."""

    lift: Lift
    start_s: float
    stop_s: float
    zero_s: float
    zero_label: str
    lanes: dict[Site, LensLane] = field(default_factory=dict[Site, LensLane])
    angle_times_s: FloatArray = field(default_factory=lambda: np.empty(0))
    angles_deg: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    complete: bool = False  # whether the traces had reached the end of the lens when it was cut

    @property
    def number(self) -> int:
        """The lift's number."""
        return self.lift.number

    @property
    def width_s(self) -> float:
        """Seconds across."""
        return self.stop_s - self.start_s

    def with_traces_of(self, older: "LensPicture") -> "LensPicture":
        """Take the traces of an older picture that has them all: the rings may have forgotten part of them since."""
        covers = older.zero_s == self.zero_s and older.start_s <= self.start_s and older.stop_s >= self.stop_s
        if not (older.complete and covers):
            return self
        lanes = {
            site: replace(lane, times_s=old.times_s, values_uv=old.values_uv)
            if (old := older.lanes.get(site))
            else lane
            for site, lane in self.lanes.items()
        }
        return replace(self, lanes=lanes, angle_times_s=older.angle_times_s, angles_deg=older.angles_deg)


def lens_window(lift: Lift, zero_s: float) -> tuple[float, float]:
    """Choose the seconds around the zero line so that every onset and its interval lies inside."""
    start_s, stop_s = -BEFORE_S, AFTER_S
    for onset in lift.onsets.values():
        for time_s in (onset.time_s, *(onset.ci90_s or ())):
            if time_s is not None and is_scored(lift):
                start_s = min(start_s, time_s - zero_s - ROOM_S)
                stop_s = max(stop_s, time_s - zero_s + ROOM_S)
    return max(start_s, -MOST_S), min(stop_s, MOST_S)


def cut_lens(
    lift: Lift, store: TraceStore, texts: Texts, window_s: tuple[float, float] | None = None
) -> LensPicture | None:
    """Cut a lift out of the raw rings; None before there are any samples.

    The seconds around the zero line are those that show every onset, unless `window_s` states others.
    A lift that was not judged keeps its traces, but no onset lines: they are not to be read as an order.
    """
    zero = zero_of(lift, texts) or (lift.start_s, "")
    start_s, stop_s = window_s or lens_window(lift, zero[0])
    head_s = store.latest_s
    if head_s is None:
        return None
    lanes = {site: cut_lane(site, lift, store, zero[0], (start_s, stop_s), texts) for site in store.sites}
    angle_times_s, angles_deg = store.motion_between(zero[0] + start_s, zero[0] + stop_s)
    return LensPicture(
        lift,
        start_s,
        stop_s,
        zero[0],
        zero[1],
        lanes,
        angle_times_s - zero[0],
        angles_deg,
        complete=head_s >= zero[0] + stop_s,
    )


def cut_lane(
    site: Site, lift: Lift, store: TraceStore, zero_s: float, window_s: tuple[float, float], texts: Texts
) -> LensLane:
    """Cut one muscle; its onset is shown only where the lift has an answer."""
    times_s, values_uv = store.emg_between(site, zero_s + window_s[0], zero_s + window_s[1])
    onset = lift.onsets.get(site)
    if not is_scored(lift):
        return LensLane(site, times_s - zero_s, values_uv, note=texts.lens_not_judged)
    if onset is None or onset.time_s is None:
        note = texts.not_detected if onset is not None else ""
        return LensLane(site, times_s - zero_s, values_uv, note=note)
    interval_s = None if onset.ci90_s is None else (onset.ci90_s[0] - zero_s, onset.ci90_s[1] - zero_s)
    lane = LensLane(
        site, times_s - zero_s, values_uv, onset.time_s - zero_s, interval_s, equal_onset(site, lift, zero_s)
    )
    if onset.corrected is None or onset.found is None or onset.found.time_s is None:
        return lane
    by = texts.review.by_hand.format(by=onset.corrected.by)
    return replace(lane, found_s=onset.found.time_s - zero_s, by=by)


def equal_onset(site: Site, lift: Lift, zero_s: float) -> float | None:
    """Say where the glute's onset would lie if both had started together: the hamstring's plus the null lag."""
    lag = lift.lag
    if not site.is_glute or lag is None or lag.null_lag_s is None or lag.hamstring.time_s is None:
        return None
    return lag.hamstring.time_s + lag.null_lag_s - zero_s


def lens_columns(lane: LensLane, start_s: float, column_s: float, n_columns: int) -> tuple[FloatArray, FloatArray]:
    """Reduce a lane to the lowest and highest value per pixel column, shape (n_columns,); NaN where there is no data.

    Each column reaches to the sample before it, as in the sweep; one with a lost sample is blank.
    """
    ring = ColumnRing(n_columns, column_s, 1)
    since_s = lane.times_s - start_s
    inside = (since_s >= 0) & (since_s < n_columns * column_s)
    ring.add(since_s[inside], lane.values_uv[inside, np.newaxis])
    low, high = ring.low[:, 0], ring.high[:, 0]
    empty = ~np.isfinite(low)
    low[empty], high[empty] = np.nan, np.nan
    return low, high


def lens_envelope(lane: LensLane, reach_s: float = ENVELOPE_REACH_S) -> FloatArray:
    """Root mean square around each sample, shape (n,); NaN near a lost sample and within `reach_s` of the ends."""
    n_samples = len(lane.times_s)
    level = np.full(n_samples, np.nan)
    if n_samples < 3:
        return level
    reach = max(1, round(reach_s / float(np.median(np.diff(lane.times_s)))))
    if n_samples <= 2 * reach:
        return level
    windows = np.lib.stride_tricks.sliding_window_view(lane.values_uv**2, 2 * reach + 1)
    level[reach : n_samples - reach] = np.sqrt(windows.mean(axis=1))
    return level
