"""Samples that bring a time stamp each, and no counter: which were lost, told from the stamps alone. No I/O.

How to think about it. A loss moves all later stamps by whole periods and for good; a source that was busy, or stamps
on arrival, makes single stamps late, and later ones make up for it. So after a suspicious step the samples wait for a
moment, and only what even the earliest of their stamps shows is a loss. How far a source's stamps jitter shows in
steps that are too short, which a loss never makes; a step within three times that is never one.
"""

from dataclasses import dataclass, field, replace

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
    """Samples without a gap that arrived together.

    Attributes
    ----------
    values, stamps : shape (n_samples, n_channels) and (n_samples,)
        The samples, and when they were taken on the source's clock, s.
    arrived_s
        When they came, however long they then waited to be judged.
    n_lost
        Samples missing before them.
    restarted
        Whether the source's clock began anew with them.
    """

    values: Values
    stamps: FloatArray
    arrived_s: float
    n_lost: int = 0
    restarted: bool = False


@dataclass(frozen=True)
class _Chunk:
    """What came at one moment."""

    values: Values
    stamps: FloatArray
    arrived_s: float

    def rows(self, start: int, stop: int | None = None) -> "_Chunk":
        """Cut rows."""
        return _Chunk(self.values[start:stop], self.stamps[start:stop], self.arrived_s)


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
    _held: list[_Chunk] = field(default_factory=list[_Chunk])
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
        expected, chunk = self.next_s, _Chunk(values, stamps, now_s)
        if expected is not None and stamps.size and not -BACK_S < float(stamps[0]) - expected < AHEAD_S:
            return [*self._release(), *self._restart(chunk)]
        if self._held:
            self._held.append(chunk)
            return self.poll(now_s)
        suspect = self._find_suspect(stamps)
        if suspect is None:
            return self._pass_on(chunk)
        runs = self._pass_on(chunk.rows(0, suspect))
        self._held, self._held_at_s = [chunk.rows(suspect)], now_s
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

    def _pass_on(self, chunk: _Chunk, n_lost: int = 0) -> list[Run]:
        """Hand samples on, and learn from their stamps."""
        if chunk.stamps.size == 0:
            return []
        self._learn(chunk.stamps, n_lost)
        self._line = np.concatenate([self._line + n_lost * self._true_s, chunk.stamps])[-N_LINE:]
        # A stamp that is late is told by those after it, which the sample was before.
        even_s = self._true_s * np.arange(chunk.stamps.size, dtype=np.float64)
        told_s = np.minimum.accumulate((chunk.stamps - even_s)[::-1])[::-1] + even_s
        return [Run(chunk.values, told_s, chunk.arrived_s, n_lost)]

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
        held, self._held = self._held, []
        stamps = np.concatenate([chunk.stamps for chunk in held])
        expected = self.next_s
        if expected is None:
            return [run for chunk in held for run in self._pass_on(chunk)]
        even_s = self._true_s * np.arange(stamps.size, dtype=np.float64)
        # What even the earliest of all later stamps shows: the loss before the first, and where the next one is.
        lasting_s = np.minimum.accumulate((stamps - expected - even_s)[::-1])[::-1]
        shift_s, least_s = float(lasting_s[0]), self.least_loss_s
        n_lost = round(shift_s / self._true_s) if shift_s > least_s else 0
        again = np.flatnonzero(lasting_s > max(shift_s, 0.0) + least_s)
        stop = int(again[0]) if again.size and now_s is not None else stamps.size
        told_s = np.minimum(stamps, expected + max(shift_s, 0.0) + even_s)
        runs: list[Run] = []
        for chunk in held:
            n = chunk.stamps.size
            n_now = min(max(stop, 0), n)
            runs += self._pass_on(_Chunk(chunk.values[:n_now], told_s[:n_now], chunk.arrived_s), 0 if runs else n_lost)
            if n_now < n and now_s is not None:
                self._held.append(chunk.rows(n_now))
                self._held_at_s = now_s
            stop, told_s = stop - n, told_s[n:]
        return runs

    def _restart(self, chunk: _Chunk) -> list[Run]:
        """Begin anew on another clock."""
        self._line = np.empty(0)
        self._n_learnt = self._n_remembered = 0
        self._jitter_s, self._true_s = [0.0, 0.0], self.period_s
        return [replace(run, restarted=True) for run in self._pass_on(chunk)]
