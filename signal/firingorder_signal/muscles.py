"""Which streams and channels one side of the body is judged by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import hypot

from .blocks import HAMSTRINGS, Side, Site, StreamInfo, StreamKind, Timebase
from .doubts import GRACE_S
from .emg_stream import EmgStream
from .shocks import RATE_MIN_HZ, ShockStream
from .sync import PairSync, pair_sync

#: Muscles of the thigh; a knock on any other is felt best at the pelvis.
THIGH_PARTS = (*HAMSTRINGS, "rectus_femoris")


@dataclass(frozen=True)
class Muscles:
    """The EMG channels that belong to one side's test: the pair that is compared, and the others on the timeline.

    Attributes
    ----------
    streams
        Every EMG stream by its id; shared with the pipeline, which feeds them.
    shocks
        The same of the motion sensors that can feel a knock.
    """

    side: Side
    streams: Mapping[str, EmgStream] = field(repr=False)
    where: Mapping[Site, str] = field(default_factory=dict[Site, str])
    shocks: Mapping[str, ShockStream] = field(default_factory=dict[str, ShockStream], repr=False)

    @cached_property
    def hamstring(self) -> Site | None:
        """The hamstring compared: the lateral one where both are worn (Lewis & Sahrmann 2009 norms exist for both)."""
        return next((site for part in HAMSTRINGS if (site := self._own(part)) is not None), None)

    @cached_property
    def glute(self) -> Site | None:
        """The gluteus maximus of this side."""
        return self._own("gluteus_maximus")

    @cached_property
    def pair(self) -> tuple[Site, ...]:
        """Hamstring and glute, those that are measured."""
        return tuple(site for site in (self.hamstring, self.glute) if site is not None)

    def _own(self, part: str) -> Site | None:
        """Find a muscle by its part: this side's, else one whose side is not stated."""
        sites = (Site(part, self.side), Site(part))
        return next((site for site in sites if site in self.where), None)

    def stream_of(self, site: Site) -> EmgStream:
        """Return the stream a site is a channel of."""
        return self.streams[self.where[site]]

    def sensors_at(self, site: Site) -> tuple[ShockStream, ...]:
        """List the motion sensors that feel a knock on a muscle's electrode.

        The one in its own housing; where it has none, that on the thigh or the pelvis, whichever is nearer and worn.
        """
        housing = self.where[site].partition("/")[0]
        own = [sensor for sensor in self.shocks.values() if sensor.info.stream_id.partition("/")[0] == housing]
        if len(own) == 1:
            return tuple(own)
        parts = ("thigh", "pelvis") if site.part in THIGH_PARTS else ("pelvis", "thigh")
        for part in parts:
            near = [sensor for sensor in own or self.shocks.values() if sensor.info.sites[0].part == part]
            if near := [sensor for sensor in near if sensor.info.sites[0].side in (self.side, Side.MIDDLE)]:
                return tuple(near)
        return ()

    def without_sensors(self) -> "Muscles":
        """Return the same muscles with nothing that feels a knock."""
        return replace(self, shocks={})

    def known_until_s(self, horizon_s: float) -> float:
        """Return the time up to which every muscle is known, or will never be.

        Every one, not the pair alone: each muscle's onset is sought in the same samples however they arrived. The
        motion sensors may be a little behind.
        """
        felt_s = [sensor.known_until_s(horizon_s) + GRACE_S for sensor in self._sensors]
        return min([self._known_until_s(self._all_streams, horizon_s), *felt_s])

    def pair_known_until_s(self, horizon_s: float) -> float:
        """Return the time up to which hamstring and glute are known, or will never be."""
        return self._known_until_s(self._pair_streams, horizon_s)

    # What is asked after every block is found once: sites and sensors do not change.
    @cached_property
    def _sensors(self) -> tuple[ShockStream, ...]:
        """The motion sensors that feel a knock on any of the muscles."""
        found = {sensor.info.stream_id: sensor for site in self.where for sensor in self.sensors_at(site)}
        return tuple(found.values())

    @cached_property
    def _all_streams(self) -> tuple[EmgStream, ...]:
        """The streams of all muscles."""
        return self._streams_of(self.where)

    @cached_property
    def _pair_streams(self) -> tuple[EmgStream, ...]:
        """The streams of hamstring and glute."""
        return self._streams_of(self.pair)

    def _streams_of(self, sites: Iterable[Site]) -> tuple[EmgStream, ...]:
        """List the streams of some sites, each once."""
        return tuple(self.streams[stream_id] for stream_id in dict.fromkeys(self.where[site] for site in sites))

    @staticmethod
    def _known_until_s(streams: Iterable[EmgStream], horizon_s: float) -> float:
        """Return the time up to which some streams are known."""
        return min((stream.known_until_s(horizon_s) for stream in streams), default=horizon_s)

    def sync_uncertainty_s(self, around_s: float) -> float:
        """Return how well the pair's clocks agree around a time; on one clock, what its converters differ by.

        Two independent clocks' errors, and the constant that neither shows, add as squares.
        """
        sync = self.sync_at(around_s)
        if sync is None:
            return 0.0
        if len({self.stream_of(site).info.clock_id for site in self.pair}) == 1:
            return sync.constant_s
        return hypot(sync.constant_s, *(timebase.uncertainty_s for timebase in self._timebases(around_s)))

    def sync_at(self, around_s: float | None) -> PairSync | None:
        """Tell how the pair's clocks are related, around a time or as far as described; None without a pair."""
        if self.hamstring is None or self.glute is None:
            return None
        timebases = self._timebases(around_s) if around_s is not None else []
        hardware = len(timebases) == 2 and all(timebase.hardware for timebase in timebases)
        one, other = self.stream_of(self.hamstring), self.stream_of(self.glute)
        return pair_sync(one.info, other.info, hardware=hardware)

    def _timebases(self, around_s: float) -> list[Timebase]:
        """Return the pair's maps around a time; none before both have samples."""
        streams = [self.stream_of(site) for site in self.pair]
        if not all(stream.has_samples for stream in streams):
            return []
        return [stream.timebase_at(stream.index_of(around_s)) for stream in streams]


def choose_muscles(
    side: Side, streams: Mapping[str, EmgStream], shocks: Mapping[str, ShockStream] | None = None
) -> Muscles:
    """Collect a side's channels: its own muscles, unsided ones, and the back extensors of both sides.

    Of the motion sensors those that are fast enough for a knock.
    """
    where = {
        site: stream_id
        for stream_id, stream in streams.items()
        for site in stream.info.sites
        if site.side in (side, Side.MIDDLE) or site.part in ("erector_spinae", "multifidus")
    }
    fast = {stream_id: sensor for stream_id, sensor in (shocks or {}).items() if sensor.rate_hz >= RATE_MIN_HZ}
    return Muscles(side, streams, dict(sorted(where.items())), fast)


def find_sides(streams: Iterable[StreamInfo], wanted: Side | None) -> tuple[Side, ...]:
    """List the sides that have a hamstring or a glute channel; only `wanted` if one is asked for."""
    if wanted is not None:
        return (wanted,)
    sites = [site for stream in streams if stream.kind is StreamKind.EMG for site in stream.sites]
    sides = {site.side for site in sites if site.is_glute or site.is_hamstring}
    return tuple(side for side in (Side.LEFT, Side.RIGHT, Side.MIDDLE) if side in sides)
