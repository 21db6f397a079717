"""Every burst of a long recording, by the same machinery as a live stream: alarm, rest, onset.

A burst counts when it lasts and its onset can be located; heartbeats and single spikes are refused. The rest before
each burst is sought anew, so that gait, where the muscle is never quiet for long, is measured against its own pauses.
"""

from dataclasses import dataclass

import numpy as np

from .baseline import find_rest
from .blocks import FloatArray
from .emg import EmgParams, EmgStage
from .heartbeats import find_heartbeats
from .onset import locate_onset
from .posterior import NoOnset, OnsetPosterior
from .results import Onset, Reason
from .rules import JudgementRules

DEFAULT_RULES = JudgementRules()
#: A burst shorter than this is none (J: half a motor unit's interval at recruitment).
SHORTEST_BURST_S = 0.05
#: What looks like a heartbeat and is over within this time is one; an end becomes known 125 ms late. A burst that
#: goes on for longer began with a heartbeat, or in it.
HEARTBEAT_S = 0.4
#: Data used after the alarm, seconds: what a live verdict waits for as well.
AFTER_ALARM_S = 0.24
#: Where the onset is sought before the alarm, seconds: the slowest rise, 440 ms, is noticed half way.
BEFORE_ALARM_S = 0.5
#: The end is sought from this long before it was noticed, seconds, until this long after.
BEFORE_END_S, AFTER_END_S = 0.6, 0.1
#: The rest before a burst is sought within this time, and at the latest until this long before the alarm.
REST_WITHIN_S, REST_GUARD_S = 2.0, 0.06


@dataclass(frozen=True)
class Burst:
    """One burst.

    Attributes
    ----------
    onset
        As `detect_onset` gives it.
    offset_s
        When it ended; None when it goes on to the end of the recording.
    """

    onset: Onset
    offset_s: float | None

    @property
    def duration_s(self) -> float | None:
        """Seconds from onset to end; None when either is not known."""
        if self.offset_s is None or self.onset.time_s is None:
            return None
        return self.offset_s - self.onset.time_s


def find_bursts(raw_uv: FloatArray, rate_hz: float, rules: JudgementRules = DEFAULT_RULES) -> list[Burst]:
    """Find every burst of a channel.

    Parameters
    ----------
    raw_uv : shape (n_samples,), raw microvolts
        NaN = lost.

    Returns
    -------
    list of Burst
        In order of time.
    """
    params = EmgParams(band_hz=rules.band_hz, history_s=len(raw_uv) / rate_hz + 1.0)
    stage = EmgStage(rate_hz, 1, params)
    update = stage.update(raw_uv[:, np.newaxis], 0)
    filtered = update.filtered[:, 0]
    found: list[Burst] = []
    rest: tuple[int, int] | None = None
    pairs = _pairs(update.alarms)
    hearts = find_heartbeats(filtered, rate_hz, [on for on, _ in pairs])
    for (on, off), heart in zip(pairs, hearts, strict=True):
        if heart and off is not None and (off - on) / rate_hz < HEARTBEAT_S:
            continue
        floor = 0 if not found or found[-1].offset_s is None else round(found[-1].offset_s * rate_hz)
        rest = _rest_before(filtered, rate_hz, on, rules) or rest or _first_rest(filtered, rate_hz, rules)
        if rest is None:
            continue
        skip = round(HEARTBEAT_S / 2 * rate_hz) if heart else 0
        posterior = _locate(filtered, rate_hz, rest, on + skip, max(floor, on + skip // 2) if heart else floor)
        if isinstance(posterior, OnsetPosterior) and _is_long_enough(posterior, off, rate_hz):
            end = None if off is None else _locate_end(filtered, rate_hz, rest, off, rules)
            found.append(Burst(posterior.to_onset(), end))
    return found


def _pairs(alarms: list[tuple[int, int, bool]]) -> list[tuple[int, int | None]]:
    """Pair each beginning with its end."""
    on = [index for _, index, is_on in alarms if is_on]
    off: list[int | None] = [index for _, index, is_on in alarms if not is_on]
    return list(zip(on, off + [None] * (len(on) - len(off)), strict=True))


def _rest_before(filtered: FloatArray, rate_hz: float, on: int, rules: JudgementRules) -> tuple[int, int] | None:
    """Find the rest just before an alarm; None when there is none."""
    start = max(on - round((REST_WITHIN_S + REST_GUARD_S) * rate_hz), 0)
    rest = find_rest(filtered[start : max(on - round(REST_GUARD_S * rate_hz), start)], rate_hz, rules)
    return None if isinstance(rest, Reason) else (rest[0] + start, rest[1] + start)


def _first_rest(filtered: FloatArray, rate_hz: float, rules: JudgementRules) -> tuple[int, int] | None:
    """Find the quietest rest of the first ten seconds: a recording may begin within a burst."""
    rest = find_rest(filtered[: round(10.0 * rate_hz)], rate_hz, rules)
    return None if isinstance(rest, Reason) else rest


def _locate(
    filtered: FloatArray, rate_hz: float, rest: tuple[int, int], on: int, floor: int
) -> OnsetPosterior | NoOnset:
    """Locate the onset of the burst that raised an alarm at row `on`, not before row `floor`."""
    search = max(on - round(BEFORE_ALARM_S * rate_hz), floor), min(on + round(AFTER_ALARM_S * rate_hz), len(filtered))
    if search[0] >= search[1]:
        return NoOnset()
    start = min(rest[0], search[0])
    rows = filtered[start : max(rest[1], search[1])]
    posterior = locate_onset(rows, rate_hz, (rest[0] - start, rest[1] - start), (search[0] - start, search[1] - start))
    return posterior.shifted(start / rate_hz) if isinstance(posterior, OnsetPosterior) else posterior


def _locate_end(filtered: FloatArray, rate_hz: float, rest: tuple[int, int], off: int, rules: JudgementRules) -> float:
    """Locate the end of a burst that was noticed at row `off`: the onset of the burst read backwards.

    The rest is the one after the burst where there is one, else the one before it. Where nothing can be located, the
    end is when it was noticed.
    """
    stop = min(off + round(REST_WITHIN_S * rate_hz), len(filtered))
    after = find_rest(filtered[off:stop], rate_hz, rules)
    quiet = rest if isinstance(after, Reason) else (off + after[0], off + after[1])
    first, last = off - round(BEFORE_END_S * rate_hz), min(off + round(AFTER_END_S * rate_hz), len(filtered))
    first = max(first, 0)
    start, stop = min(quiet[0], first), max(quiet[1], last)
    backwards = np.ascontiguousarray(filtered[start:stop][::-1])
    n = stop - start
    found = locate_onset(backwards, rate_hz, (stop - quiet[1], stop - quiet[0]), (stop - last, min(stop - first, n)))
    if isinstance(found, NoOnset):
        return off / rate_hz
    return min((stop - 1) / rate_hz - found.median_s, off / rate_hz)


def _is_long_enough(posterior: OnsetPosterior, off: int | None, rate_hz: float) -> bool:
    """Say whether a burst lasts."""
    return off is None or off / rate_hz - posterior.median_s >= SHORTEST_BURST_S
