"""What may be wrong with an array before any analysis: each fault told with its figure, none raised.

`check_array` turns whatever array is given into microvolts of a common scale, infinite values into lost ones, and names
what cannot be analysed. It raises only for what cannot be meant: not one channel, no numbers, no rate.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .blocks import FloatArray
from .filters import RATE_LIMITS_HZ, USABLE_RATE_HZ
from .quality import find_rails
from .results import Reason, ReasonCode
from .rules import JudgementRules
from .runs import find_runs, longest_run, run_borders

#: Shortest signal that can hold a rest and an onset, seconds.
SHORTEST_S = 0.5
#: Equal samples in a row that are a flat line, seconds: EMG never repeats itself for two cycles of 20 Hz.
FLAT_S = 0.1
#: Gaps up to this long are bridged by a straight line, seconds: a lost sample takes the 24 after it out of the
#: prediction, so that one in fifty would leave nothing to go by. Two samples at 1 kHz are a sixth of a cycle of EMG.
BRIDGE_S = 0.002
#: Signals are brought to a largest excursion of about this power of two: ordinary microvolts, whatever the unit.
EXPONENT = 10


@dataclass(frozen=True)
class CheckedSignal:
    """One channel, ready to be analysed, or the reason why it cannot be.

    Attributes
    ----------
    raw : shape (n_samples,)
        NaN = lost or infinite, short gaps bridged; `raw * scale` is what was given. The scale is a power of two, so
        that scaling the signal by one changes no bit of the answer.
    refusal
        Why nothing can be said; None where something can.
    noted
        What is wrong with it beyond that.
    rails
        Lowest and highest value where the signal clips, in the scale of `raw`; None where it does not.
    flat, lost : shape (n_samples,)
        Rows that belong to a flat line; rows that were lost, bridged or not.
    """

    raw: FloatArray
    scale: float
    rate_hz: float
    refusal: Reason | None
    noted: tuple[Reason, ...]
    rails: tuple[float | None, float | None]
    flat: NDArray[np.bool_]
    lost: NDArray[np.bool_]

    @property
    def duration_s(self) -> float:
        """Length, seconds."""
        return len(self.raw) / self.rate_hz


def to_samples(emg_uv: ArrayLike) -> FloatArray:
    """Return one channel as float64, masked values as lost ones; ValueError for what is no channel of numbers."""
    given: Any = emg_uv
    masked = np.ma.getmaskarray(given) if np.ma.isMaskedArray(given) else None
    if np.iscomplexobj(given):
        raise ValueError("EMG must be real numbers; got complex ones. Pass the raw signal")
    with np.errstate(over="ignore"):  # longer floats overflow to infinity, and that is reported
        raw = np.asarray(given, dtype=np.float64)
    if masked is not None:
        raw = np.where(masked, np.nan, raw)
    if raw.ndim != 1:
        raise ValueError(f"EMG must have shape (n_samples,), one channel; got shape {raw.shape}. Pass one column")
    return raw


def exponent_of(raw: FloatArray) -> int:
    """Exponent of two of the largest excursion from the middle of a channel; 0 for one that does not move."""
    finite = raw[np.isfinite(raw)]
    if len(finite) == 0:
        return 0
    reach = float(np.max(finite)) / 2 - float(np.min(finite)) / 2
    return int(np.frexp(reach)[1]) if reach > 0.0 else 0


def check_array(raw: FloatArray, rate_hz: float, rules: JudgementRules, exponent: int | None = None) -> CheckedSignal:
    """Say what is wrong with one channel.

    Parameters
    ----------
    raw : shape (n_samples,), microvolts
        As `to_samples` returns it.
    rate_hz
        Sampling rate.
    exponent
        Common exponent of several channels; None: its own.

    Raises
    ------
    ValueError
        The rate is no positive number, or above what any electrode is sampled at.
    """
    if not 0.0 < rate_hz <= RATE_LIMITS_HZ[1]:
        raise ValueError(
            f"rate_hz must be above 0 and at most {RATE_LIMITS_HZ[1]:g}; got {rate_hz!r}. Pass the sampling rate in Hz"
        )
    infinite = np.isinf(raw)
    finite = np.where(infinite, np.nan, raw) if infinite.any() else raw
    shift = EXPONENT - (exponent_of(finite) if exponent is None else exponent)
    scaled = np.ldexp(np.ascontiguousarray(finite), shift)
    scaled = np.where(np.isinf(scaled), np.nan, scaled)
    flat = find_flat_lines(scaled, rate_hz)
    refusal = _refusal(scaled, rate_hz)
    noted = () if refusal is not None else _notes(scaled, infinite, flat, rate_hz, rules)
    rails = (None, None) if refusal is not None else find_rails(scaled)
    lost = np.isnan(scaled)
    if refusal is None:
        scaled = bridge_short_gaps(scaled, rate_hz)
    return CheckedSignal(scaled, float(np.ldexp(1.0, -shift)), rate_hz, refusal, noted, rails, flat, lost)


def _refusal(raw: FloatArray, rate_hz: float) -> Reason | None:
    """Name what forbids any analysis: rate, length, no samples, no movement."""
    if rate_hz < USABLE_RATE_HZ:
        return Reason(ReasonCode.RATE_TOO_LOW, rate_hz, USABLE_RATE_HZ, "Hz")
    if len(raw) < SHORTEST_S * rate_hz:
        return Reason(ReasonCode.TOO_SHORT, len(raw) / rate_hz, SHORTEST_S, "s")
    known = raw[~np.isnan(raw)]
    if len(known) < SHORTEST_S / 2 * rate_hz:
        return Reason(
            ReasonCode.SAMPLES_MISSING, 1.0 - len(known) / len(raw), 1.0 - SHORTEST_S / 2 * rate_hz / len(raw), "share"
        )
    if float(np.min(known)) == float(np.max(known)):
        return Reason(ReasonCode.FLAT_LINE, len(known) / rate_hz, FLAT_S, "s")
    return None


def _notes(
    raw: FloatArray, infinite: NDArray[np.bool_], flat: NDArray[np.bool_], rate_hz: float, rules: JudgementRules
) -> tuple[Reason, ...]:
    """Name what is wrong with a signal that can be analysed."""
    notes: list[Reason] = []
    if infinite.any():
        notes.append(Reason(ReasonCode.INFINITE_VALUES, float(np.mean(infinite)), 0.0, "share"))
    lost = float(np.mean(np.isnan(raw)))
    if lost > 0.0:
        notes.append(Reason(ReasonCode.SAMPLES_MISSING, lost, 0.0, "share"))
    if flat.any():
        notes.append(Reason(ReasonCode.FLAT_LINE, longest_run(flat) / rate_hz, FLAT_S, "s"))
    if rate_hz < rules.rate_full_hz:
        notes.append(Reason(ReasonCode.RATE_LOW, rate_hz, rules.rate_full_hz, "Hz"))
    return tuple(notes)


def find_flat_lines(raw: FloatArray, rate_hz: float) -> NDArray[np.bool_]:
    """Mark the rows of every run of equal values that lasts `FLAT_S`; lost rows are none."""
    n_flat = max(round(FLAT_S * rate_hz), 3)
    same = np.diff(raw) == 0.0
    flat = np.zeros(len(raw), dtype=np.bool_)
    for start, stop in find_runs(same):
        if stop - start + 1 >= n_flat:
            flat[start : stop + 1] = True
    return flat


def bridge_short_gaps(raw: FloatArray, rate_hz: float) -> FloatArray:
    """Draw a straight line over each gap of up to `BRIDGE_S`, and over any single lost sample."""
    lost = np.isnan(raw)
    starts, stops = run_borders(lost)
    short = (stops - starts <= max(round(BRIDGE_S * rate_hz), 1)) & (starts > 0) & (stops < len(raw))
    if not short.any():
        return raw
    step = np.zeros(len(raw) + 1, dtype=np.int8)
    step[starts[short]], step[stops[short]] = 1, -1
    rows = np.flatnonzero(np.cumsum(step[:-1]))
    known = np.flatnonzero(~lost)
    bridged = raw.copy()
    bridged[rows] = np.interp(rows, known, raw[known])
    return bridged
