"""The signal core for people with arrays: raw microvolts in, documented results out, one call for each question.

Everything here goes through the very stages a live stream goes through, as one block. What is wrong with an array is
told in the result, with its figure, and never raised: rate too low, too short, lost or infinite samples, a flat line,
clipping, a rest that is none, nothing but rest (`inputs.py`, `array_onset.py`).
"""

from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from .array_bursts import BurstList, find_array_bursts
from .array_onset import choose_outlook, judge_onset, rest_rows
from .blocks import FloatArray, Site
from .bursts import filter_in_chunks
from .crosstalk import cancel_crosstalk
from .filters import BandDesign
from .inputs import CheckedSignal, check_array, exponent_of, to_samples
from .methods import DEFAULT_METHOD, compare_points, find_method
from .onset import locate_onset
from .order import compare_posteriors, refuse
from .posterior import NoOnset, OnsetPosterior
from .results import Lag, Onset, Reason, ReasonCode, Verdict
from .rules import JudgementRules
from .splice import locate_from_rest

#: The rules of judgement unless others are given.
DEFAULT_RULES = JudgementRules()
#: Hamstring and glute, for reasons that name a muscle; of which side they are, an array does not say.
SITES = (Site("hamstring_lateral"), Site("gluteus_maximus"))


def detect_onset(
    emg_uv: ArrayLike,
    rate_hz: float,
    rest_s: tuple[float, float] | None = None,
    rules: JudgementRules = DEFAULT_RULES,
    method: str = DEFAULT_METHOD,
) -> Onset:
    """Find when the muscle switched on.

    Parameters
    ----------
    emg_uv : shape (n_samples,), raw microvolts
        Unfiltered, any offset; NaN = a lost sample.
        In any unit and of any type: scaling it changes no answer. Infinite values count as lost.
    rate_hz
        Sampling rate, Hz; from 200 Hz on there is an answer, from 250 Hz on a good one.
    rest_s
        A quiet stretch `(start, stop)` in seconds; the onset is sought from its start on, and what came before is not
        looked at. None: the quietest half second before the strongest burst is found.
    method
        Name of the onset method: `ramp-likelihood`, or one of the literature that gives a moment without an interval:
        `hodges-bui`, `tkeo`, `glr`. The result carries it as its `estimator`.

    Returns
    -------
    Onset
        `time_s` in seconds from the first sample. None when there is no onset, never without its `reason`; a time with
        a reason is the best there is, and not to be relied upon.

    Raises
    ------
    ValueError
        Not one-dimensional, no numbers, no positive rate, rest outside of the signal, no such method.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> emg = rng.standard_normal(2000) * np.where(np.arange(2000) < 1000, 2.0, 20.0)
    >>> onset = detect_onset(emg, rate_hz=1000.0, rest_s=(0.0, 0.8))
    >>> bool(abs(onset.time_s - 1.0) < 0.01)
    True

    Notes
    -----
    Source: `onset.locate_onset`; of the other methods, `methods.METHODS`.
    """
    find_method(method)
    signal = check_array(to_samples(emg_uv), rate_hz, rules)
    return _examine(signal, _band(signal, rules), rest_s, rules, method).onset


def compare_onsets(
    hamstring_uv: ArrayLike,
    glute_uv: ArrayLike,
    rate_hz: float,
    rest_s: tuple[float, float] | None = None,
    sync_uncertainty_s: float = 0.0,
    rules: JudgementRules = DEFAULT_RULES,
    method: str = DEFAULT_METHOD,
) -> Lag:
    """Find which of two muscles switched on first, and how sure that is.

    Parameters
    ----------
    hamstring_uv, glute_uv : shape (n_samples,), raw microvolts
        Recorded together, row by row; NaN = a lost sample.
    rate_hz, rest_s
        As for `detect_onset`.
    sync_uncertainty_s
        Bound of the error between the channels' clocks; 0 for one converter.
    method
        As for `detect_onset`.

    Returns
    -------
    Lag
        `lag_s` = t(glute) - t(hamstring). No order without its reason: `not_judged` when the data, or a method without
        certainty, do not allow one; a muscle that is not detected with how far it came above rest.

    Raises
    ------
    ValueError
        As for `detect_onset`; lengths that differ; a negative uncertainty.

    Notes
    -----
    Source: `order.compare_posteriors`.
    """
    if not sync_uncertainty_s >= 0.0:
        raise ValueError(f"sync_uncertainty_s must be 0 or more seconds; got {sync_uncertainty_s!r}")
    find_method(method)
    raw = [to_samples(emg_uv) for emg_uv in (hamstring_uv, glute_uv)]
    if len(raw[0]) != len(raw[1]):
        raise ValueError(f"both channels must have the same number of samples; got {len(raw[0])} and {len(raw[1])}")
    # One scale for both: what leaks from one into the other is a share of it.
    exponent = max(exponent_of(one) for one in raw)
    signals = [check_array(one, rate_hz, rules, exponent) for one in raw]
    found = _examine_pair(signals, rest_s, rules, method)
    lag = _compare(found, rate_hz, sync_uncertainty_s, rules, method)
    return _with_reason(replace(lag, hamstring=found[0].onset, glute=found[1].onset), found)


@dataclass(frozen=True)
class _Finding:
    """One channel: what a method located on a clock that begins at `offset_s`, and the onset as it is told."""

    located: OnsetPosterior | NoOnset | None
    offset_s: float
    onset: Onset

    @property
    def is_silent(self) -> bool:
        """Whether nothing is wrong but that the muscle stays at rest."""
        return self.onset.reason is not None and self.onset.reason.code is ReasonCode.NO_ACTIVITY


def _examine_pair(
    signals: list[CheckedSignal], rest_s: tuple[float, float] | None, rules: JudgementRules, method: str
) -> list[_Finding]:
    """Locate both onsets, each channel freed of what it hears of the other where they rest together."""
    filtered = [_band(signal, rules) for signal in signals]
    if all(signal.refusal is None for signal in signals):
        rests = [choose_outlook(x, s, rest_s, rules).rest for x, s in zip(filtered, signals, strict=True)]
        known = [rest for rest in rests if rest is not None]
        common = max((rest[0] for rest in known), default=0), min((rest[1] for rest in known), default=0)
        if len(known) == len(rests) and common[1] - common[0] >= rules.baseline_s / 2 * signals[0].rate_hz:
            rate_hz = signals[0].rate_hz
            filtered = [cancel_crosstalk(filtered[i], filtered[1 - i], rate_hz, common) for i in (0, 1)]
    return [_examine(s, x, rest_s, rules, method) for s, x in zip(signals, filtered, strict=True)]


def _examine(
    signal: CheckedSignal,
    filtered: FloatArray,
    rest_s: tuple[float, float] | None,
    rules: JudgementRules,
    method: str,
) -> _Finding:
    """Locate the onset of one channel and say what is wrong with it."""
    if rest_s is not None:
        rest_rows(rest_s, signal.rate_hz, len(signal.raw))  # what cannot be meant is refused whatever the signal is
    if signal.refusal is not None:
        return _Finding(None, 0.0, Onset(None, estimator=method, reason=signal.refusal))
    outlook = choose_outlook(filtered, signal, rest_s, rules)
    if outlook.rest is None:
        return _Finding(None, 0.0, judge_onset(Onset(None, estimator=method), signal, outlook, rules))
    if method != DEFAULT_METHOD:
        point, offset_s = locate_from_rest(find_method(method), filtered, signal.rate_hz, outlook.rest, outlook.search)
        return _Finding(None, offset_s, judge_onset(point.to_onset(offset_s), signal, outlook, rules))
    located, offset_s = locate_from_rest(locate_onset, filtered, signal.rate_hz, outlook.rest, outlook.search)
    return _Finding(located, offset_s, judge_onset(located.to_onset(offset_s), signal, outlook, rules))


def _compare(
    found: list[_Finding], rate_hz: float, sync_uncertainty_s: float, rules: JudgementRules, method: str
) -> Lag:
    """Compare two onsets by what their method gives."""
    hamstring, glute = found
    if method != DEFAULT_METHOD:
        if rate_hz < rules.rate_min_hz:
            reason = Reason(ReasonCode.RATE_TOO_LOW, rate_hz, rules.rate_min_hz, "Hz")
            return refuse(reason, hamstring.onset, glute.onset, sync_uncertainty_s)
        points = [replace(one.onset, reason=None) if one.is_silent else one.onset for one in found]
        return compare_points(points[0], points[1], sync_uncertainty_s, rules)
    nothing = [NoOnset(one.onset.reason) if one.located is None else one.located for one in found]
    offsets_s = hamstring.offset_s, glute.offset_s
    return compare_posteriors(nothing[0], nothing[1], offsets_s, rate_hz, sync_uncertainty_s, rules, (), SITES)


def _with_reason(lag: Lag, found: list[_Finding]) -> Lag:
    """Let what forbids relying on either onset forbid an order; it stands before what the comparison itself says."""
    told = [
        replace(one.onset.reason, site=site)
        for one, site in zip(found, SITES, strict=True)
        if one.onset.reason is not None
    ]
    serious = [reason for reason in told if reason.code is not ReasonCode.NO_ACTIVITY]
    if serious and not (lag.reason is not None and lag.reason.code is ReasonCode.RATE_TOO_LOW):
        return replace(lag, verdict=Verdict.NOT_JUDGED, reason=min(serious, key=_gravity))
    return replace(lag, reason=lag.reason or min(told, key=_gravity, default=None))


def _gravity(reason: Reason) -> tuple[int, float]:
    """Order reasons by code, then by the larger figure, so that swapping the channels swaps nothing else."""
    return list(ReasonCode).index(reason.code), -(reason.figure or 0.0)


def detect_bursts(emg_uv: ArrayLike, rate_hz: float, rules: JudgementRules = DEFAULT_RULES) -> BurstList:
    """Find every burst of a long recording: its onset, as `detect_onset` gives it, and its end.

    Parameters
    ----------
    emg_uv : shape (n_samples,), raw microvolts
        As for `detect_onset`.
    rate_hz
        As for `detect_onset`.

    Returns
    -------
    list of Burst
        In order of time, seconds from the first sample. Its `reason` says why it is empty, its `cautions` what was
        noticed about the signal as a whole.

    Raises
    ------
    ValueError
        Not one-dimensional, no numbers, no positive rate.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> bursts = detect_bursts(rng.standard_normal(5000) * np.where(np.arange(5000) % 2500 < 2000, 1.0, 20.0), 1000.0)
    >>> [round(burst.onset.time_s, 1) for burst in bursts]
    [2.0, 4.5]

    Notes
    -----
    Source: `bursts.find_bursts`.
    """
    return find_array_bursts(check_array(to_samples(emg_uv), rate_hz, rules), rules)


def _band(signal: CheckedSignal, rules: JudgementRules) -> FloatArray:
    """Band-pass a channel that can be analysed, shape (n_samples,)."""
    if signal.refusal is not None:
        return signal.raw
    return filter_in_chunks(signal.raw, BandDesign(signal.rate_hz, rules.band_hz))
