"""One stream inside a sensor: samples taken on its clock, digitised, and flushed in runs of varying length."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from ..frames import Flag, SampleFormat, pack_samples
from .oscillator import Oscillator

# Samples are made this many seconds at a time: small enough not to delay a frame, large enough to be cheap.
PAGE_S = 0.5

#: Gives the physical values of the next samples, shape (n, n_channels), and which of them have an electrode off, (n,).
Sampler = Callable[[FloatArray], tuple[FloatArray, NDArray[np.bool_]]]


@dataclass(frozen=True)
class StreamParams:
    """How a stream is sampled: `scale` (n_channels,) is the physical value of one count."""

    stream: int
    rate_hz: int
    latency_us: int
    sample_format: SampleFormat
    scale: FloatArray
    flush: tuple[int, int]


@dataclass(frozen=True)
class Run:
    """Samples that leave in one frame."""

    index: int
    t_us: int
    n_samples: int
    flags: int
    payload: bytes


class SampleFeed:
    """Runs of samples in order; `due_s` tells when the next one is complete, in world seconds."""

    def __init__(
        self, params: StreamParams, sampler: Sampler, oscillator: Oscillator, rng: np.random.Generator
    ) -> None:
        self.params = params
        self.index = 0
        self._sampler = sampler
        self._oscillator = oscillator
        self._rng = rng
        self._origin_us = 0
        self._page = int(PAGE_S * params.rate_hz)
        self._clear()

    def _clear(self) -> None:
        channels = len(self.params.scale)
        self._counts: NDArray[np.int32] = np.zeros((0, channels), np.int32)
        self._off: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._stamped_s = np.zeros(0)
        self._length = 0

    def begin(self, origin_us: int) -> None:
        """Start counting: sample 0 is taken at this device time."""
        self._origin_us = origin_us
        self.index = 0
        self._clear()

    def skip_to(self, device_us: int) -> None:
        """Let the samples before this device time go; the index runs on."""
        period_us = 1e6 / self.params.rate_hz
        self.index = max(self.index, int(np.ceil((device_us - self._origin_us) / period_us)))
        self._clear()

    @property
    def due_s(self) -> float:
        """World time at which the last sample of the next run is taken."""
        self._choose()
        return float(self._stamped_s[self._length - 1])

    def take(self) -> Run:
        """Give the next run."""
        self._choose()
        n = self._length
        counts, off = self._counts[:n], self._off[:n]
        limit = 1 << (8 * self.params.sample_format.n_bytes - 1)
        clipped = bool(np.any(counts >= limit - 1) or np.any(counts <= -limit))
        flags = (Flag.CLIP if clipped else 0) | (Flag.LEAD_OFF if off.any() else 0)
        run = Run(self.index, self._stamp_us(self.index), n, flags, pack_samples(counts, self.params.sample_format))
        self._counts, self._off, self._stamped_s = self._counts[n:], self._off[n:], self._stamped_s[n:]
        self.index += n
        self._length = 0
        return run

    def prepare(self) -> None:
        """Make a page ahead, if less than half of one is left."""
        if len(self._counts) < self._page // 2:
            self._make_page()

    def _choose(self) -> None:
        """Decide how long the next run is, once, and have its samples."""
        if not self._length:
            low, high = self.params.flush
            self._length = int(self._rng.integers(low, high + 1))
        while len(self._counts) < self._length:
            self._make_page()

    def _make_page(self) -> None:
        first = self.index + len(self._counts)
        numbers = np.arange(first, first + self._page, dtype=np.float64)
        stamps_us: FloatArray = self._origin_us + numbers * (1e6 / self.params.rate_hz)
        values, off = self._sampler(self._oscillator.world_s((stamps_us - self.params.latency_us) * 1e-6))
        limit = 1 << (8 * self.params.sample_format.n_bytes - 1)
        counts = np.clip(np.rint(values / self.params.scale), -limit, limit - 1).astype(np.int32)
        self._counts = np.concatenate([self._counts, counts])
        self._off = np.concatenate([self._off, off])
        self._stamped_s = np.concatenate([self._stamped_s, self._oscillator.world_s(stamps_us * 1e-6)])

    def _stamp_us(self, index: int) -> int:
        return self._origin_us + round(index * 1e6 / self.params.rate_hz)
