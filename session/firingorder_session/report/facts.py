"""Everything a report tells, before it is put into words: frozen records, made from an analysis and what was seen.

A report in another language, or of another form, is made of the same facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from firingorder_signal.blocks import Side, Site, StreamKind
from firingorder_signal.results import Lift, Reason, ReasonCode, SetResult, Verdict

from ..events.live_events import Origin
from ..judging.analysis import Analysis
from ..judging.visits import find_median_lift
from ..protocols.protocol_plan import Protocol
from ..recordings.recording import Recording
from ..setting_up.channel_names import name_channels
from .lift_pictures import ChannelCount, LiftPicture, LiftPictures
from .methods import Json, describe_methods
from .trend import Trend


@dataclass(frozen=True)
class ElectrodeFacts:
    """One electrode over the whole recording.

    Attributes
    ----------
    rest_uv, snr_db
        Medians over the lifts in which they were measured; None where they were in none.
    lost
        Share of samples that did not arrive, 0..1; None where none was counted.
    noted
        What was noticed, each with in how many lifts, most frequent first.
    """

    site: Site
    rest_uv: float | None
    snr_db: float | None
    lost: float | None
    noted: tuple[tuple[Reason, int], ...]


@dataclass(frozen=True)
class ReportFacts:
    """What one report tells.

    Attributes
    ----------
    pictures
        The lift nearest to the median of each side; of a side without a median, its first counted lift, or its first.
    methods
        `methods.json`.
    channel_names
        The EMG channels, where no muscle was named; empty otherwise.
    trend
        What is known of earlier visits; None without a history.
    """

    analysis: Analysis
    protocol: Protocol
    simulated: bool
    pictures: Mapping[Side, LiftPicture]
    electrodes: tuple[ElectrodeFacts, ...]
    methods: Json
    channel_names: tuple[str, ...] = ()
    trend: Trend | None = None

    @property
    def gives_range_alone(self) -> bool:
        """Whether the test asks for too few lifts to judge an order: it is one of how far the hip goes."""
        return self.protocol.hold is None and self.protocol.rules.lifts_wanted < self.protocol.rules.lifts_min

    @property
    def told_sets(self) -> tuple[SetResult, ...]:
        """The sets to be told: with lifts, or of a test that has nothing else to tell."""
        with_lifts = tuple(result for result in self.analysis.sets if result.lifts)
        return with_lifts if with_lifts or self.protocol.hold is not None else self.analysis.sets


def gather_facts(
    recording: Recording, analysis: Analysis, protocol: Protocol, seen: LiftPictures, trend: Trend | None = None
) -> ReportFacts:
    """Gather what a report tells.

    Parameters
    ----------
    seen
        What was kept of the recording while it was analysed.
    """
    pictures = {
        result.side: picture
        for result in analysis.sets
        if (picture := choose_picture(result, seen.pictures)) is not None
    }
    return ReportFacts(
        analysis,
        protocol,
        recording.info.origin is Origin.SIMULATED,
        pictures,
        tuple(electrode_facts(recording, analysis, seen.channels)),
        describe_methods(recording, analysis, protocol, seen.channels),
        tuple(each.name for each in name_channels(recording.streams)) if analysis.unnamed else (),
        trend,
    )


def choose_picture(result: SetResult, pictures: Mapping[tuple[Side, int], LiftPicture]) -> LiftPicture | None:
    """Choose the lift that stands for a set."""
    own = [lift for lift in result.lifts if (lift.side, lift.number) in pictures]
    middle = find_median_lift(result)
    ways = (
        [middle] if middle else [],
        [lift for lift in own if is_counted(lift)],
        [lift for lift in own if lift.lag],
        own,
    )
    chosen = next((lift for way in ways for lift in way if lift in own), None)
    return pictures[chosen.side, chosen.number] if chosen is not None else None


def is_counted(lift: Lift) -> bool:
    """Whether a lift entered its set's verdict."""
    return bool(lift.valid) and lift.verdict is not Verdict.NOT_JUDGED


def electrode_facts(
    recording: Recording, analysis: Analysis, channels: Mapping[str, Sequence[ChannelCount]]
) -> list[ElectrodeFacts]:
    """Sum up each EMG channel."""
    lifts = [lift for result in analysis.sets for lift in result.lifts]
    facts: list[ElectrodeFacts] = []
    for stream in recording.streams:
        counts = channels.get(stream.stream_id, ())
        for channel, site in enumerate(stream.sites if stream.kind is StreamKind.EMG else ()):
            count = counts[channel] if channel < len(counts) else ChannelCount()
            facts.append(_electrode(site, lifts, count))
    return facts


def _electrode(site: Site, lifts: Sequence[Lift], count: ChannelCount) -> ElectrodeFacts:
    """Sum up one electrode."""
    onsets = [lift.onsets[site] for lift in lifts if site in lift.onsets]
    rest = [onset.rest_uv for onset in onsets if onset.rest_uv is not None]
    snr = [onset.snr_db for onset in onsets if onset.snr_db is not None]
    noted: dict[ReasonCode, list[Reason]] = {}
    for lift in lifts:
        for reason in _reasons_of(site, lift):
            noted.setdefault(reason.code, []).append(reason)
    by_count = sorted(noted.values(), key=len, reverse=True)
    return ElectrodeFacts(
        site,
        median(rest) if rest else None,
        median(snr) if snr else None,
        count.n_lost / count.n_samples if count.n_samples else None,
        tuple((reasons[0], len(reasons)) for reasons in by_count),
    )


def _reasons_of(site: Site, lift: Lift) -> list[Reason]:
    """List what was noticed of an electrode in a lift, each kind once; that a threshold differs is no trouble of it."""
    onset = lift.onsets.get(site)
    found = [*(onset.cautions if onset else ()), *([onset.reason] if onset and onset.reason else [])]
    lag = lift.lag
    found += [reason for reason in (*(lag.cautions if lag else ()), lag.reason if lag else None) if reason is not None]
    own = {reason.code: reason for reason in found if reason.site == site}
    return [reason for code, reason in own.items() if code not in (ReasonCode.METHODS_DISAGREE, ReasonCode.NO_ACTIVITY)]
