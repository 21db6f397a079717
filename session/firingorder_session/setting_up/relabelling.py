"""Names that were exchanged while a test was set up: which site each channel has from then on, and in every analysis.

Recorded as one event, the whole of what holds; the last one wins. The raw frames keep what the sensors said of
themselves. What the caller of `read` states wins over both (`relabel.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from firingorder_bridge.events import BridgeEvent, Samples, StreamDescribed
from firingorder_signal.blocks import SampleBlock, Site, StreamInfo

from ..events.live_events import SensorChanged
from ..recordings.recording_writer import EventRow

#: Kind of the recorded event: `{"streams": {stream id: {"before": [sites], "after": [sites]}}}`.
RELABEL = "relabel"


@dataclass(frozen=True)
class Names:
    """What streams' channels are called, where that is not what their sensors say.

    Attributes
    ----------
    after, before
        Sites by stream id, as they hold and as the sensors say.
    """

    after: Mapping[str, tuple[Site, ...]] = field(default_factory=dict[str, tuple[Site, ...]])
    before: Mapping[str, tuple[Site, ...]] = field(default_factory=dict[str, tuple[Site, ...]])
    _made: dict[StreamInfo, StreamInfo] = field(default_factory=dict[StreamInfo, StreamInfo], compare=False, repr=False)

    def exchanged(self, streams: Iterable[StreamInfo], renamed: Mapping[Site, Site]) -> "Names":
        """Return the names after sites of some streams (as they are called now) got those of others."""
        before, after = dict(self.before), dict(self.after)
        for stream in streams:
            sites = tuple(renamed.get(site, site) for site in stream.sites)
            if sites != stream.sites:
                before.setdefault(stream.stream_id, stream.sites)
                after[stream.stream_id] = sites
        return Names(after, before)

    def stream(self, stream: StreamInfo) -> StreamInfo:
        """Return a stream with the names that hold."""
        sites = self.after.get(stream.stream_id)
        if sites is None or len(sites) != len(stream.sites):
            return stream
        if stream not in self._made:
            self._made[stream] = replace(stream, sites=sites)
        return self._made[stream]

    def block(self, block: SampleBlock) -> SampleBlock:
        """Return a block whose stream has the names that hold."""
        stream = self.stream(block.stream)
        return block if stream is block.stream else replace(block, stream=stream)

    def events(self, events: Sequence[BridgeEvent]) -> Sequence[BridgeEvent]:
        """Return what the bridge said, with the names that hold."""
        return [self._event(event) for event in events] if self.after else events

    def _event(self, event: BridgeEvent) -> BridgeEvent:
        match event:
            case StreamDescribed(stream):
                return StreamDescribed(self.stream(stream))
            case Samples(block):
                return Samples(self.block(block))
            case _:
                return event

    def sensor(self, event: SensorChanged) -> SensorChanged:
        """Return what is said of a sensor, with the names that hold."""
        own = {
            one: other
            for stream_id in self.after
            if stream_id.rpartition("/")[0] == event.uid
            for one, other in zip(self.before[stream_id], self.after[stream_id], strict=True)
        }
        silent = tuple(self.stream(stream) for stream in event.silent)
        return replace(event, sites=tuple(own.get(site, site) for site in event.sites), silent=silent) if own else event

    def to_json(self) -> dict[str, Any]:
        """Write it as the data of a recorded event."""
        return {
            "streams": {
                stream_id: {"before": list(map(str, self.before[stream_id])), "after": list(map(str, sites))}
                for stream_id, sites in self.after.items()
            }
        }


def names_of(events: Iterable[EventRow]) -> Names:
    """Read the names that hold from a recording's events."""
    data = next((event.data for event in reversed(list(events)) if event.kind == RELABEL), None)
    streams: Mapping[str, Any] = data["streams"] if data else {}
    read = {
        key: {stream_id: tuple(map(Site.parse, each[key])) for stream_id, each in streams.items()}
        for key in ("before", "after")
    }
    return Names(read["after"], read["before"])
