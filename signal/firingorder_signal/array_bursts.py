"""Every burst of one whole array, with what is wrong with each of them and with the signal as a whole."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from .array_onset import LOST_MAX, LOUDER, clipped_share, doubt_rest, flat_near
from .burst_spans import BIN_S, PowerBins
from .bursts import LEAST_SNR_DB, MERGE_S, Burst, filter_in_chunks, find_bursts
from .filters import BandDesign
from .inputs import CheckedSignal
from .quality import assess
from .results import Onset, Reason, ReasonCode
from .rules import JudgementRules
from .runs import longest_run

#: Rest of a recording without bursts: this quantile of its 100 ms powers, as the alarm has it.
REST_QUANTILE = 0.2
#: A recording this loud from its first sample on, seconds, begins within a burst: a heartbeat is over sooner.
BEGUN_S = 0.1
#: Hum is looked for in this much of a recording, from its beginning, seconds.
HUM_S = 20.0


class BurstList(list[Burst]):
    """Bursts in order of time.

    Attributes
    ----------
    reason
        Why there are none; None where there are.
    cautions
        What was noticed about the signal as a whole; `NO_BASELINE` where it begins within a burst, which is not listed.
    """

    def __init__(
        self, bursts: Iterable[Burst], reason: Reason | None = None, cautions: tuple[Reason, ...] = ()
    ) -> None:
        super().__init__(bursts)
        self.reason = reason
        self.cautions = cautions


def find_array_bursts(signal: CheckedSignal, rules: JudgementRules) -> BurstList:
    """Find every burst of a checked channel; levels in the unit given.

    Returns
    -------
    BurstList
        A burst whose onset or end lies beside a gap or a flat line, or that clips, says so in `onset.reason` and
        `offset.reason`; one with a gap in it, which may be two, in `onset.cautions`.
    """
    if signal.refusal is not None:
        return BurstList((), signal.refusal)
    found = find_bursts(signal.raw, signal.rate_hz, rules)
    if not found:
        return BurstList((), _why_none(signal, rules), signal.noted)
    begun = _begun_before(found[0], signal, rules)
    noted = signal.noted if begun is None else (*signal.noted, begun)
    return BurstList((_judge(burst, signal, rules) for burst in found), None, noted)


def _begun_before(first: Burst, signal: CheckedSignal, rules: JudgementRules) -> Reason | None:
    """Say so where a recording begins within a burst: that one has no beginning and is not among those found."""
    start_s, rest_uv = first.onset.time_s, first.onset.rest_uv
    if start_s is None or rest_uv is None or start_s < BEGUN_S:
        return None
    rows = signal.raw[: round(min(start_s, rules.baseline_s) * signal.rate_hz)]
    smooth = PowerBins(filter_in_chunks(rows, BandDesign(signal.rate_hz, rules.band_hz)), signal.rate_hz).smooth
    is_loud = smooth[: round(BEGUN_S / BIN_S)] > LOUDER * rest_uv**2
    return Reason(ReasonCode.NO_BASELINE, 0.0, rules.baseline_s, "s") if is_loud.all() else None


def _judge(burst: Burst, signal: CheckedSignal, rules: JudgementRules) -> Burst:
    """Say what is wrong with a burst."""
    stop_s = signal.duration_s if burst.noticed_end_s is None else burst.noticed_end_s
    start_s = burst.onset.time_s if burst.onset.time_s is not None else stop_s
    piece = signal.raw[round(max(start_s, 0.0) * signal.rate_hz) : round(stop_s * signal.rate_hz)]
    clipped = clipped_share(piece, signal)
    clips = Reason(ReasonCode.CLIPPING, clipped, rules.clip_max, "share") if clipped > rules.clip_max else None
    onset = _told(burst.onset, burst.onset.time_s, clips, signal, rules)
    offset = None if burst.offset is None else _told(burst.offset, burst.offset_s, clips, signal, rules)
    lost_s = longest_run(np.isnan(piece)) / signal.rate_hz
    if lost_s > MERGE_S:  # long enough for a pause, and so for two bursts
        within = Reason(ReasonCode.SAMPLES_MISSING, lost_s, MERGE_S, "s")
        onset = replace(onset, cautions=(*onset.cautions, within))
    return replace(burst, onset=onset, offset=offset)


def _told(
    onset: Onset, around_s: float | None, clips: Reason | None, signal: CheckedSignal, rules: JudgementRules
) -> Onset:
    """Write a beginning or an end in the unit given, with what forbids relying on it."""
    reason = onset.reason or clips
    if onset.time_s is None and reason is None:  # an end that was noticed, and by this much
        reason = Reason(ReasonCode.LOW_SNR, onset.snr_db, LEAST_SNR_DB, "dB")
    if around_s is not None:
        row, reach = round(around_s * signal.rate_hz), round(rules.gap_window_s * signal.rate_hz)
        lost_s = longest_run(np.isnan(signal.raw[max(row - reach, 0) : row + reach])) / signal.rate_hz
        if lost_s > rules.gap_max_s:
            reason = Reason(ReasonCode.SAMPLES_LOST, lost_s, rules.gap_max_s, "s")
        elif reason is None and signal.flat[max(row - reach, 0) : row + reach].any():
            reason = flat_near(slice(max(row - reach, 0), row + reach), signal)
        elif reason is None and signal.lost[max(row - reach, 0) : row + reach].any():
            lost = float(np.mean(signal.lost[max(row - reach, 0) : row + reach]))
            reason = Reason(ReasonCode.SAMPLES_LOST, lost, LOST_MAX, "share") if lost > LOST_MAX else None
    return replace(
        onset,
        rest_uv=None if onset.rest_uv is None else onset.rest_uv * signal.scale,
        active_uv=None if onset.active_uv is None else onset.active_uv * signal.scale,
        reason=reason,
    )


def _why_none(signal: CheckedSignal, rules: JudgementRules) -> Reason:
    """Say why no burst was found: the muscle never rises above its rest, by so much at best, or what hides it."""
    lost_s = longest_run(np.isnan(signal.raw)) / signal.rate_hz
    if lost_s > rules.gap_max_s:
        return Reason(ReasonCode.SAMPLES_LOST, lost_s, rules.gap_max_s, "s")
    if signal.flat.any():
        return Reason(ReasonCode.FLAT_LINE, longest_run(signal.flat) / signal.rate_hz, 0.0, "s")
    clipped = clipped_share(signal.raw, signal)
    if clipped > rules.clip_max:
        return Reason(ReasonCode.CLIPPING, clipped, rules.clip_max, "share")
    filtered = filter_in_chunks(signal.raw, BandDesign(signal.rate_hz, rules.band_hz))
    smooth = PowerBins(filtered, signal.rate_hz).smooth
    rest, peak = float(np.quantile(smooth, REST_QUANTILE)), float(np.max(smooth))
    snr_db = 10.0 * float(np.log10(max(peak, 1e-300) / max(rest, 1e-300)))
    lost = float(np.mean(signal.lost))
    if lost > 0.0 and snr_db > LEAST_SNR_DB:  # something is there, and gaps hide it
        return Reason(ReasonCode.SAMPLES_MISSING, lost, 0.0, "share")
    begins_s = float(np.argmax(smooth > LOUDER * rest)) * BIN_S if snr_db > LEAST_SNR_DB else signal.duration_s
    if begins_s < rules.baseline_s:
        return Reason(ReasonCode.NO_BASELINE, begins_s, rules.baseline_s, "s")
    doubt = doubt_rest(filtered, rest, signal.rate_hz, rules)
    if doubt is not None:
        return doubt
    return _hum(signal, rules) or Reason(ReasonCode.NO_ACTIVITY, snr_db, None, "dB")


def _hum(signal: CheckedSignal, rules: JudgementRules) -> Reason | None:
    """Say so where mains hum is most of what the electrode hears: the alarm then waits for a burst that outdoes it."""
    mains = assess(signal.raw[: round(HUM_S * signal.rate_hz)], signal.rate_hz).mains
    if mains is None or mains <= rules.mains_max:
        return None
    return Reason(ReasonCode.MAINS_HUM, mains, rules.mains_max, "share")
