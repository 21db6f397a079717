"""Samples that bring a time stamp each, and no counter: which were lost, told from the stamps alone. No I/O.

How to think about it. A loss moves all later stamps by whole periods and for good; a source that was busy, or stamps
on arrival, makes single stamps late, and later ones make up for it. So after a suspicious step the samples wait for a
moment, and only what even the earliest of their stamps shows is a loss. How far a source's stamps jitter shows in
steps that are too short, which a loss never makes; a step within three times that is never one.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

#: Less than this share of a period is no lost sample.
LEAST_SHARE = 0.75
#: A step is a loss above so many times the jitter that steps which are too short have shown.
JITTERS = 3.0
#: How long suspicious samples wait, and at least so many times the longest pause between chunks so far.
HOLD_S, HOLD_CHUNKS = 0.030, 1.5
#: Until the stamps' jitter and true period are known, only this much missing time is a loss.
LEARN_S, UNSURE_S = 2.0, 0.100
#: Jitter is forgotten after one to two of these.
MEMORY_S = 30.0
#: Newest stamps that the next is expected from; few, so that a wrong nominal rate does not count.
N_LINE = 8
#: A measured period further from the nominal one is a loss or a stall in what was learnt from.
PERIOD_ERROR_MAX = 0.05
#: Stamps that go back, or ahead, by more are another clock's: the source's computer was started anew.
BACK_S, AHEAD_S = 1.0, 3600.0

Values = NDArray[np.generic]


@dataclass(frozen=True)
class Run:
    """Samples without a gap: `values` (n_samples, n_channels), `stamps` (n_samples,), and what was lost before.

    `restarted` where the source's clock began anew.
    """

    values: Values
    stamps: FloatArray
    n_lost: int = 0
    restarted: bool = False


@dataclass
class StampFollower:
    """Follow one source.

    Parameters
    ----------
    period_s
        Nominal time between samples.
    """

    period_s: float
    _true_s: float = 0.0
    _line: FloatArray = field(default_factory=lambda: np.empty(0))
    _n_learnt: int = 0
    _first_s: float = 0.0
    _jitter_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    _n_remembered: int = 0
    _held: list[tuple[Values, FloatArray]] = field(default_factory=list[tuple[Values, FloatArray]])
    _held_at_s: float = 0.0
    _last_push_s: float | None = None
    _chunk_s: float = 0.0

    def __post_init__(self) -> None:
        """Begin with the nominal period."""
        self._true_s = self.period_s

    @property
    def least_loss_s(self) -> float:
        """Missing time from which on it is a loss."""
        if self._n_learnt * self.period_s < LEARN_S:
            return UNSURE_S
        return max(LEAST_SHARE * self._true_s, JITTERS * max(self._jitter_s))

    @property
    def next_s(self) -> float | None:
        """Expected stamp of the next sample; None before the first."""
        if self._line.size == 0:
            return None
        ahead = self._true_s * np.arange(self._line.size, 0, -1)
        return float(np.median(self._line + ahead))

    @property
    def holds(self) -> bool:
        """Whether samples wait to be judged; `poll` then soon."""
        return bool(self._held)

    def push(self, values: Values, stamps: FloatArray, now_s: float) -> list[Run]:
        """Take a chunk that arrived at `now_s`; return what can be handed on."""
        if self._last_push_s is not None and not self._held:
            self._chunk_s = max(0.9 * self._chunk_s, min(now_s - self._last_push_s, 0.25))
        self._last_push_s = now_s
        expected = self.next_s
        if expected is not None and stamps.size and not -BACK_S < float(stamps[0]) - expected < AHEAD_S:
            return [*self._release(), *self._restart(values, stamps)]
        if self._held:
            self._held.append((values, stamps))
            return self.poll(now_s)
        suspect = self._find_suspect(stamps)
        if suspect is None:
            return self._pass_on(values, stamps)
        runs = self._pass_on(values[:suspect], stamps[:suspect])
        self._held = [(values[suspect:], stamps[suspect:])]
        self._held_at_s = now_s
        return runs

    def poll(self, now_s: float) -> list[Run]:
        """Return what has waited long enough."""
        if not self._held or now_s - self._held_at_s < max(HOLD_S, HOLD_CHUNKS * self._chunk_s):
            return []
        return self._release(now_s)

    def _find_suspect(self, stamps: FloatArray) -> int | None:
        """Return the first sample before which something may be missing."""
        if self._line.size == 0:
            return None
        steps = np.diff(stamps, prepend=self._line[-1])
        late = np.flatnonzero(steps - self._true_s > self.least_loss_s)
        return int(late[0]) if late.size else None

    def _pass_on(self, values: Values, stamps: FloatArray, n_lost: int = 0) -> list[Run]:
        """Hand samples on, and learn from their stamps."""
        if stamps.size == 0:
            return []
        self._learn(stamps, n_lost)
        self._line = np.concatenate([self._line + n_lost * self._true_s, stamps])[-N_LINE:]
        return [Run(values, stamps, n_lost)]

    def _learn(self, stamps: FloatArray, n_lost: int) -> None:
        """Measure the jitter, and in the beginning the period."""
        before = self._line[-1] + n_lost * self._true_s if self._line.size else stamps[0] - self._true_s
        shortest = float(np.diff(stamps, prepend=before).min())
        self._jitter_s[0] = max(self._jitter_s[0], self._true_s - shortest)
        self._n_remembered += stamps.size
        if self._n_remembered * self.period_s > MEMORY_S:
            self._jitter_s, self._n_remembered = [0.0, self._jitter_s[0]], 0
        was_learning = self._n_learnt * self.period_s < LEARN_S
        if self._n_learnt == 0:
            self._first_s = float(stamps[0])
        self._n_learnt += stamps.size + n_lost
        if was_learning and self._n_learnt * self.period_s >= LEARN_S:
            measured_s = (float(stamps[-1]) - self._first_s) / (self._n_learnt - 1)
            if abs(measured_s / self.period_s - 1.0) < PERIOD_ERROR_MAX:
                self._true_s = measured_s

    def _release(self, now_s: float | None = None) -> list[Run]:
        """Hand on what was held: with what was lost before it, and a time that no stall has made late."""
        if not self._held:
            return []
        values = np.concatenate([each for each, _ in self._held])
        stamps = np.concatenate([each for _, each in self._held])
        self._held = []
        expected = self.next_s
        if expected is None:
            return self._pass_on(values, stamps)
        late_s = stamps - (expected + self._true_s * np.arange(stamps.size))
        # What even the earliest of all later stamps shows: the loss before the first, and where the next one is.
        lasting_s = np.minimum.accumulate(late_s[::-1])[::-1]
        shift_s, least_s = float(lasting_s[0]), self.least_loss_s
        n_lost = round(shift_s / self._true_s) if shift_s > least_s else 0
        again = np.flatnonzero(lasting_s > max(shift_s, 0.0) + least_s)
        stop = int(again[0]) if again.size and now_s is not None else stamps.size
        even = expected + max(shift_s, 0.0) + self._true_s * np.arange(stamps.size)
        runs = self._pass_on(values[:stop], np.minimum(stamps, even)[:stop], n_lost)
        if stop < stamps.size and now_s is not None:
            self._held, self._held_at_s = [(values[stop:], stamps[stop:])], now_s
        return runs

    def _restart(self, values: Values, stamps: FloatArray) -> list[Run]:
        """Begin anew on another clock."""
        self._line = np.empty(0)
        self._n_learnt = self._n_remembered = 0
        self._jitter_s, self._true_s = [0.0, 0.0], self.period_s
        return [Run(run.values, run.stamps, restarted=True) for run in self._pass_on(values, stamps)]
