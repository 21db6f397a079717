"""Every burst of one whole array, with what is wrong with each of them and with the signal as a whole."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from .array_onset import LOST_MAX, LOUDER, clipped_share
from .burst_spans import BIN_S, PowerBins
from .bursts import LEAST_SNR_DB, Burst, filter_in_chunks, find_bursts
from .filters import BandDesign
from .inputs import CheckedSignal
from .results import Onset, Reason, ReasonCode
from .rules import JudgementRules
from .runs import longest_run

#: Rest of a recording without bursts: this quantile of its 100 ms powers, as the alarm has it.
REST_QUANTILE = 0.2


class BurstList(list[Burst]):
    """Bursts in order of time.

    Attributes
    ----------
    reason
        Why there are none; None where there are.
    cautions
        What was noticed about the signal as a whole.
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
        A burst whose onset or end lies beside a gap, or that clips, says so in `onset.reason` and `offset.reason`.
    """
    if signal.refusal is not None:
        return BurstList((), signal.refusal)
    found = find_bursts(signal.raw, signal.rate_hz, rules)
    if not found:
        return BurstList((), _why_none(signal, rules), signal.noted)
    return BurstList((_judge(burst, signal, rules) for burst in found), None, signal.noted)


def _judge(burst: Burst, signal: CheckedSignal, rules: JudgementRules) -> Burst:
    """Say what is wrong with a burst."""
    stop_s = signal.duration_s if burst.noticed_end_s is None else burst.noticed_end_s
    start_s = burst.onset.time_s if burst.onset.time_s is not None else stop_s
    piece = signal.raw[round(max(start_s, 0.0) * signal.rate_hz) : round(stop_s * signal.rate_hz)]
    clipped = clipped_share(piece, signal)
    clips = Reason(ReasonCode.CLIPPING, clipped, rules.clip_max, "share") if clipped > rules.clip_max else None
    onset = _told(burst.onset, burst.onset.time_s, clips, signal, rules)
    offset = None if burst.offset is None else _told(burst.offset, burst.offset_s, clips, signal, rules)
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
    return Reason(ReasonCode.NO_ACTIVITY, snr_db, None, "dB")
