"""The way from a sensor to the host: framing, delay, and whatever a cable and an operating system do to bytes."""

from dataclasses import dataclass

import numpy as np

from ..frames import HEADER
from ..stuffing import stuff
from .faults import Fault, FaultKind
from .firmware import OnFault
from .timeline import Timeline


@dataclass(frozen=True)
class DelayParams:
    """How long bytes take to arrive.

    Attributes
    ----------
    base_s
        What every frame needs at least.
    poll_s
        A full-speed USB host asks once in this time (USB 2.0, 1 ms frames): a uniform wait.
    jitter_s
        Mean of the exponential delay by the operating system.
    spike_share, spike_s
        Share of frames that meet a busy system, and the mean of what that costs (measured on a pseudo-terminal: longest
        4-12 ms).
    """

    base_s: float = 0.4e-3
    poll_s: float = 1.0e-3
    jitter_s: float = 0.2e-3
    spike_share: float = 0.005
    spike_s: float = 4.0e-3


USB = DelayParams()
#: For a real port: the machine adds its own.
IMMEDIATE = DelayParams(0.0, 0.0, 0.0, 0.0, 0.0)


class Line:
    """One direction of one cable, sensor to host; chunks come out in order."""

    def __init__(
        self, delay: DelayParams, faults: tuple[Fault, ...], timeline: Timeline, rng: np.random.Generator,
        on_fault: OnFault,
    ) -> None:  # fmt: skip
        self._on_fault = on_fault
        self._delay = delay
        self._faults = faults
        self._timeline = timeline
        self._rng = rng
        self._waiting: list[tuple[float, bytes]] = []
        self._last_s = 0.0

    def send(self, at_s: float, frame: bytes) -> None:
        """Put a frame on the way at a world time."""
        patient_s = at_s - self._timeline.origin_s
        on = [fault for fault in self._faults if fault.holds(patient_s)]
        lose = [fault.value for fault in on if fault.kind is FaultKind.LOSE]
        if lose and self._rng.random() < max(lose):
            self._on_fault(FaultKind.LOSE, at_s, _facts(frame))
            return
        data = stuff(frame)
        flip = [fault.value for fault in on if fault.kind is FaultKind.FLIP]
        if flip:
            data = self._flip(data, max(flip), at_s, frame)
        self._last_s = max(self._last_s, self._arrival_s(at_s, patient_s, on))
        self._waiting.append((self._last_s, data))

    def collect(self, until_s: float) -> list[tuple[float, bytes]]:
        """Take what has arrived by a world time; what arrived together is one chunk."""
        chunks: list[tuple[float, bytes]] = []
        n = 0
        while n < len(self._waiting) and self._waiting[n][0] <= until_s:
            at_s, data = self._waiting[n]
            if chunks and chunks[-1][0] == at_s:
                chunks[-1] = (at_s, chunks[-1][1] + data)
            else:
                chunks.append((at_s, data))
            n += 1
        del self._waiting[:n]
        return chunks

    @property
    def due_s(self) -> float:
        """World time of the next arrival of what is on the way."""
        return self._waiting[0][0] if self._waiting else float("inf")

    def cut(self) -> None:
        """Lose everything on the way: the cable is out."""
        self._waiting.clear()

    def _arrival_s(self, at_s: float, patient_s: float, on: list[Fault]) -> float:
        delay = self._delay
        rng = self._rng
        arrival_s = at_s + delay.base_s + delay.poll_s * rng.random() + delay.jitter_s * rng.standard_exponential()
        spike, cost = rng.random(), rng.standard_exponential()
        arrival_s += delay.spike_s * cost if spike < delay.spike_share else 0.0
        for fault in self._faults:
            if fault.kind is FaultKind.STALL and fault.start_s <= patient_s < fault.start_s + fault.value:
                arrival_s = max(arrival_s, self._timeline.origin_s + fault.start_s + fault.value)
        for fault in on:
            if fault.kind is FaultKind.BURST:
                arrival_s = max(arrival_s, float(np.ceil(at_s / fault.value) * fault.value))
        return arrival_s

    def _flip(self, data: bytes, rate: float, at_s: float, frame: bytes) -> bytes:
        n = int(self._rng.binomial(8 * len(data), rate))
        if not n:
            return data
        damaged = bytearray(data)
        for bit in self._rng.integers(0, 8 * len(data), n):
            damaged[int(bit) // 8] ^= 1 << (int(bit) % 8)
        self._on_fault(FaultKind.FLIP, at_s, {**_facts(frame), "bits": n})
        return bytes(damaged)


def _facts(frame: bytes) -> dict[str, int]:
    """Say what a test wants to know about a frame that did not arrive."""
    first, stream, seq, index, _, n_samples, *_ = HEADER.unpack_from(frame)
    return {"type": first & 15, "stream": stream, "seq": seq, "index": index, "n": n_samples}
