"""Sample index to time, for one stream: the converter's own rate, measured on the device's clock, then on the host's.

The converter and the processor that stamps its samples rarely share an oscillator, so the true rate is measured from
the stamps of many frames, and a single late stamp moves nothing. The resulting `Timebase` is renewed whenever the
clock's map is, and starts where the old one ended.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import Timebase

from .clocks import ClockSegment
from .robust import median

# Anchors, one for each renewal, that the rate is measured over: a minute once the clock has settled.
N_ANCHORS = 16
# A measured rate further from the nominal one than this is a misread stamp (J; RC oscillators stay within 5 %).
RATE_ERROR_MAX = 0.10
# As `ClockParams`: what is bent, and what is stepped over.
BEND_MAX = 0.02
STEP_S = 0.050
_U32 = 1 << 32


@dataclass(frozen=True)
class Anchor:
    """Where in device time a sample index lies: the median over the frames of one renewal."""

    index: int
    t_dev_ns: int


@dataclass
class SampleClock:
    """Follow one stream's samples in device time.

    Parameters
    ----------
    period_ns
        Nominal time between samples.
    latency_s
        Delay from the body to the device's stamp; taken out of all times.
    hardware
        The device says that its clock is synchronised by hardware; told with the next renewal.
    """

    period_ns: Fraction
    latency_s: float = 0.0
    hardware: bool = False
    timebase: Timebase | None = None
    segment_number: int | None = None
    _indices: list[int] = field(default_factory=list[int])
    _times: list[int] = field(default_factory=list[int])
    _anchors: list[Anchor] = field(default_factory=list[Anchor])

    def note(self, index: int, t_dev_ns: int) -> None:
        """Take a frame's first sample and its stamp."""
        self._indices.append(index)
        self._times.append(t_dev_ns)

    def note_many(self, indices: NDArray[np.int64], t_dev_ns: NDArray[np.int64]) -> None:
        """Take those of a run of frames."""
        self._indices += indices.tolist()
        self._times += t_dev_ns.tolist()

    def forget(self) -> None:
        """Drop what was measured: the sample index or the device's clock has jumped."""
        self._indices.clear()
        self._times.clear()
        self._anchors.clear()
        self.segment_number = None

    def renew(self, index: int, t_dev_ns: int, segment: ClockSegment, *, contiguous: bool) -> Timebase:
        """Return the timebase from sample `index` on, which the device stamped `t_dev_ns`."""
        self._drop_anchor()
        period_ns, there_ns = float(self.period_ns), float(t_dev_ns)
        if self._anchors:
            period_ns = self._measured_period_ns()
            last = self._anchors[-1]
            there_ns = last.t_dev_ns + (index - last.index) * period_ns
        target_s = segment.time_of(there_ns) - self.latency_s
        period_s = period_ns * 1e-9 * segment.rate
        self.segment_number = segment.number
        self.timebase = self._bend(index, target_s, period_s, segment, contiguous)
        return self.timebase

    def _bend(self, index: int, target_s: float, period_s: float, segment: ClockSegment, contiguous: bool) -> Timebase:
        """Return a timebase that begins where the old one ends and reaches the target by the next renewal."""
        if self.timebase is None or not contiguous:
            return Timebase(index, target_s, period_s, segment.uncertainty_s, self.hardware)
        start_s = self.timebase.time_of(index)
        error_s = target_s - start_s
        if abs(error_s) > STEP_S or segment.bent_ns == 0:
            return Timebase(index, target_s, period_s, segment.uncertainty_s, self.hardware)
        correction = min(max(error_s / (segment.bent_ns * 1e-9), -BEND_MAX), BEND_MAX)
        uncertainty_s = segment.uncertainty_s + abs(error_s)
        return Timebase(index, start_s, period_s * (1.0 + correction), uncertainty_s, self.hardware)

    def _drop_anchor(self) -> None:
        """Turn the noted frames into one anchor."""
        if not self._indices:
            return
        indices = np.array(self._indices, dtype=np.int64)
        times = np.array(self._times, dtype=np.int64)
        middle = int(indices[indices.size // 2])
        straight = np.rint((indices - middle) * float(self.period_ns)).astype(np.int64)
        base = int(times[0])
        self._anchors.append(Anchor(middle, base + round(median(times - straight - base))))
        del self._anchors[:-N_ANCHORS]
        self._indices.clear()
        self._times.clear()

    def _measured_period_ns(self) -> float:
        """Return the median slope from the oldest anchors to the newest; nominal until there are two."""
        nominal_ns = float(self.period_ns)
        newest = self._anchors[-1]
        older = [anchor for anchor in self._anchors[: len(self._anchors) // 2] if anchor.index < newest.index]
        if not older:
            return nominal_ns
        slopes = [(newest.t_dev_ns - anchor.t_dev_ns) / (newest.index - anchor.index) for anchor in older]
        measured_ns = median(np.array(slopes))
        return measured_ns if abs(measured_ns / nominal_ns - 1.0) <= RATE_ERROR_MAX else nominal_ns
