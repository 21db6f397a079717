"""How much of a delay a slotted link can hide: the largest gap between the phases at which frames met its slots.

A radio sends at connection events, every `interval`. A frame waits for the next one; the wait depends on the phase of
its sending time within the interval. Where frames are sent at few phases only (their period and the interval share a
large divisor), the shortest wait seen may lie up to the largest gap between phases above zero, and no statistic of
arrival times shows it. So the interval is looked for first, as the longest comb that the arrivals lie on; then the
phases of the device's own, jitter-free sending times in that interval are sorted, and their largest gap is the answer.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

#: Bluetooth connection intervals come in steps of 1.25 ms from 7.5 ms (Core 5.4, vol 6 part B, 4.5.1).
STEP_S, SHORTEST_S, LONGEST_S = 0.00125, 0.0075, 0.125
# Piece over which 50 ppm between the radio's and the host's clock stay below 0.3 ms.
PIECE_S = 5.0
# Less concentrated phases are no comb: uniform phases of 100 arrivals stay below 0.3 (Rayleigh, p < 1e-4).
CONCENTRATION = 0.3
# Jitter that a comb implies, against the least that any comb implies: a longer comb that merely looks concentrated,
# because few of its phases are used, implies several times more (simulated: 3.5 times for 50 ms packets on 15 ms).
JITTER_RATIO = 1.5
JITTER_FLOOR_S = 0.0002
HISTORY = 512


@dataclass
class SlotHistory:
    """The last sending and arrival times of a slotted link, ns."""

    t_dev_ns: list[int] = field(default_factory=list[int])
    t_host_ns: list[int] = field(default_factory=list[int])

    def add(self, t_dev_ns: int, t_host_ns: int) -> None:
        """Take one frame."""
        self.t_dev_ns.append(t_dev_ns)
        self.t_host_ns.append(t_host_ns)

    def add_many(self, t_dev_ns: NDArray[np.int64], t_host_ns: NDArray[np.int64]) -> None:
        """Take a run of frames."""
        self.t_dev_ns += t_dev_ns.tolist()
        self.t_host_ns += t_host_ns.tolist()

    def hidden_s(self) -> float:
        """Return how much delay may be hidden, seconds, and forget all but the last frames."""
        del self.t_dev_ns[:-HISTORY], self.t_host_ns[:-HISTORY]
        sent_s = (np.array(self.t_dev_ns) - self.t_dev_ns[0]) * 1e-9
        arrived_s = (np.array(self.t_host_ns) - self.t_host_ns[0]) * 1e-9
        return hidden_wait_s(sent_s, arrived_s)


def find_interval(arrived_s: FloatArray) -> float | None:
    """Return the longest interval on whose comb the arrivals lie, seconds; None where there is none.

    Arrivals on a comb lie late of its teeth by an exponential jitter, which leaves their phases a mean resultant length
    of R = 1 / sqrt(1 + (2 pi jitter / interval)^2). The true interval and its divisors imply one and the same jitter.
    """
    candidates = np.arange(SHORTEST_S, LONGEST_S + STEP_S / 2, STEP_S)
    pieces = (arrived_s // PIECE_S).astype(np.int64)
    strength = np.zeros(candidates.size)
    for piece in np.unique(pieces):
        turns = arrived_s[pieces == piece][:, None] / candidates[None, :]
        strength += np.abs(np.sum(np.exp(2j * np.pi * turns), axis=0))
    strength = np.clip(strength / arrived_s.size, 1e-6, 1.0)
    jitter_s = candidates / (2.0 * np.pi) * np.sqrt(1.0 / strength**2 - 1.0)
    combs = np.flatnonzero(strength > CONCENTRATION)
    if combs.size == 0:
        return None
    limit_s = JITTER_RATIO * float(jitter_s[combs].min()) + JITTER_FLOOR_S
    return float(candidates[combs[jitter_s[combs] <= limit_s]][-1])


def hidden_wait_s(sent_s: FloatArray, arrived_s: FloatArray) -> float:
    """Return the largest gap between the phases of sending in the link's interval, seconds.

    With fewer than 20 frames nothing is known, and the answer is the longest interval looked for; where no interval is
    found, it is the frames' own typical spacing, which no wait exceeds on a link that keeps up.
    """
    if sent_s.size < 20:
        return LONGEST_S
    interval_s = find_interval(arrived_s)
    if interval_s is None:
        return float(np.median(np.diff(np.sort(sent_s))))
    # Only the newest piece: over longer times the two clocks drift and fill gaps that no single moment fills.
    recent = sent_s[sent_s > sent_s.max() - PIECE_S]
    phases = np.sort(recent % interval_s)
    gaps = np.diff(np.append(phases, phases[0] + interval_s))
    return float(gaps.max())
