"""The first stage of every EMG stream: band-pass, alarms and a history of what came out.

It refuses nothing: lost samples stay NaN, and what the alarms mean is decided where a lift is judged.
"""

from dataclasses import dataclass
from typing import Self

from .alarm import AlarmParams, BurstAlarm
from .blocks import FloatArray
from .filters import BandDesign, CausalBand
from .history import History
from .stage import Stage


@dataclass(frozen=True)
class EmgParams:
    """How an EMG stream is prepared.

    Attributes
    ----------
    band_hz
        Corners of the band-pass (De Luca 2010; SENIAM).
    history_s
        How much of the filtered signal is kept: the longest lift with its rest, and some.
    """

    band_hz: tuple[float, float] = (20.0, 450.0)
    history_s: float = 20.0
    alarm: AlarmParams = AlarmParams()


@dataclass(frozen=True)
class EmgUpdate:
    """What a block of EMG brought.

    Attributes
    ----------
    filtered : shape (n_samples, n_channels), µV
        Band-passed, NaN where samples were lost.
    alarms
        `(channel, sample_index, on)` in the order of the sample at which each became known.
    """

    filtered: FloatArray
    alarms: list[tuple[int, int, bool]]


class EmgStage(Stage[[FloatArray, int], EmgUpdate]):
    """Band-pass an EMG stream, notice bursts, remember the last seconds.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz, 200 to 10 000.
    n_channels
        Columns of every block.

    Raises
    ------
    ValueError
        The rate is outside of what surface EMG needs.

    Notes
    -----
    Delay of the filtered signal: `delay_s`; of an alarm behind the true onset: 15-20 ms (median).
    """

    def __init__(self, rate_hz: float, n_channels: int, params: EmgParams = EmgParams()) -> None:
        self.rate_hz = rate_hz
        self.n_channels = n_channels
        self.params = params
        self._design = BandDesign(rate_hz, params.band_hz)
        self.reset()

    @property
    def delay_s(self) -> float:
        """Group delay of the band-pass for EMG, seconds."""
        return self._design.delay_s

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._band = CausalBand(self._design, self.n_channels)
        self._alarm = BurstAlarm(self.rate_hz, self.n_channels, self.params.alarm, self._design)
        self._history = History(self.n_channels, round(self.params.history_s * self.rate_hz))
        return self

    def update(self, values_uv: FloatArray, first_index: int) -> EmgUpdate:
        """Take the next samples, shape (n_samples, n_channels), raw µV, beginning at sample `first_index`."""
        filtered = self._band.update(values_uv)
        self._history.append(first_index, filtered)
        events = self._alarm.update(filtered, first_index)
        return EmgUpdate(filtered, [(event.channel, event.index, event.on) for event in events])

    def stretch(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return filtered samples `start:stop` of a channel, NaN where lost or no longer kept."""
        return self._history.column(channel, start, stop)
