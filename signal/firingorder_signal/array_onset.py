"""One onset in one whole array: which rest, where to look, and what is wrong with what was found.

Unlike a lift of a live test, an array comes without a window around a movement, and perhaps with a rest that is none.
"""

from dataclasses import dataclass, replace

import numpy as np

from .baseline import LOUD, find_rest, measure_unrest
from .blocks import FloatArray, Rows
from .burst_spans import BIN_S, PowerBins
from .inputs import FLAT_S, CheckedSignal
from .means import mean_power
from .quality import assess
from .results import Onset, Reason, ReasonCode
from .rules import JudgementRules
from .runs import longest_run

#: Longer signals are looked at around their strongest burst: so long before and after it, seconds.
BEFORE_S, AFTER_S = 20.0, 10.0
#: A given rest this many times the power of a quieter half second elsewhere is not at rest: 10 dB, what an order needs.
LOUDER = 10.0
#: Least of a given rest that says anything, seconds (`thinning.SHORTEST_S`, with its loud bins taken out).
LEAST_REST_S = 0.1
#: A burst that begins within this time of the first sample began before it, seconds: one bin of power.
EDGE_S = 0.02
#: More than this share lost around an onset forbids relying on it: up to 10 % in gaps of up to 8 ms the error is that
#: of the whole signal, at 20 % now and then a second (simulated).
LOST_MAX = 0.1
#: Clipping is counted from so long before to so long after the onset, seconds: the rise, and one second as the monitor.
CLIP_S = (0.1, 1.0)


@dataclass(frozen=True)
class Outlook:
    """What an onset is measured against and where it is sought.

    Attributes
    ----------
    rest
        Rows of the rest; None where there is none at all.
    search
        Rows in which the onset is sought.
    reason
        Why what is found must not be trusted.
    cautions
        What was noticed.
    doubt
        Why the rest may be a contraction; then neither silence nor what barely stands out of it is to be trusted.
    """

    rest: Rows | None
    search: Rows
    reason: Reason | None = None
    cautions: tuple[Reason, ...] = ()
    doubt: Reason | None = None


def choose_outlook(
    filtered: FloatArray, signal: CheckedSignal, rest_s: tuple[float, float] | None, rules: JudgementRules
) -> Outlook:
    """Choose the rest, given or to be found, and where to look for the onset.

    Raises
    ------
    ValueError
        The given rest is not within the signal.
    """
    calm = np.where(signal.flat, np.nan, filtered) if signal.flat.any() else filtered
    bins = PowerBins(calm, signal.rate_hz)
    peak = int(np.argmax(bins.smooth)) * bins.n_bin
    given = None if rest_s is None else rest_rows(rest_s, signal.rate_hz, len(filtered))
    outlook = (
        _found(filtered, calm, peak, signal, rules) if given is None else _given(filtered, calm, given, signal, rules)
    )
    rest = outlook.rest
    if rest is None:
        return outlook
    if bool(np.mean(signal.flat[slice(*rest)]) > 0.5):
        flat_s = longest_run(signal.flat[slice(*rest)]) / signal.rate_hz
        outlook = replace(outlook, reason=Reason(ReasonCode.FLAT_LINE, flat_s, 0.0, "s"))
    first = max(outlook.search[0], peak - round(BEFORE_S * signal.rate_hz))
    last = min(outlook.search[1], max(peak, first) + round(AFTER_S * signal.rate_hz))
    doubt = doubt_rest(calm, _power(filtered[slice(*rest)]), signal.rate_hz, rules)
    return replace(outlook, search=(first, last), doubt=doubt)


def rest_rows(rest_s: tuple[float, float], rate_hz: float, n_samples: int) -> Rows:
    """Rows of a rest given in seconds, or ValueError."""
    if not (np.isfinite(rest_s[0]) and np.isfinite(rest_s[1])):
        raise ValueError(f"rest_s must be seconds (start, stop); got {rest_s!r}. Pass a quiet stretch")
    rest = round(rest_s[0] * rate_hz), round(rest_s[1] * rate_hz)
    if not 0 <= rest[0] < rest[1] <= n_samples:
        raise ValueError(
            f"rest_s must be seconds (start, stop) within 0..{n_samples / rate_hz:g}; got {rest_s!r}. "
            "Pass a quiet stretch"
        )
    return rest


def _found(filtered: FloatArray, calm: FloatArray, peak: int, signal: CheckedSignal, rules: JudgementRules) -> Outlook:
    """Find the rest before the strongest burst; else any, for a burst that begins at once; else why there is none."""
    n, rate_hz = len(filtered), signal.rate_hz
    why: list[Reason] = []
    quietest = find_rest(calm, rate_hz, rules)
    for stretch in (calm[:peak], filtered[:peak], calm, filtered):
        rest = find_rest(stretch, rate_hz, rules)
        if isinstance(rest, Reason):
            why.append(rest)
        elif len(stretch) == n:
            return Outlook(rest, (0, n))
        elif isinstance(quietest, Reason) or not _is_loud(calm, rest, quietest):
            return Outlook(rest, (rest[0], n))
    restless = [reason for reason in why if reason.code is ReasonCode.RESTLESS_BASELINE]
    return Outlook(None, (0, n), (restless or why[-1:])[0])


def _given(
    filtered: FloatArray, calm: FloatArray, given: Rows, signal: CheckedSignal, rules: JudgementRules
) -> Outlook:
    """Take the rest that was given, its quiet part where it is not all quiet, and say so.

    With 5-50 % of a given rest active the onset's median error grows from 9 to 18 ms; measured against its quiet half
    second it stays at 8 (SNR 15 dB). Where no half second of it is quiet, the answer is not to be trusted.
    """
    n, rate_hz = len(filtered), signal.rate_hz
    piece = calm[slice(*given)]
    known_s = float(np.count_nonzero(~np.isnan(filtered[slice(*given)]))) / rate_hz
    if known_s < LEAST_REST_S:
        return Outlook(None, (given[0], n), Reason(ReasonCode.NO_BASELINE, known_s, rules.baseline_s, "s"))
    inside = find_rest(piece, rate_hz, rules)
    if isinstance(inside, Reason):
        if inside.code is ReasonCode.RESTLESS_BASELINE:
            elsewhere = find_rest(calm, rate_hz, rules)
            rest = given if isinstance(elsewhere, Reason) else elsewhere
            return Outlook(rest, (given[0], n), inside)
        return Outlook(given, (given[0], n), None, (inside,))
    quiet = given[0] + inside[0], given[0] + inside[1]
    unrest = measure_unrest(piece, rate_hz, inside)
    if unrest > LOUD:
        return Outlook(quiet, (quiet[0], n), None, (Reason(ReasonCode.RESTLESS_BASELINE, unrest, LOUD, "times"),))
    quietest = find_rest(calm, rate_hz, rules)
    if not isinstance(quietest, Reason):
        ratio = _power(calm[slice(*quiet)]) / max(_power(calm[slice(*quietest)]), 1e-300)
        if ratio > LOUDER:
            return Outlook(given, (given[0], n), None, (Reason(ReasonCode.RESTLESS_BASELINE, ratio, LOUDER, "times"),))
    return Outlook(given, (given[0], n))


def _is_loud(filtered: FloatArray, rest: Rows, quietest: Rows) -> bool:
    """Say whether a rest is rather a steady burst: far louder than the quietest rest of the signal."""
    if np.isnan(filtered[slice(*rest)]).all():
        return False
    return _power(filtered[slice(*rest)]) > LOUDER * _power(filtered[slice(*quietest)])


def _power(x: FloatArray) -> float:
    """Mean square of what is known."""
    return float(np.nanmean(x * x))


def doubt_rest(calm: FloatArray, power: float, rate_hz: float, rules: JudgementRules) -> Reason | None:
    """Say so where a signal has a stretch far quieter than what was taken for its rest: that is then a contraction.

    Parameters
    ----------
    calm : shape (n_samples,), band-passed
        NaN = lost or flat.
    power
        Mean square of the rest.

    Returns
    -------
    Reason
        `NO_BASELINE` with the length of the quiet, where that is too short for a rest; `RESTLESS_BASELINE` with how
        many times louder the rest is, where it is not.
    """
    n_bin = max(round(BIN_S * rate_hz), 1)
    bins = mean_power(calm[: len(calm) // n_bin * n_bin, np.newaxis], n_bin)[:, 0]
    quiet = bins * LOUDER < power
    quiet_s = longest_run(quiet) * BIN_S
    if quiet_s < LEAST_REST_S:
        return None
    if quiet_s < rules.baseline_s:
        return Reason(ReasonCode.NO_BASELINE, quiet_s, rules.baseline_s, "s")
    times = power / max(float(np.mean(bins[quiet])), 1e-300)
    return Reason(ReasonCode.RESTLESS_BASELINE, times, LOUDER, "times")


def judge_onset(onset: Onset, signal: CheckedSignal, outlook: Outlook, rules: JudgementRules) -> Onset:
    """Add to an onset what is wrong with the signal around it, or why there is none; levels in the unit given."""
    doubt = () if outlook.doubt is None else (outlook.doubt,)
    cautions = _dedupe((*outlook.cautions, *doubt, *signal.noted, *_heard(signal, outlook, rules)))
    reason = outlook.reason or _at_onset(onset, signal, outlook, rules) or onset.reason
    if reason is None and onset.time_s is not None and (onset.snr_db or 0.0) < rules.snr_min_db:
        reason = outlook.doubt
    if onset.time_s is None and reason is None:
        reason = _why_none(onset, signal, outlook, rules)
    return replace(
        onset,
        rest_uv=None if onset.rest_uv is None else onset.rest_uv * signal.scale,
        active_uv=None if onset.active_uv is None else onset.active_uv * signal.scale,
        reason=reason,
        cautions=tuple(caution for caution in cautions if reason is None or caution.code is not reason.code),
    )


def _dedupe(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Keep the first reason of each code."""
    return tuple({reason.code: reason for reason in reversed(reasons)}.values())[::-1]


def _heard(signal: CheckedSignal, outlook: Outlook, rules: JudgementRules) -> tuple[Reason, ...]:
    """Name what else the electrode hears: hum at rest, movement."""
    if outlook.rest is None:
        return ()
    quiet = assess(signal.raw[slice(*outlook.rest)], signal.rate_hz)
    active = assess(signal.raw[slice(*outlook.search)], signal.rate_hz)
    heard: list[Reason] = []
    if quiet.mains is not None and quiet.mains > rules.mains_max:
        heard.append(Reason(ReasonCode.MAINS_HUM, quiet.mains, rules.mains_max, "share"))
    if active.artefact is not None and active.artefact > rules.artefact_max:
        heard.append(Reason(ReasonCode.MOVEMENT_ARTEFACT, active.artefact, rules.artefact_max, "share"))
    return tuple(heard)


def _at_onset(onset: Onset, signal: CheckedSignal, outlook: Outlook, rules: JudgementRules) -> Reason | None:
    """Name what forbids relying on an onset that was found."""
    if onset.time_s is None:
        return None
    rate_hz, row = signal.rate_hz, round(onset.time_s * signal.rate_hz)
    near = slice(max(row - round(rules.gap_window_s * rate_hz), 0), max(row + round(rules.gap_window_s * rate_hz), 0))
    lost_s = longest_run(np.isnan(signal.raw[near])) / rate_hz
    if lost_s > rules.gap_max_s:
        return Reason(ReasonCode.SAMPLES_LOST, lost_s, rules.gap_max_s, "s")
    lost = float(np.mean(signal.lost[near])) if signal.lost[near].any() else 0.0
    if lost > LOST_MAX:
        return Reason(ReasonCode.SAMPLES_LOST, lost, LOST_MAX, "share")
    flat = flat_near(near, signal)
    if flat is not None:
        return flat
    begins_s = onset.time_s if onset.ci90_s is None else onset.ci90_s[0]
    if begins_s < EDGE_S and outlook.search[0] == 0:
        return Reason(ReasonCode.NO_BASELINE, max(begins_s, 0.0), rules.baseline_s, "s")
    around = signal.raw[max(row - round(CLIP_S[0] * rate_hz), 0) : max(row + round(CLIP_S[1] * rate_hz), 1)]
    clipped = clipped_share(around, signal)
    return Reason(ReasonCode.CLIPPING, clipped, rules.clip_max, "share") if clipped > rules.clip_max else None


def flat_near(near: slice, signal: CheckedSignal) -> Reason | None:
    """Say so where an electrode was off beside an onset: what seems to begin may be the electrode coming on."""
    flat_s = longest_run(signal.flat[near]) / signal.rate_hz
    return Reason(ReasonCode.FLAT_LINE, flat_s, FLAT_S, "s") if flat_s >= FLAT_S else None


def clipped_share(piece: FloatArray, signal: CheckedSignal) -> float:
    """Share of a piece's samples that are at the signal's rails."""
    n_known = max(int(np.count_nonzero(~np.isnan(piece))), 1)
    return sum(int(np.count_nonzero(piece == rail)) for rail in signal.rails if rail is not None) / n_known


def _why_none(onset: Onset, signal: CheckedSignal, outlook: Outlook, rules: JudgementRules) -> Reason:
    """Say why no onset was found: what hides one, or else that the muscle stays at rest, with the best SNR."""
    searched = slice(*outlook.search)
    lost_s = longest_run(np.isnan(signal.raw[searched])) / signal.rate_hz
    if lost_s > rules.gap_max_s:
        return Reason(ReasonCode.SAMPLES_LOST, lost_s, rules.gap_max_s, "s")
    if signal.flat[searched].any():
        return Reason(ReasonCode.FLAT_LINE, longest_run(signal.flat[searched]) / signal.rate_hz, 0.0, "s")
    clipped = clipped_share(signal.raw[searched], signal)
    if clipped > rules.clip_max:
        return Reason(ReasonCode.CLIPPING, clipped, rules.clip_max, "share")
    lost = float(np.mean(signal.lost[searched]))
    if lost > LOST_MAX:
        return Reason(ReasonCode.SAMPLES_MISSING, lost, LOST_MAX, "share")
    if outlook.doubt is not None:
        return outlook.doubt
    return Reason(ReasonCode.NO_ACTIVITY, onset.snr_db, None, "dB")
