"""The signal core for people with arrays: raw microvolts in, documented results out, one call for each question.

Everything here goes through the very stages a live stream goes through, as one block.
"""

import numpy as np
from numpy.typing import ArrayLike

from .baseline import find_rest
from .blocks import FloatArray, Site
from .bursts import Burst, find_bursts
from .crosstalk import cancel_crosstalk
from .errors import SignalError
from .filters import BandDesign, CausalBand, check_rate
from .methods import DEFAULT_METHOD, PointOnset, compare_points, find_method
from .onset import locate_onset
from .order import compare_posteriors, refuse
from .posterior import NoOnset, OnsetPosterior
from .quality import assess
from .results import Lag, Onset, Reason, ReasonCode
from .rules import JudgementRules

#: The rules of judgement unless others are given.
DEFAULT_RULES = JudgementRules()
#: Shortest signal that can hold a rest and an onset, seconds.
SHORTEST_S = 0.5
#: The band-pass settles within this time after its first sample: four time constants of 20 Hz, fourth order.
SETTLE_S = 0.05


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
    rate_hz
        Sampling rate, 200 to 10 000 Hz.
    rest_s
        A quiet stretch `(start, stop)` in seconds; None: the quietest half second is found.
    method
        Name of the onset method: `ramp-likelihood`, or one of the literature that gives a moment without an interval:
        `hodges-bui`, `tkeo`, `glr`. The result carries it as its `estimator`.

    Returns
    -------
    Onset
        `time_s` in seconds from the first sample; None when there is no onset, with the reason where nothing could
        be said.

    Raises
    ------
    ValueError
        Not one-dimensional, rate out of range, rest outside of the signal, no such method.
    SignalError
        Too short, or without a single good sample.

    Examples
    --------
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
    return _locate_by(method, filter_array(emg_uv, rate_hz, rules), rate_hz, rest_s, rules)


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
        `lag_s` = t(glute) - t(hamstring); `not_judged` with its reason when the data, or a method without certainty,
        do not allow an order.

    Raises
    ------
    ValueError
        As for `detect_onset`; lengths that differ; a negative uncertainty.
    SignalError
        As for `detect_onset`.

    Notes
    -----
    Source: `order.compare_posteriors`.
    """
    if not sync_uncertainty_s >= 0.0:
        raise ValueError(f"sync_uncertainty_s must be 0 or more seconds; got {sync_uncertainty_s!r}")
    find_method(method)
    pair = [filter_array(emg_uv, rate_hz, rules) for emg_uv in (hamstring_uv, glute_uv)]
    if len(pair[0]) != len(pair[1]):
        raise ValueError(f"both channels must have the same number of samples; got {len(pair[0])} and {len(pair[1])}")
    if rate_hz < rules.rate_min_hz:
        reason = Reason(ReasonCode.RATE_TOO_LOW, rate_hz, rules.rate_min_hz, "Hz")
        return refuse(reason, Onset(None, estimator=method), Onset(None, estimator=method), sync_uncertainty_s)
    for emg_uv, part in ((hamstring_uv, "hamstring_lateral"), (glute_uv, "gluteus_maximus")):
        if assess(np.asarray(emg_uv, dtype=np.float64), rate_hz).flat:
            reason = Reason(ReasonCode.ELECTRODE_OFF, site=Site(part))
            return refuse(reason, Onset(None, estimator=method), Onset(None, estimator=method), sync_uncertainty_s)
    pair = _without_crosstalk(pair, rate_hz, rest_s, rules)
    if method != DEFAULT_METHOD:
        onsets = [_locate_by(method, filtered, rate_hz, rest_s, rules) for filtered in pair]
        return compare_points(onsets[0], onsets[1], sync_uncertainty_s, rules)
    hamstring, glute = (_locate(filtered, rate_hz, rest_s, rules) for filtered in pair)
    return compare_posteriors(hamstring, glute, (0.0, 0.0), rate_hz, sync_uncertainty_s, rules)


def _without_crosstalk(
    pair: list[FloatArray], rate_hz: float, rest_s: tuple[float, float] | None, rules: JudgementRules
) -> list[FloatArray]:
    """Clean each channel of what it hears of the other, where a common rest is known."""
    found = (
        [find_rest(x, rate_hz, rules) for x in pair] if rest_s is None else [_rest_rows(rest_s, rate_hz, len(pair[0]))]
    )
    rests = [rest for rest in found if not isinstance(rest, Reason)]
    if len(rests) < len(found):
        return pair
    rest = max(rest[0] for rest in rests), min(rest[1] for rest in rests)
    if rest[1] - rest[0] < rules.baseline_s / 2 * rate_hz:
        return pair
    return [cancel_crosstalk(pair[0], pair[1], rate_hz, rest), cancel_crosstalk(pair[1], pair[0], rate_hz, rest)]


def detect_bursts(emg_uv: ArrayLike, rate_hz: float, rules: JudgementRules = DEFAULT_RULES) -> list[Burst]:
    """Find every burst of a long recording: its onset, as `detect_onset` gives it, and its end.

    Parameters
    ----------
    emg_uv : shape (n_samples,), raw microvolts
        Unfiltered, any offset; NaN = a lost sample.
    rate_hz
        Sampling rate, 200 to 10 000 Hz.

    Returns
    -------
    list of Burst
        In order of time, seconds from the first sample.

    Raises
    ------
    ValueError
        Not one-dimensional, rate out of range.
    SignalError
        Too short, or without a single good sample.

    Notes
    -----
    Source: `bursts.find_bursts`.
    """
    return find_bursts(_checked(emg_uv, rate_hz), rate_hz, rules)


def filter_array(emg_uv: ArrayLike, rate_hz: float, rules: JudgementRules = DEFAULT_RULES) -> FloatArray:
    """Check a raw array and band-pass it, shape (n_samples,)."""
    raw = _checked(emg_uv, rate_hz)
    return CausalBand(BandDesign(rate_hz, rules.band_hz), 1).update(raw[:, np.newaxis])[:, 0]


def _checked(emg_uv: ArrayLike, rate_hz: float) -> FloatArray:
    """Return the array as float64 or say what is wrong with it."""
    check_rate(rate_hz)
    raw = np.asarray(emg_uv, dtype=np.float64)
    if raw.ndim != 1:
        raise ValueError(f"EMG must have shape (n_samples,), one channel; got shape {raw.shape}. Pass one column")
    if len(raw) < SHORTEST_S * rate_hz:
        raise SignalError(
            f"EMG must last at least {SHORTEST_S:g} s ({round(SHORTEST_S * rate_hz)} samples at {rate_hz:g} Hz); "
            f"got {len(raw)} samples. Pass a longer stretch, with its rest"
        )
    if np.isinf(raw).any():
        raise ValueError("EMG holds infinite values; mark lost samples with NaN")
    if np.isnan(raw).all():
        raise SignalError("EMG has no good sample: all are NaN. Check the channel")
    return raw


def _locate(
    filtered: FloatArray, rate_hz: float, rest_s: tuple[float, float] | None, rules: JudgementRules
) -> OnsetPosterior | NoOnset:
    """Locate the onset after the given rest, or anywhere with the rest that is found."""
    rest = _choose_rest(filtered, rate_hz, rest_s, rules)
    if isinstance(rest, Reason):
        return NoOnset(rest)
    return locate_onset(filtered, rate_hz, rest, (rest[0], len(filtered)))


def _locate_by(
    method: str, filtered: FloatArray, rate_hz: float, rest_s: tuple[float, float] | None, rules: JudgementRules
) -> Onset:
    """Do the same by the method of that name."""
    rest = _choose_rest(filtered, rate_hz, rest_s, rules)
    if isinstance(rest, Reason):
        return PointOnset(method, reason=rest).to_onset()
    return find_method(method)(filtered, rate_hz, rest, (rest[0], len(filtered))).to_onset()


def _choose_rest(
    filtered: FloatArray, rate_hz: float, rest_s: tuple[float, float] | None, rules: JudgementRules
) -> tuple[int, int] | Reason:
    """Rows of the rest given, or of the one found, or why there is none."""
    if rest_s is None:
        return find_rest(filtered, rate_hz, rules)
    return _rest_rows(rest_s, rate_hz, len(filtered))


def _rest_rows(rest_s: tuple[float, float], rate_hz: float, n_samples: int) -> tuple[int, int]:
    """Rows of a rest given in seconds, or ValueError."""
    rest = round(rest_s[0] * rate_hz), round(rest_s[1] * rate_hz)
    if not 0 <= rest[0] < rest[1] <= n_samples:
        raise ValueError(
            f"rest_s must be seconds (start, stop) within 0..{n_samples / rate_hz:g}; got {rest_s!r}. "
            "Pass a quiet stretch"
        )
    return rest
