"""Follow the effort of a test of holds or bridges: blocks and holds in, levels and summaries out. No clock, no thread.

What is said of a hold depends on its span and on the samples alone, never on when either became known, so that live,
replay and batch say the same. The first seconds of a hold, in which the muscle still tightens, count for the time in
the band and for nothing else. A muscle whose samples stay away longer than the pipeline would wait is left as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, sqrt

from firingorder_signal.blocks import UNKNOWN_PART, SampleBlock, Side, Site, StreamInfo, StreamKind
from firingorder_signal.effort import (
    BAR_S,
    HALF_WINDOW_S,
    Bar,
    EffortStage,
    EffortTrack,
    Level,
    OwnReference,
    ReferenceSource,
    ShareTrend,
    share_trend,
)
from firingorder_signal.events import LiftDismissed, LiftStarted, SetUpdated
from firingorder_signal.fatigue import Spectrum, judge_fatigue
from firingorder_signal.pipeline import LATE_S

from ..events.effort_events import EffortEvent, EffortLevel, HoldCourse, HoldSummary, MuscleHold, ShareFollowed
from ..events.hold_events import HoldEnded, HoldStarted
from ..protocols.protocol_plan import Protocol
from ..setting_up.references import Reference, ReferenceKind

#: A person answers a tone within half a second and has tightened another second later; of a short hold a third (J).
SETTLE_S, SETTLE_SHARE = 2.0, 1.0 / 3.0
#: How often the trend is told, seconds of signal.
TREND_EVERY_S = 0.5

SOURCES = {
    ReferenceKind.MAXIMUM: ReferenceSource.MAXIMUM,
    ReferenceKind.REFERENCE_LIFT: ReferenceSource.REFERENCE_LIFT,
}


@dataclass(frozen=True)
class _Span:
    """What is under way, a hold or a bridge: its sides, and from when its steady part is looked at."""

    sides: tuple[Side, ...]
    steady_s: float


@dataclass
class _Stream:
    """One EMG stream: its stage, and what of each channel is followed; None = a channel that is not."""

    info: StreamInfo
    stage: EffortStage
    tracks: tuple[EffortTrack | None, ...]


@dataclass
class EffortMeter:
    """Measure the effort of every named muscle.

    Attributes
    ----------
    target_percent
        Band to stay in; None where the test names none.
    references
        Measured before, by site; read when the test begins.
    summaries
        The holds so far.
    """

    target_percent: tuple[float, float] | None = None
    references: Mapping[Site, Reference] = field(default_factory=dict[Site, Reference])
    summaries: list[HoldSummary] = field(default_factory=list[HoldSummary])
    _streams: dict[str, _Stream] = field(default_factory=dict[str, _Stream])
    _tracks: dict[Site, EffortTrack] = field(default_factory=dict[Site, EffortTrack])
    _rates: dict[Site, float] = field(default_factory=dict[Site, float])
    _span: _Span | None = None
    _pending: list[HoldEnded] = field(default_factory=list[HoldEnded])
    _told_s: float = float("-inf")

    def begin(self, streams: Sequence[StreamInfo]) -> None:
        """Settle which streams take part; of two channels of one muscle the first counts."""
        for info in streams:
            if info.kind is not StreamKind.EMG:
                continue
            tracks = tuple(self._new_track(site, float(info.rate_hz)) for site in info.sites)
            self._streams[info.stream_id] = _Stream(info, EffortStage(float(info.rate_hz), len(info.sites)), tracks)

    def _new_track(self, site: Site, rate_hz: float) -> EffortTrack | None:
        """Begin to follow a muscle."""
        if site.part == UNKNOWN_PART or site in self._tracks:
            return None
        found = self.references.get(site)
        stored = OwnReference(found.rms_uv, SOURCES[found.kind]) if found is not None and found.rms_uv > 0.0 else None
        self._tracks[site], self._rates[site] = EffortTrack(stored), rate_hz
        return self._tracks[site]

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides whose glute is measured."""
        worn = {site.side for site in self._tracks if site.is_glute}
        return tuple(side for side in (Side.LEFT, Side.RIGHT) if side in worn)

    def follow(self, step: object) -> None:
        """Take note of a hold or a lift that began or ended; anything else is no matter here."""
        match step:
            case HoldStarted():
                settle_s = min(SETTLE_S, step.work_s * SETTLE_SHARE)
                self._span, self._told_s = _Span(sides_of(step.side), step.time_s + settle_s), step.time_s
            case HoldEnded():
                self._span = None
                self._pending.append(step)
            case LiftStarted():
                self._span, self._told_s = _Span((step.side,), step.time_s), step.time_s
            case SetUpdated() | LiftDismissed():
                self._span = None
            case _:
                pass

    def update(self, block: SampleBlock) -> list[EffortEvent]:
        """Take the next samples of one stream."""
        stream = self._streams.get(block.stream.stream_id)
        if stream is None:
            return []
        block = block.measurable()
        events: list[EffortEvent] = []
        for row in stream.stage.update(block.values, block.first_index):
            end_s = block.timebase.time_of(row.stop)
            for site, track, value in zip(stream.info.sites, stream.tracks, row.channels, strict=True):
                if track is None or value is None:
                    continue
                if isinstance(value, Spectrum):
                    track.add_spectrum(end_s - HALF_WINDOW_S, value)
                else:
                    events.append(_tell(site, track.add_bar(end_s, value)))
            if isinstance(row, Bar):
                events += self._follow_shares(end_s)
        return events + self._sum_up(finished=False)

    def finish(self) -> list[EffortEvent]:
        """End the data: sum up what waits."""
        return self._sum_up(finished=True)

    def _follow_shares(self, time_s: float) -> list[EffortEvent]:
        """Tell how the shares go in what is under way, now and then."""
        if self._span is None or time_s < self._told_s + TREND_EVERY_S:
            return []
        self._told_s = time_s
        known_s = min((track.known_s for track in self._tracks.values()), default=time_s)
        shares = self._shares(self._span.sides, self._span.steady_s, known_s)
        return [ShareFollowed(side, known_s, trend) for side, trend in shares]

    def _shares(self, sides: Sequence[Side], start_s: float, end_s: float) -> list[tuple[Side, ShareTrend]]:
        """Follow the shares of each side that has both muscles; the outer hamstring counts where both are measured."""
        found: list[tuple[Side, ShareTrend]] = []
        for side in sides:
            glutes = [site for site in self._tracks if site.is_glute and site.side is side]
            hamstrings = sorted(site for site in self._tracks if site.is_hamstring and site.side is side)
            if glutes and hamstrings:
                both = (self._tracks[site].levels_in(start_s, end_s) for site in (glutes[0], hamstrings[0]))
                trend = share_trend(*both)
                found += [(side, trend)] if trend is not None else []
        return found

    def _sum_up(self, *, finished: bool) -> list[EffortEvent]:
        """Sum up the holds of which all has come that will."""
        events: list[EffortEvent] = []
        known = [track.known_s for track in self._tracks.values()]
        while self._pending and known:
            end_s = self._pending[0].time_s
            if not finished and min(known) < end_s and max(known) < end_s + LATE_S:
                break
            self.summaries.append(self.summary(self._pending.pop(0)))
            events.append(self.summaries[-1])
        return events

    def summary(self, hold: HoldEnded) -> HoldSummary:
        """Sum a hold up."""
        steady_s = hold.start_s + min(SETTLE_S, (hold.time_s - hold.start_s) * SETTLE_SHARE)
        muscles = tuple(self._sum_muscle(site, hold, steady_s) for site in sorted(self._tracks))
        shares = self._shares(sides_of(hold.side), steady_s, hold.time_s)
        return HoldSummary(hold, muscles, tuple(shares), self.target_percent)

    def _sum_muscle(self, site: Site, hold: HoldEnded, steady_s: float) -> MuscleHold:
        """Sum up one muscle; its reference at the end of the hold holds for all of it."""
        track = self._tracks[site]
        levels, steady = track.levels_in(hold.start_s, hold.time_s), track.levels_in(steady_s, hold.time_s)
        reference = levels[-1].reference if levels else None
        rms_uv = sqrt(sum(level.rms_uv**2 for level in steady) / len(steady)) if steady else None
        spectra = track.spectra_in(steady_s, hold.time_s)
        n_windows = max(int((hold.time_s - steady_s) / HALF_WINDOW_S) - 1, 0)
        fatigue = judge_fatigue(
            [each.time_s - hold.start_s for each in spectra],
            [each.spectrum for each in spectra],
            hold.time_s - hold.start_s,
            self._rates[site],
            levels[-1].rest_uv if levels else None,
            site,
            # The grid is not the hold's: one window less may lie in it.
            max(n_windows, len(spectra)),
        )
        percent = 100.0 * rms_uv / reference.rms_uv if reference is not None and rms_uv is not None else None
        course = HoldCourse(
            tuple((level.time_s - hold.start_s, level.rms_uv) for level in levels),
            tuple((each.time_s - hold.start_s, each.spectrum.median_hz) for each in spectra),
        )
        return MuscleHold(site, rms_uv, percent, reference, self._in_band_s(levels, reference), fatigue, course)

    def _in_band_s(self, levels: Sequence[Level], reference: OwnReference | None) -> float | None:
        """Return how long the effort was in the band."""
        if reference is None or self.target_percent is None or not reference.is_measured:
            return None
        low, high = (percent / 100.0 * reference.rms_uv for percent in self.target_percent)
        return BAR_S * sum(low <= level.rms_uv <= high for level in levels)


def sides_of(side: Side) -> tuple[Side, ...]:
    """Return the sides that hold where a hold says `side`: all of them where it says MIDDLE."""
    return tuple(Side) if side is Side.MIDDLE else (side,)


def make_meter(protocol: Protocol, references: Mapping[Site, Reference]) -> EffortMeter | None:
    """Make what measures effort in holds and bridges; None where the test shows none."""
    target = protocol.hold.target_percent if protocol.hold else None
    return EffortMeter(target, references) if protocol.shows_effort else None


def _tell(site: Site, level: Level) -> EffortLevel:
    """Tell the view of a level."""
    return EffortLevel(site, level.time_s, None if isnan(level.rms_uv) else level.rms_uv, level.reference)
