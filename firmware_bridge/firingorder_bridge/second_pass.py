"""The clock of a finished recording: what came later says as much about a moment as what came before. No I/O.

Live, the offset at the newest frame is extrapolated from the past. Once a recording is whole, the offset at any moment
is read off a line through the shortest delays of the minute before and the minute after it, so that the drift's error
hardly counts and the first seconds are as good as the rest. What a radio's slots hide stays hidden.

A `LoggedClock` keeps every observation of a first decoding; `refine` turns them into a map; a `RefinedClock` is that
map in the place of the live estimator in a second decoding, which is otherwise the same.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from .clocks import NS, ClockSegment, DeviceClock
from .envelope import ClockParams, Estimate, theil_sen
from .robust import median
from .slots import HISTORY, hidden_wait_s

#: Shortest delays are taken of blocks of this length, as live; of short recordings, of shorter ones.
BLOCK_S, BLOCK_MIN_S = 3.75, 0.25
#: Blocks that a line is drawn through: two minutes (simulated: 16 are noisier by a third, and a clock's wander over two
#: minutes, 0.05 ppm a square root of a second, is 0.04 ms).
N_BLOCKS = 32
#: So many of the lowest make the offset (simulated: their mean scatters less than the lowest, and lies less above the
#: edge than the median).
N_LOWEST = 4
#: A piece of the map; the first ones short, because a stream's own rate is learnt from piece to piece, as live.
PIECE_S, FIRST_PIECE_S, FIRST_S = 1.0, 0.25, 2.0


@dataclass(eq=False)
class LoggedClock(DeviceClock):
    """The live estimator, whose observations are kept: when frames were sent and arrived, since the origin."""

    sent_ns: list[int] = field(default_factory=list[int])
    arrived_ns: list[int] = field(default_factory=list[int])

    def observe(self, t_dev_ns: int, t_host_ns: int) -> bool:
        """Take one frame's sending and arrival time."""
        self.sent_ns.append(t_dev_ns)
        self.arrived_ns.append(t_host_ns - self.origin_ns)
        return super().observe(t_dev_ns, t_host_ns)

    def observe_many(self, t_dev_ns: NDArray[np.int64], t_host_ns: NDArray[np.int64]) -> None:
        """Take those of a run of frames."""
        self.sent_ns += t_dev_ns.tolist()
        self.arrived_ns += (t_host_ns - self.origin_ns).tolist()
        super().observe_many(t_dev_ns, t_host_ns)


@dataclass(frozen=True)
class RefinedMap:
    """Device time to host time over a whole run, straight between knots.

    Attributes
    ----------
    knots_ns, offset_ns, uncertainty_s : shape (n_knots,)
        Device times, host time less device time there, and how sure that is.
    spread_s
        Mean delay above the shortest.
    """

    knots_ns: NDArray[np.int64]
    offset_ns: FloatArray
    uncertainty_s: FloatArray
    spread_s: float
    n_observations: int

    def drift_at(self, t_dev_ns: int) -> float:
        """Return by what share the host's clock runs faster."""
        first = self._knot_before(t_dev_ns)
        if self.knots_ns.size < 2:
            return 0.0
        apart = float(self.knots_ns[first + 1] - self.knots_ns[first])
        return float(self.offset_ns[first + 1] - self.offset_ns[first]) / apart

    def offset_at(self, t_dev_ns: int) -> float:
        """Return the offset at a device time, ns; beyond the knots the outermost slope goes on."""
        first = self._knot_before(t_dev_ns)
        return float(self.offset_ns[first]) + self.drift_at(t_dev_ns) * (t_dev_ns - int(self.knots_ns[first]))

    def uncertainty_at(self, t_dev_ns: int) -> float:
        """Return the greater uncertainty of the knots around a device time, seconds."""
        first = self._knot_before(t_dev_ns)
        return float(np.max(self.uncertainty_s[first : first + 2]))

    def estimate_at(self, t_dev_ns: int) -> Estimate:
        """Return what is known at a device time."""
        drift, uncertainty_s = self.drift_at(t_dev_ns), self.uncertainty_at(t_dev_ns)
        return Estimate(t_dev_ns, self.offset_at(t_dev_ns), drift, uncertainty_s, self.spread_s, self.n_observations)

    def _knot_before(self, t_dev_ns: int) -> int:
        """Return the knot that the slope at a device time starts from."""
        return min(max(int(np.searchsorted(self.knots_ns, t_dev_ns)) - 1, 0), max(self.knots_ns.size - 2, 0))


@dataclass(frozen=True)
class _Blocks:
    """The shortest delay of each block, when it was, the mean delay, and of how many; seconds."""

    t_s: FloatArray
    low_s: FloatArray
    mean_s: FloatArray
    count: NDArray[np.int64]


def refine(sent_ns: NDArray[np.int64], arrived_ns: NDArray[np.int64], params: ClockParams) -> RefinedMap:
    """Fit a whole run of at least one frame."""
    order = np.argsort(sent_ns, kind="stable")
    sent_ns, arrived_ns = sent_ns[order], arrived_ns[order]
    begin, d_ns = int(sent_ns[0]), arrived_ns - sent_ns
    block_ns = int(min(max((int(sent_ns[-1]) - begin) / N_BLOCKS, BLOCK_MIN_S * NS), BLOCK_S * NS))
    starts = np.flatnonzero(np.diff((sent_ns - begin) // block_ns, prepend=-1))
    stops = np.append(starts[1:], sent_ns.size)
    low = np.array([a + int(d_ns[a:b].argmin()) for a, b in zip(starts.tolist(), stops.tolist(), strict=True)])
    base = int(d_ns[low].min())
    count = stops - starts
    mean_s = np.add.reduceat(d_ns - base, starts) / count / NS
    blocks = _Blocks((sent_ns[low] - begin) / NS, (d_ns[low] - base) / NS, mean_s, count)
    knots_ns = (sent_ns[starts] + sent_ns[stops - 1]) // 2
    found = np.array([_fit(blocks, float(knot - begin) / NS, params) for knot in knots_ns.tolist()])
    hidden_s = _hidden_s(sent_ns, arrived_ns, knots_ns) if params.slotted else np.zeros(knots_ns.size)
    spread_s = float(np.mean(blocks.mean_s - blocks.low_s))
    return RefinedMap(knots_ns, base + found[:, 0] * NS, found[:, 1] + hidden_s, spread_s, sent_ns.size)


def _fit(blocks: _Blocks, at_s: float, params: ClockParams) -> tuple[float, float]:
    """Return offset and uncertainty at a time, seconds, by the blocks nearest to it."""
    near = np.sort(np.argsort(np.abs(blocks.t_s - at_s), kind="stable")[:N_BLOCKS])
    t_s, low_s, count = blocks.t_s[near] - at_s, blocks.low_s[near], blocks.count[near]
    spread_s = max(float(np.mean(blocks.mean_s[near] - low_s)), 0.0)
    if near.size < N_LOWEST:
        # As live: the lowest of n delays lies about their mean / n above the shortest possible, or prior / n.
        drift_s = params.max_ppm * 0.5e-6 * float(np.ptp(t_s))
        envelope_s = (params.prior_s + 3.0 * spread_s) / float(count.sum()) + 2.0 * spread_s / float(count.sum()) ** 0.5
        return float(low_s.min()), params.floor_s + envelope_s + drift_s
    drift, drift_error = theil_sen(t_s, low_s, params.max_ppm * 1e-6)
    rest = low_s - drift * t_s
    ordered = np.sort(rest)
    offset_s = float(np.mean(ordered[:N_LOWEST]))
    # The lowest of many lies as far above the edge as below the fourth (`envelope.py`); the mean of the four, more.
    edge_s = float(ordered[N_LOWEST - 1] - ordered[0])
    envelope_s = 3.0 * spread_s / median(count)
    extrapolated_s = abs(float(np.mean(t_s))) * drift_error
    nearest = rest[np.argsort(np.abs(t_s), kind="stable")[:3]] - offset_s
    moved_s = max(median(nearest), 0.0) + max(-float(nearest.min()), 0.0)
    return offset_s, params.floor_s + edge_s + envelope_s + extrapolated_s + 0.5 * moved_s


def _hidden_s(sent_ns: NDArray[np.int64], arrived_ns: NDArray[np.int64], knots_ns: NDArray[np.int64]) -> FloatArray:
    """Return how much delay a link's slots may hide at each knot, by the frames around it, seconds."""
    found: list[float] = []
    middles: list[int] = np.searchsorted(sent_ns, knots_ns).tolist()
    for middle in middles:
        stop = min(max(middle + HISTORY // 2, HISTORY), sent_ns.size)
        part = slice(max(stop - HISTORY, 0), stop)
        order = np.argsort(arrived_ns[part], kind="stable")
        sent_s = (sent_ns[part] - int(sent_ns[part][0]))[order] / NS
        arrived_s = (arrived_ns[part] - int(arrived_ns[part].min()))[order] / NS
        found.append(hidden_wait_s(sent_s, arrived_s))
    return np.array(found)


@dataclass(eq=False)
class RefinedClock(DeviceClock):
    """A map that is known already, in the place of the estimator that makes it."""

    known: RefinedMap | None = None

    def observe(self, t_dev_ns: int, t_host_ns: int) -> bool:
        """Go to the next piece of the map where the frame lies beyond the present one."""
        if self.known is None:
            return super().observe(t_dev_ns, t_host_ns)
        if self.segment is not None and t_dev_ns < self.next_update_ns:
            return False
        if self.segment is None:
            self._t0_ns = t_dev_ns
        is_first = t_dev_ns - self._t0_ns < FIRST_S * NS
        length_ns = int((FIRST_PIECE_S if is_first else PIECE_S) * NS)
        self.estimate = self.known.estimate_at(t_dev_ns)
        there_ns = t_dev_ns + length_ns
        time_s = (t_dev_ns + self.estimate.offset_ns) * 1e-9
        rate = 1.0 + (self.known.offset_at(there_ns) - self.estimate.offset_ns) / length_ns
        number = 0 if self.segment is None else self.segment.number + 1
        # The map itself is not bent; a stream's timebase is, to it, within the piece.
        self.segment = ClockSegment(
            t_dev_ns, time_s, rate, self.estimate.uncertainty_s, bent_ns=length_ns, number=number
        )
        self.next_update_ns = there_ns
        return True

    def observe_many(self, t_dev_ns: NDArray[np.int64], t_host_ns: NDArray[np.int64]) -> None:
        """Take note of frames that are known already."""
        if self.known is None:
            super().observe_many(t_dev_ns, t_host_ns)

    def remember_slots(self, t_dev_ns: NDArray[np.int64], t_host_ns: NDArray[np.int64]) -> None:
        """Take note of frames that are known already."""
        if self.known is None:
            super().remember_slots(t_dev_ns, t_host_ns)


class ClockBook:
    """The clocks of one link's sensors, through both passes: `first` makes the logged ones, `second` the refined."""

    def __init__(self) -> None:
        self._logged: dict[tuple[str, int], LoggedClock] = {}

    def first(self, clock_id: str, params: ClockParams, origin_ns: int, epoch: int) -> DeviceClock:
        """Make a clock of the first pass."""
        self._logged[clock_id, epoch] = made = LoggedClock(params, origin_ns, epoch)
        return made

    def second(self, clock_id: str, params: ClockParams, origin_ns: int, epoch: int) -> DeviceClock:
        """Make the same run's clock of the second pass; a run in which nothing was sent knows nothing."""
        logged = self._logged.get((clock_id, epoch))
        if logged is None or not logged.sent_ns:
            return RefinedClock(params, origin_ns, epoch)
        known = refine(np.array(logged.sent_ns), np.array(logged.arrived_ns), params)
        return RefinedClock(params, origin_ns, epoch, known=known)
