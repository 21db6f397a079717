"""Every burst of a long recording, by the same machinery as a live stream: alarm, rest, onset; and its end.

A burst counts when it lasts and its onset can be located; heartbeats are taken out beforehand, and what stays below a
twentieth of the bursts around it is no burst. The rest before each burst is sought anew, so that gait, where the
muscle is never quiet for long, is measured against its own pauses. An end is an onset of the signal read backwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from .alarm import BurstAlarm
from .baseline import find_rest
from .blocks import FloatArray
from .burst_spans import PowerBins, Span
from .filters import BandDesign, CausalBand
from .heartbeats import IntArray, find_heartbeats, quieten_heartbeats, subtract_heartbeats
from .onset import OnsetParams, locate_onset
from .posterior import NoOnset, OnsetPosterior
from .results import Onset, Reason
from .rules import JudgementRules
from .splice import locate_from_rest
from .strength import snr_db_of

DEFAULT_RULES = JudgementRules()
#: A burst shorter than this is none (J: half a motor unit's interval at recruitment).
SHORTEST_BURST_S = 0.05
#: Pauses shorter than this are none (J, with the shortest burst).
MERGE_S = 0.03
#: The strongest 100 ms of a burst are this far above rest: below it every second onset is missed (`docs/onset.md`).
LEAST_SNR_DB = 6.0
#: A burst reaches this share of the amplitude of those around it: in gait, 5 % of a maximal effort counts as the least
#: activity of meaning (Perry & Burnfield 2010). "Those around it" is the third strongest within a minute on either
#: side, the memory of the alarm's rest level: two pulled cables do not hide a muscle.
SHARE_OF_STRONG, STRONG_RANK, STRONG_WITHIN_S = 0.05, 3, 60.0
#: Data used after the alarm, seconds: what a live verdict waits for as well; and where that does not show a burst that
#: goes on for longer, because it begins with single potentials.
AFTER_ALARM_S, LATER_S = 0.24, 0.6
#: Where the onset is sought before the alarm, seconds: the slowest rise, 440 ms, is noticed half way.
BEFORE_ALARM_S = 0.5
#: The end is sought from this long before it was noticed, seconds, until this long after.
BEFORE_END_S, AFTER_END_S = 0.6, 0.1
#: The rest before a burst is sought within this time, and at the latest until this long before the alarm.
REST_WITHIN_S, REST_GUARD_S = 2.0, 0.06
#: A rest this much louder than the one before, and this close to the burst's peak, is no rest but a weak contraction.
LOUDER, ABOVE_REST = 4.0, 10.0
#: The band-pass settles within this time after its first sample: four time constants of 20 Hz, fourth order.
SETTLE_S = 0.05
#: What follows a burst below this share of its amplitude, without 100 ms within 6 dB of rest between them, is its tail.
TAIL_SHARE, TAIL_ABOVE = 0.25, 4.0
#: How a burst's onset is located.
LOCATE = partial(locate_onset, params=OnsetParams(faint=False))
#: Rows worked on at a time: what is needed beside the signal stays below 30 MB.
CHUNK_ROWS = 200_000


@dataclass(frozen=True)
class Burst:
    """One burst.

    Attributes
    ----------
    onset
        As `detect_onset` gives it.
    offset
        Its end, in the same terms: the median and the interval of when it ended, the SNR over the rest that follows,
        the time of the fall as `rise_s`. None when it goes on to the end of the recording. `time_s` is None, with the
        reason, where it could only be noticed (`noticed_end_s`) and not located.
    noticed_end_s
        When it was noticed that it had ended; None when it goes on.
    """

    onset: Onset
    offset: Onset | None = None
    noticed_end_s: float | None = None

    @property
    def active_uv(self) -> float:
        """RMS of its strongest 100 ms."""
        return self.onset.active_uv if self.onset.active_uv is not None else 0.0

    @property
    def offset_s(self) -> float | None:
        """When it ended, as well as is known; None when it goes on to the end of the recording."""
        if self.offset is None or self.offset.time_s is None:
            return self.noticed_end_s
        return self.offset.time_s

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

    Notes
    -----
    Memory: two arrays of the input's length, and some 30 MB.
    """
    design = BandDesign(rate_hz, rules.band_hz)
    filtered = filter_in_chunks(raw_uv, design)
    beats = find_heartbeats(filtered, rate_hz)
    if len(beats):
        raw_uv = subtract_heartbeats(raw_uv, rate_hz, beats)
        filtered = filter_in_chunks(raw_uv, design)
        quieten_heartbeats(filtered, rate_hz, beats)
    finder = _Finder(raw_uv, filtered, beats, design, rules)
    found: list[Burst] = []
    for alarm in _alarms(filtered, rate_hz):
        for span in finder.split(alarm):
            burst = finder.examine(span, found[-1].offset_s if found else None)
            if burst is None:
                continue
            if found and finder.continues(found[-1], burst):
                found[-1] = _joined(found[-1], burst)
            else:
                found.append(burst)
    return _without_faint(found)


def filter_in_chunks(raw_uv: FloatArray, design: BandDesign) -> FloatArray:
    """Band-pass a whole channel, shape (n_samples,), with little memory beside the result."""
    band = CausalBand(design, 1)
    out = np.empty(len(raw_uv))
    for start in range(0, len(raw_uv), CHUNK_ROWS):
        out[start : start + CHUNK_ROWS] = band.update(raw_uv[start : start + CHUNK_ROWS, np.newaxis])[:, 0]
    return out


def _alarms(filtered: FloatArray, rate_hz: float) -> Iterator[Span]:
    """Rows at which each burst was noticed to begin and to end; None for one that goes on."""
    alarm = BurstAlarm(rate_hz, 1)
    on: int | None = None
    for start in range(0, len(filtered), CHUNK_ROWS):
        for event in alarm.update(filtered[start : start + CHUNK_ROWS, np.newaxis], start):
            if event.on:
                on = event.index
            elif on is not None:
                yield Span(on, event.index)
                on = None
    if on is not None:
        yield Span(on, None)


def _joined(before: Burst, burst: Burst) -> Burst:
    """Join a burst to what it goes on from, unless that was too faint to be its beginning."""
    strength = before.active_uv, burst.active_uv
    if strength[0] < SHARE_OF_STRONG * strength[1]:
        return burst
    return replace(burst, onset=_with_active(before.onset, max(strength)))


def _with_active(onset: Onset, active_uv: float) -> Onset:
    """Measure the SNR of an onset over the whole of its burst."""
    rest_uv = onset.rest_uv if onset.rest_uv is not None else 0.0
    return replace(onset, snr_db=snr_db_of(active_uv, rest_uv), active_uv=active_uv)


def _without_faint(bursts: list[Burst]) -> list[Burst]:
    """Leave out bursts far weaker than those around them."""
    time_s = np.array([burst.onset.time_s for burst in bursts], dtype=np.float64)
    active = np.array([burst.active_uv for burst in bursts], dtype=np.float64)
    first = np.searchsorted(time_s, time_s - STRONG_WITHIN_S)
    last = np.searchsorted(time_s, time_s + STRONG_WITHIN_S, side="right")
    kept: list[Burst] = []
    for burst, start, stop, own in zip(bursts, first, last, active, strict=True):
        strong = np.sort(active[start:stop])[-min(STRONG_RANK, stop - start)]
        if own >= SHARE_OF_STRONG * strong:
            kept.append(burst)
    return kept


class _Finder:
    """Examine the bursts of one channel, each in its own surroundings."""

    def __init__(
        self, raw: FloatArray, filtered: FloatArray, beats: IntArray, design: BandDesign, rules: JudgementRules
    ) -> None:
        self._raw, self._filtered, self._beats = raw, filtered, beats
        self._bins = PowerBins(filtered, design.rate_hz)
        self._design, self._rate_hz, self._rules = design, design.rate_hz, rules
        self._rest: tuple[int, int] | None = None

    def split(self, alarm: Span) -> list[Span]:
        """Cut an alarm into the bursts it holds."""
        rest = self._rest_before(alarm.on) or self._rest or self._first_rest()
        return self._bins.split(alarm, None if rest is None else self._level(rest))

    def examine(self, span: Span, previous_end_s: float | None) -> Burst | None:
        """Locate the beginning and the end of a burst; None when it is none."""
        stop = len(self._filtered) if span.off is None else span.off
        peak = self._bins.peak(span.on, stop)
        on = self._bins.first_above(SHARE_OF_STRONG**2 * peak, span.on, stop)
        floor = 0 if previous_end_s is None else round(previous_end_s * self._rate_hz)
        self._rest = self._choose_rest(self._rest_before(on, floor), peak) or self._first_rest()
        if self._rest is None:
            return None
        posterior = self._locate(self._rest, on, floor, AFTER_ALARM_S)
        if isinstance(posterior, NoOnset) and stop - on > self._rows(AFTER_ALARM_S):
            posterior = self._locate(self._rest, on, floor, LATER_S)
        if isinstance(posterior, NoOnset):
            return None
        onset = _with_active(posterior.to_onset(), max(float(np.sqrt(peak)), posterior.active_uv))
        if onset.snr_db is None or onset.snr_db < LEAST_SNR_DB:
            return None
        if span.off is None:  # confirmed as a live one is, or not yet a burst
            return Burst(onset) if stop - on >= self._rows(AFTER_ALARM_S) else None
        if span.off / self._rate_hz - posterior.median_s < SHORTEST_BURST_S:
            return None
        return Burst(onset, self._locate_end(span.off, posterior.median_s, peak), span.off / self._rate_hz)

    def continues(self, before: Burst, burst: Burst) -> bool:
        """Say whether a burst only goes on: after a pause that is none, or as the tail of a stronger one."""
        if before.offset_s is None or burst.onset.time_s is None:
            return True
        if burst.onset.time_s - before.offset_s < MERGE_S:
            return True
        if burst.active_uv > TAIL_SHARE * before.active_uv or before.onset.rest_uv is None:
            return False
        quietest = self._bins.quietest(self._rows(before.offset_s), self._rows(burst.onset.time_s))
        return quietest > TAIL_ABOVE * before.onset.rest_uv**2

    def _level(self, rest: tuple[int, int]) -> float:
        """Power of a rest."""
        return float(np.nanmean(self._filtered[slice(*rest)] ** 2))

    def _choose_rest(self, rest: tuple[int, int] | None, peak: float) -> tuple[int, int] | None:
        """Choose between the rest next to a burst and the last one known.

        Half a second of a weak, steady contraction looks like a rest too: what is louder than the rest known before
        must at least lie well below the burst.
        """
        if rest is None or self._rest is None:
            return rest or self._rest
        level = self._level(rest)
        return self._rest if level > max(LOUDER * self._level(self._rest), peak / ABOVE_REST) else rest

    def _rows(self, seconds: float) -> int:
        """Count the rows of a time."""
        return round(seconds * self._rate_hz)

    def _rest_before(self, on: int, floor: int = 0) -> tuple[int, int] | None:
        """Find the rest just before an alarm, after the burst that ended at `floor` where that is possible."""
        stop = max(on - self._rows(REST_GUARD_S), 0)
        earliest = max(stop - self._rows(REST_WITHIN_S), 0)
        for start in (max(floor, earliest), earliest):
            rest = find_rest(self._filtered[start : max(stop, start)], self._rate_hz, self._rules)
            if not isinstance(rest, Reason):
                return rest[0] + start, rest[1] + start
        return None

    def _first_rest(self) -> tuple[int, int] | None:
        """Find the quietest rest of the first ten seconds: a recording may begin within a burst."""
        rest = find_rest(self._filtered[: self._rows(10.0)], self._rate_hz, self._rules)
        return None if isinstance(rest, Reason) else rest

    def _locate(self, rest: tuple[int, int], on: int, floor: int, after_s: float) -> OnsetPosterior | NoOnset:
        """Locate the onset of the burst that raised an alarm at row `on`, not before row `floor`."""
        first = max(on - self._rows(BEFORE_ALARM_S), floor)
        last = min(on + self._rows(after_s), len(self._filtered))
        if first >= last:
            return NoOnset()
        found, start_s = locate_from_rest(LOCATE, self._filtered, self._rate_hz, rest, (first, last))
        return found.shifted(start_s) if isinstance(found, OnsetPosterior) else found

    def _locate_end(self, off: int, onset_s: float, peak: float) -> Onset:
        """Locate the end of a burst that was noticed at row `off`: the onset of the signal read backwards.

        The signal is filtered backwards too, so that the filter's delay falls on the burst and not on what follows
        it. The rest is the one after the burst where there is one, else the one before it, put behind it.
        """
        n = len(self._raw)
        first = min(max(off - self._rows(BEFORE_END_S), self._rows(onset_s), 0), off - 1)
        last = min(off + self._rows(AFTER_END_S), n)
        after = find_rest(self._filtered[off : min(off + self._rows(REST_WITHIN_S), n)], self._rate_hz, self._rules)
        found_rest = None if isinstance(after, Reason) else (off + after[0], off + after[1])
        rest = self._choose_rest(found_rest, peak)
        if rest is None:
            return Onset(None)
        settle = self._rows(SETTLE_S)
        start = min((max(rest[1], last) if rest == found_rest else last) + settle, n)
        rows = self._backwards(first, start)
        place = start - rest[1], start - rest[0]
        if rest != found_rest:
            rows, place = (
                np.concatenate([rows, self._backwards(*rest)]),
                (len(rows) + settle, len(rows) + rest[1] - rest[0]),
            )
        found, start_s = locate_from_rest(LOCATE, rows, self._rate_hz, place, (start - last, start - first))
        return _read_backwards(found.to_onset(start_s), (start - 1) / self._rate_hz)

    def _backwards(self, start: int, stop: int) -> FloatArray:
        """Filter rows in reverse; heartbeats are quietened as they are forwards."""
        rows = filter_in_chunks(np.ascontiguousarray(self._raw[start:stop][::-1]), self._design)
        near = self._beats[(self._beats >= start) & (self._beats < stop)]
        quieten_heartbeats(rows, self._rate_hz, stop - 1 - near[::-1])
        return rows


def _read_backwards(onset: Onset, last_s: float) -> Onset:
    """Turn the onset of a reversed signal, whose row 0 is at `last_s`, into the end it is."""
    if onset.time_s is None or onset.ci90_s is None:
        return onset
    return replace(
        onset,
        time_s=last_s - onset.time_s,
        ci90_s=(last_s - onset.ci90_s[1], last_s - onset.ci90_s[0]),
        reference_s=None if onset.reference_s is None else last_s - onset.reference_s,
        by_rise=tuple(replace(belief, time_s=last_s - belief.time_s) for belief in onset.by_rise),
    )
