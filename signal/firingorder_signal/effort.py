"""How hard a muscle works: RMS of each 100 ms, in percent of the person's own reference, and two muscles' shares.

`EffortStage` turns rows into powers and spectra on a grid of sample numbers, so that they are the same however a stream
is chopped; `EffortTrack` remembers those of one muscle with their times. Nothing is taken off for the sensor's own
noise: a muscle at rest shows the few percent it has. More than 100 % is shown as it is: references are not limits (hip
thrusts reach 216 % of a maximum, Contreras 2015). Sources: clinical practice, 100 ms for bars and 200 ms for the
reference; the 20-450 Hz band of De Luca 2010.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import ceil, sqrt
from typing import Self

import numpy as np

from .blocks import FloatArray
from .fatigue import Spectrum, spectrum_of
from .filters import BandDesign, CausalBand
from .lines import Line, fit_line
from .means import mean_power
from .stage import Stage

#: A bar of the display; two of them make the 200 ms of a reference, ten the second that rest is measured by.
BAR_S = 0.1
REFERENCE_BARS, REST_BARS = 2, 10
#: Half a window of the spectrum: windows of 1 s, half of each in common with the next (JASA practice for fatigue).
HALF_WINDOW_S = 0.5
#: The strongest moment so far is a reference from 10 dB above rest on: below, it is noise (J; as for a burst).
ABOVE_REST = 10.0 ** (10.0 / 20.0)
#: Bars at the start of a stream that no reference is taken from: the band-pass has not settled (0.3 s at 20 Hz).
SETTLING_BARS = 5
#: What is kept: longer than the longest hold a test may ask for (600 s), with what waits behind it.
KEPT_S = 660.0
#: Bars that the trend of a share is fitted over at once: EMG of 0.1 s varies by some 13 % by itself, of 0.5 s by 6 %.
TREND_BARS = 5


@dataclass(frozen=True)
class Bar:
    """100 ms of a stream: the sample after it, and the power of each channel, µV²; NaN where all of it was lost."""

    stop: int
    channels: tuple[float, ...]


@dataclass(frozen=True)
class SpectrumRow:
    """1 s of a stream: the sample after it, and each channel's spectrum in short; None where samples were lost."""

    stop: int
    channels: tuple[Spectrum | None, ...]


class EffortStage(Stage[[FloatArray, int], list[Bar | SpectrumRow]]):
    """Band-pass an EMG stream and measure power and spectrum on a grid of its sample numbers.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    n_channels
        Columns of every block.

    Raises
    ------
    ValueError
        The rate is none that can be meant.
    """

    def __init__(self, rate_hz: float, n_channels: int) -> None:
        self._design = BandDesign(rate_hz)
        self._rate_hz, self._n_channels = rate_hz, n_channels
        self._n_bar = max(round(BAR_S * rate_hz), 1)
        self._n_half = max(round(HALF_WINDOW_S * rate_hz), 1)
        self.reset()

    @property
    def delay_s(self) -> float:
        """A bar is known at its end, which lies this much behind the muscle."""
        return BAR_S + self._design.delay_s

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._band = CausalBand(self._design, self._n_channels)
        self._rows = np.empty((0, self._n_channels))
        self._first = self._bar = self._window = 0
        self._next: int | None = None
        return self

    def update(self, values_uv: FloatArray, first_index: int) -> list[Bar | SpectrumRow]:
        """Take the next samples, shape (n_samples, n_channels), raw µV, beginning at sample `first_index`.

        What they complete comes in the order of the samples after it.
        """
        if len(values_uv) == 0:
            return []
        if first_index != self._next:  # a gap too long to be filled: the grid goes on, what was begun is dropped
            self._rows, self._first = np.empty((0, self._n_channels)), first_index
            self._bar = ceil(first_index / self._n_bar) * self._n_bar
            self._window = ceil(first_index / self._n_half) * self._n_half
        self._rows = np.concatenate([self._rows, self._band.update(values_uv)])
        self._next = first_index + len(values_uv)
        rows: list[Bar | SpectrumRow] = [*self._take_bars(), *self._take_spectra()]
        rows.sort(key=lambda row: row.stop)
        used = min(max(min(self._bar, self._window) - self._first, 0), len(self._rows))
        self._rows, self._first = self._rows[used:].copy(), self._first + used
        return rows

    def _take_bars(self) -> list[Bar]:
        """Measure the bars that are complete."""
        start = self._bar - self._first
        n_new = (len(self._rows) - start) // self._n_bar
        if n_new <= 0:
            return []
        power = mean_power(self._rows[start : start + n_new * self._n_bar], self._n_bar)
        stops = [self._bar + (i + 1) * self._n_bar for i in range(n_new)]
        self._bar = stops[-1]
        return [Bar(stop, tuple(map(float, row))) for stop, row in zip(stops, power, strict=True)]

    def _take_spectra(self) -> list[SpectrumRow]:
        """Measure the windows that are complete."""
        found: list[SpectrumRow] = []
        n_window = 2 * self._n_half
        while self._window + n_window <= self._first + len(self._rows):
            start = self._window - self._first
            columns = self._rows[start : start + n_window].T
            band_hz = (self._design.low_hz, self._design.high_hz)
            row = tuple(spectrum_of(np.ascontiguousarray(column), self._rate_hz, band_hz) for column in columns)
            found.append(SpectrumRow(self._window + n_window, row))
            self._window += self._n_half
        return found


class ReferenceSource(Enum):
    """What 100 % is."""

    MAXIMUM = "maximum"
    REFERENCE_LIFT = "reference_lift"
    STRONGEST = "strongest_so_far"  # the strongest 200 ms of this recording up to that moment


@dataclass(frozen=True)
class OwnReference:
    """100 % of one muscle: RMS over 200 ms, µV."""

    rms_uv: float
    source: ReferenceSource

    @property
    def is_measured(self) -> bool:
        """Whether it was measured before: a band to stay in means something of such a one alone."""
        return self.source is not ReferenceSource.STRONGEST


@dataclass(frozen=True)
class Level:
    """100 ms of one muscle: the end of it, its RMS, and what 100 % was then; None before there was a reference.

    `rest_uv` is the RMS of the quietest second up to then, None before there was one. What is known later is not in it,
    so that whoever looks back at a hold sees the same whenever he does.
    """

    time_s: float
    rms_uv: float
    reference: OwnReference | None
    rest_uv: float | None = None

    @property
    def percent(self) -> float | None:
        """Effort in percent of the own reference, above 100 too; None without one.

        Examples
        --------
        >>> Level(1.0, 54.0, OwnReference(25.0, ReferenceSource.MAXIMUM)).percent
        216.0
        """
        return None if self.reference is None else 100.0 * self.rms_uv / self.reference.rms_uv


@dataclass(frozen=True)
class SpectrumAt:
    """A spectrum in short, and the middle of its second."""

    time_s: float
    spectrum: Spectrum


@dataclass
class EffortTrack:
    """One muscle: its levels and spectra with their times, its rest and its reference.

    Attributes
    ----------
    stored
        A reference that was measured before; None = the strongest 200 ms so far.
    rest_uv
        RMS of the quietest second so far; None before there was one.
    known_s
        Up to which time its levels are known.
    """

    stored: OwnReference | None = None
    levels: deque[Level] = field(default_factory=lambda: deque[Level](maxlen=round(KEPT_S / BAR_S)))
    spectra: deque[SpectrumAt] = field(default_factory=lambda: deque[SpectrumAt](maxlen=round(KEPT_S / HALF_WINDOW_S)))
    rest_uv: float | None = None
    known_s: float = float("-inf")
    _strongest: float = 0.0
    _recent: deque[float] = field(default_factory=lambda: deque[float](maxlen=REST_BARS))
    _n_bars: int = 0

    def add_bar(self, time_s: float, power: float) -> Level:
        """Take 100 ms that end at `time_s`; the level it makes."""
        self._n_bars += 1
        self._recent.append(power)
        newest = list(self._recent)[-REFERENCE_BARS:]
        if self._n_bars >= SETTLING_BARS + REFERENCE_BARS:
            strong = sqrt(sum(newest) / REFERENCE_BARS)
            self._strongest = max(self._strongest, strong)  # a lost bar is NaN, and no maximum
        if self._n_bars >= SETTLING_BARS + REST_BARS:
            quiet = sqrt(sum(self._recent) / REST_BARS)
            if quiet > 0.0 and (self.rest_uv is None or quiet < self.rest_uv):
                self.rest_uv = quiet
        level = Level(time_s, sqrt(power), self.reference, self.rest_uv)
        self.levels.append(level)
        self.known_s = max(self.known_s, time_s)
        return level

    def add_spectrum(self, middle_s: float, spectrum: Spectrum) -> None:
        """Take the spectrum of a second around `middle_s`."""
        self.spectra.append(SpectrumAt(middle_s, spectrum))

    @property
    def reference(self) -> OwnReference | None:
        """What 100 % is by now."""
        if self.stored is not None:
            return self.stored
        if self.rest_uv is None or self._strongest < ABOVE_REST * self.rest_uv:
            return None
        return OwnReference(self._strongest, ReferenceSource.STRONGEST)

    def levels_in(self, start_s: float, end_s: float) -> list[Level]:
        """Return the levels that lie within a span, lost ones left out."""
        room_s = BAR_S / 1000.0  # rounding of times must not decide over a bar
        inside = (level for level in self.levels if start_s + BAR_S - room_s <= level.time_s <= end_s + room_s)
        return [level for level in inside if level.rms_uv == level.rms_uv]

    def spectra_in(self, start_s: float, end_s: float) -> list[SpectrumAt]:
        """Return the spectra whose seconds lie within a span."""
        return [each for each in self.spectra if start_s + 0.5 <= each.time_s <= end_s - 0.5]


def share_of(glute_percent: float, hamstring_percent: float) -> float | None:
    """Return the hamstring's share of both muscles' effort, 0..1; None where neither works.

    Examples
    --------
    >>> share_of(60.0, 40.0)
    0.4
    """
    both = glute_percent + hamstring_percent
    return hamstring_percent / both if both > 0.0 else None


#: The hamstring takes over where its share grew by this much over the hold, and surely grew: ten points of a hundred
#: are seen by eye on a bar; fewer come and go (J). Looked at from so many half seconds on: levels that wander by 10 %
#: over seconds seem to grow in 9 of 100 holds then, and in 10 from half of that on (own simulation).
GROWTH, TREND_MIN = 0.10, 16


@dataclass(frozen=True)
class ShareTrend:
    """How the hamstring's share of both muscles' effort went over a hold.

    Attributes
    ----------
    share
        Its mean, 0..1.
    slope_s, interval_s
        Its change a second, with the 95 % interval; None where the hold was too short for one.
    grown
        By how much it grew from the first to the last half second of the line.
    """

    share: float
    slope_s: float | None = None
    interval_s: tuple[float, float] | None = None
    grown: float = 0.0

    @property
    def taking_over(self) -> bool:
        """Whether the hamstring surely does more and more of it."""
        return self.interval_s is not None and self.interval_s[0] > 0.0 and self.grown >= GROWTH


def share_trend(glute: Sequence[Level], hamstring: Sequence[Level]) -> ShareTrend | None:
    """Follow the hamstring's share over a hold.

    Parameters
    ----------
    glute, hamstring
        Levels of the hold. Each muscle's last reference holds for all of it: a reference that grows on the way must
        not look like a share that falls.

    Returns
    -------
    ShareTrend
        None where a muscle has no reference, or where neither works.
    """
    references = [levels[-1].reference if levels else None for levels in (glute, hamstring)]
    if references[0] is None or references[1] is None:
        return None
    shares: list[tuple[float, float]] = []
    for one, other in zip(_by_half_seconds(glute), _by_half_seconds(hamstring), strict=False):
        share = share_of(one[1] / references[0].rms_uv, other[1] / references[1].rms_uv)
        if share is not None:
            shares.append((one[0], share))
    if not shares:
        return None
    mean = float(sum(share for _, share in shares) / len(shares))
    line = fit_share(shares) if len(shares) >= TREND_MIN else None
    if line is None:
        return ShareTrend(mean)
    span_s = shares[-1][0] - shares[0][0]
    return ShareTrend(mean, line.slope, line.slope_interval, line.slope * span_s)


def fit_share(shares: Iterable[tuple[float, float]]) -> Line | None:
    """Draw a line through shares over time."""
    rows = np.array(list(shares))
    return fit_line(rows[:, 0] - rows[0, 0], rows[:, 1])


def _by_half_seconds(levels: Sequence[Level]) -> list[tuple[float, float]]:
    """Put levels together by fives: time of the last, RMS of all."""
    out: list[tuple[float, float]] = []
    for start in range(0, len(levels) - TREND_BARS + 1, TREND_BARS):
        part = levels[start : start + TREND_BARS]
        out.append((part[-1].time_s, sqrt(sum(level.rms_uv**2 for level in part) / TREND_BARS)))
    return out
