"""Mechanical shocks: when a worn motion sensor was knocked, by the jerk of its accelerometer.

A knock on an electrode or a pull at its cable shakes the housing beside it. The length of the difference between two
accelerometer samples does not depend on how the sensor sits, and what of it belongs to the movement of a limb stays far
below what a knock makes. This module keeps the jerk of the last seconds of one sensor by time and decides nothing;
`doubts.py` asks it.
"""

from bisect import bisect_left
from dataclasses import dataclass
from math import isnan

import numpy as np

from .blocks import FloatArray, SampleBlock, StreamInfo
from .history import History
from .rules import JudgementRules

#: Below this no shock is told: a knock rings for some 20 ms (a sensor on skin resonates at 20-60 Hz; Ziegert & Lewis
#: 1979, doi 10.1115/1.3426257), which then falls between the samples, and its time is no better known than the window.
RATE_MIN_HZ = 100.0
#: Fewer seconds of rest do not tell a sensor's own level (J: as much as the rest of a muscle, `rules.baseline_s`).
REST_MIN_S = 0.5
#: Far more than a clock's map ever steps back.
SPARE_S = 1.0


@dataclass(frozen=True)
class Shock:
    """A knock: when its jerk was largest, how large, and above what it counts; seconds and m/s³."""

    time_s: float
    jerk_m_s3: float
    limit_m_s3: float


class ShockStream:
    """What one motion sensor's accelerometer felt over the last seconds, asked by its jerk.

    Parameters
    ----------
    history_s
        How far back can be asked.

    Attributes
    ----------
    arrived_s
        Host time up to which samples have come.
    """

    def __init__(self, info: StreamInfo, history_s: float) -> None:
        self.info = info
        self.rate_hz = float(info.rate_hz)
        self.arrived_s = float("-inf")
        # Time and acceleration. By count of rows, not by sample number: a gap must not empty it.
        self._rows = History(4, round(history_s * self.rate_hz))
        self._next_index: int | None = None

    def update(self, block: SampleBlock) -> None:
        """Take the next samples, accelerometer first (m/s²)."""
        if block.n_samples == 0:
            return
        base = block.timebase
        index = np.arange(block.first_index - base.index, block.next_index - base.index)
        # A row without a value ahead of the block where samples are lost: what lies across it is no jerk.
        n_lost = int(block.first_index != self._next_index)
        rows = np.full((block.n_samples + n_lost, 4), np.nan)
        rows[n_lost:, 0] = base.time_s + index * base.period_s
        rows[n_lost:, 1:] = block.values[:, :3]
        rows[0, 0] = rows[n_lost, 0]
        self._rows.append(self._rows.next_index, rows)
        self._next_index = block.next_index
        self.arrived_s = max(self.arrived_s, block.end_s)

    def known_until_s(self, horizon_s: float) -> float:
        """Return the time up to which this stream is known, or up to which nothing more of it will come."""
        return max(self.arrived_s, horizon_s)

    def find(
        self, rest_s: tuple[float, float], near_s: tuple[float, float], rules: JudgementRules
    ) -> tuple[Shock, ...]:
        """Find the shocks in a window.

        Parameters
        ----------
        rest_s
            Where the sensor's own level is taken from: the median of its jerk there.
        near_s
            Where shocks are sought; of those closer than `rules.shock_within_s` to each other the largest is told.
        """
        rest, at_rest = self._between(*rest_s)
        if len(rest) < REST_MIN_S * self.rate_hz:
            return ()
        limit = max(rules.shock_m_s3, rules.shock_times * float(np.median(at_rest)))
        time_s, jerk = self._between(*near_s)
        loud = jerk > limit
        found: list[Shock] = []
        for at_s, value in zip(time_s[loud].tolist(), jerk[loud].tolist(), strict=True):
            if found and at_s - found[-1].time_s <= rules.shock_within_s:
                if value > found[-1].jerk_m_s3:
                    found[-1] = Shock(at_s, value, limit)
            else:
                found.append(Shock(at_s, value, limit))
        return tuple(found)

    def _between(self, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Return times and jerk of the known samples in a window, which excludes its end."""
        # Times step back by milliseconds where a clock's map changes: searched with room to spare, then compared.
        first, last = (self._row_of(time_s) for time_s in (start_s - SPARE_S, stop_s + SPARE_S))
        time_s, *acc = (self._rows.column(column, first, last) for column in range(4))
        jerk = np.full(len(time_s), np.nan)
        jerk[1:] = np.sqrt(sum(np.diff(axis) ** 2 for axis in acc)) * self.rate_hz
        inside = (time_s >= start_s) & (time_s < stop_s) & ~np.isnan(jerk)
        return time_s[inside], jerk[inside]

    def _row_of(self, time_s: float) -> int:
        """Find the first row at a time or later."""
        return bisect_left(range(self._rows.next_index), time_s, key=self._time_of)

    def _time_of(self, row: int) -> float:
        """Time of a row; long ago for one that is no longer kept."""
        time_s = self._rows.value(0, row)
        return float("-inf") if isnan(time_s) else time_s
